//! The boundary to the shells: an event or an answer that cannot be read is an error, and the core goes on.

use shared::CoreFfi;

/// Pieces with a length (u16, little endian) before each: every second one is an answer to the effect of its number.
pub fn run(data: &[u8]) {
    let core = CoreFfi::new();
    let mut rest = data;
    for at in 0..6_u32 {
        let Some((length, behind)) = rest.split_first_chunk::<2>() else { break };
        let (bytes, next) = behind.split_at(usize::from(u16::from_le_bytes(*length)).min(behind.len()));
        rest = next;
        if at % 2 == 0 {
            drop(core.update(bytes));
        } else {
            drop(core.resolve(at / 2, bytes));
        }
        assert!(core.view().is_ok(), "the view cannot be written any more");
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let started = [&12_u16.to_le_bytes()[..], &[0; 12]].concat();
    let kinds = (0..12_u8).map(|kind| [&8_u16.to_le_bytes()[..], &[kind, 0, 0, 0, 0, 0, 0, 0]].concat());
    kinds.map(|event| [&started[..], &event].concat()).collect()
}
