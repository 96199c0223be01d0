//! A server that says anything to a phone: over its socket, and as answers to its requests.

use crate::phone::{Phone, stored};
use kith_replica::{HttpAnswer, Input};

/// Pieces with a length (u16, little endian) before each. The first goes as the answer to the request that the phone
/// makes when it connects, the others come over the socket.
pub fn run(data: &[u8]) {
    let mut phone = Phone::open(stored());
    phone.tell(Input::Connect);
    let mut rest = data;
    for _ in 0..8 {
        let Some((length, behind)) = rest.split_first_chunk::<2>() else { break };
        let (bytes, next) = behind.split_at(usize::from(u16::from_le_bytes(*length)).min(behind.len()));
        rest = next;
        match phone.asked.take() {
            Some(id) => {
                let answer = HttpAnswer::Answered { status: 200, body: bytes.to_vec() };
                phone.tell(Input::HttpDone { id, answer });
                phone.tell(Input::SocketOpened);
            }
            None => phone.tell(Input::SocketReceived(bytes.to_vec())),
        }
    }
    phone.write();
    phone.tell(Input::SocketClosed);
    phone.tell(Input::Woke);
    drop(Phone::open(phone.kv));
}

pub fn seeds() -> Vec<Vec<u8>> {
    let length_first = |bytes: &[u8]| {
        let length = u16::try_from(bytes.len()).ok()?;
        Some([&length.to_le_bytes()[..], bytes].concat())
    };
    let pieces: Vec<Vec<u8>> =
        crate::vectors::bytes().iter().filter_map(|bytes| length_first(bytes)).collect();
    let mut seeds: Vec<Vec<u8>> = pieces.chunks(6).map(<[_]>::concat).collect();
    let token = kith_protocol::session::Token { token: vec![5; 32], expires: 1_780_000_900_000 }.encode();
    let opened = length_first(&token).unwrap();
    seeds.extend(pieces.iter().map(|piece| [&opened[..], piece].concat()));
    seeds
}
