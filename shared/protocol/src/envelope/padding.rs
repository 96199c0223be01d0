//! Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019): lengths tell
//! little, at most 12 % are added.

/// The padded length of `length` bytes.
pub fn padme(length: usize) -> usize {
    let Some(exponent) = length.checked_ilog2() else { return length };
    let kept_bits = exponent.checked_ilog2().map_or(0, |log| log + 1);
    let mask = (1usize << (exponent - kept_bits.min(exponent))) - 1;
    length.checked_add(mask).map_or(length, |sum| sum & !mask)
}

/// `length (u32 LE) content zeros`, Padmé long.
pub(super) fn pad(content: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(content.len()).ok()?;
    let mut padded = Vec::with_capacity(padme(content.len() + 4));
    padded.extend_from_slice(&length.to_le_bytes());
    padded.extend_from_slice(content);
    padded.resize(padme(padded.len()), 0);
    Some(padded)
}

/// The content, if the padding is exactly what [`pad`] adds.
pub(super) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (length, rest) = padded.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (content, zeros) = rest.split_at_checked(length)?;
    let exact = padme(length + 4) == padded.len() && zeros.iter().all(|byte| *byte == 0);
    exact.then_some(content)
}
