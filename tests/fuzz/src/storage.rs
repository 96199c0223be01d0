//! Storage that was damaged, or written by somebody else: an app that opens it says so, or goes on.

use crate::phone::{Phone, stored};

/// The first byte names a key of the fixture, the rest takes the place of its value; a second such pair may follow
/// behind the separator.
pub fn run(data: &[u8]) {
    let mut kv = stored();
    let keys: Vec<Vec<u8>> = kv.keys().cloned().collect();
    for part in data.split(|byte| *byte == SEPARATOR).take(3) {
        let Some((which, value)) = part.split_first() else { continue };
        kv.insert(keys[usize::from(*which) % keys.len()].clone(), value.to_vec());
    }
    let mut phone = Phone::open(kv);
    phone.write();
    phone.tell(kith_replica::Input::Connect);
    phone.tell(kith_replica::Input::Woke);
    drop(Phone::open(phone.kv));
}

const SEPARATOR: u8 = 0xee;

pub fn seeds() -> Vec<Vec<u8>> {
    let values = (0..=u8::MAX).zip(stored().into_values());
    values.map(|(which, value)| [&[which], &value[..]].concat()).collect()
}
