//! A cursor over foreign bytes, and LEB128 in both directions.

use super::ChunkError;

/// What is left to read. No call reads past the end or allocates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], ChunkError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(ChunkError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], ChunkError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(ChunkError::Truncated)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, ChunkError> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// An unsigned number in its shortest form.
    pub(super) fn unsigned(&mut self) -> Result<u64, ChunkError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(ChunkError::Number);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 { Err(ChunkError::Number) } else { Ok(value) };
            }
        }
        Err(ChunkError::Number)
    }

    /// A signed number in its shortest form.
    pub(super) fn signed(&mut self) -> Result<i64, ChunkError> {
        let mut value = 0_i64;
        let mut before = 0_u8;
        for shift in (0..64_u32).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0;
                let overlong =
                    shift > 0 && ((byte == 0 && before & 0x40 == 0) || (byte == 0x7f && before & 0x40 != 0));
                if overlong || (shift == 63 && byte != 0 && byte != 0x7f) {
                    return Err(ChunkError::Number);
                }
                if negative && shift + 7 < 64 {
                    value |= -1 << (shift + 7);
                }
                return Ok(value);
            }
            before = byte;
        }
        Err(ChunkError::Number)
    }

    /// A number that counts things which are still to be read, each at least `least` bytes long.
    pub(super) fn count(&mut self, least: usize) -> Result<usize, ChunkError> {
        let count = usize::try_from(self.unsigned()?).map_err(|_| ChunkError::Number)?;
        if count > self.len() / least { Err(ChunkError::Truncated) } else { Ok(count) }
    }

    /// A length and so many bytes.
    pub(super) fn prefixed(&mut self) -> Result<&'a [u8], ChunkError> {
        let length = self.count(1)?;
        self.take(length)
    }
}

pub(super) fn put_unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

pub(super) fn put_signed(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for value in [0, 1, 63, 64, 127, 128, 300, u64::from(u32::MAX), u64::MAX - 1, u64::MAX] {
            let mut out = Vec::new();
            put_unsigned(&mut out, value);
            let mut bytes = Bytes::new(&out);
            assert_eq!((bytes.unsigned(), bytes.is_empty()), (Ok(value), true));
        }
        for value in [0, 1, -1, 63, 64, -64, -65, 8_191, -8_192, i64::MAX, i64::MIN, i64::MIN + 1] {
            let mut out = Vec::new();
            put_signed(&mut out, value);
            let mut bytes = Bytes::new(&out);
            assert_eq!((bytes.signed(), bytes.is_empty()), (Ok(value), true), "{value}");
        }
    }

    #[test]
    fn overlong_and_too_large_numbers_are_refused() {
        let eleven = [0x81; 11];
        for bytes in [&[0x81, 0][..], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2], &eleven] {
            assert_eq!(Bytes::new(bytes).unsigned(), Err(ChunkError::Number));
        }
        for bytes in [&[0xbf, 0][..], &[0x81, 0xff, 0x7f], &eleven] {
            assert_eq!(Bytes::new(bytes).signed(), Err(ChunkError::Number));
        }
        assert_eq!(Bytes::new(&[0x80]).unsigned(), Err(ChunkError::Truncated));
        assert_eq!(Bytes::new(&[0x80]).signed(), Err(ChunkError::Truncated));
    }
}
