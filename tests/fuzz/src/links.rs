//! What people paste: never more than a refusal, and what is a link prints as one that reads the same.

use kith_protocol::invite::InviteLink;
use kith_protocol::kit::Kit;
use kith_protocol::pairing::PairingLink;

pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(link) = InviteLink::parse(text) {
        let again = InviteLink::parse(&link.url()).unwrap();
        assert!(again == link, "a link that was printed reads otherwise");
    }
    if let Ok(link) = PairingLink::parse(text) {
        let again = PairingLink::parse(&link.url()).unwrap();
        assert!(again == link, "a pairing's link that was printed reads otherwise");
    }
    if let Ok(kit) = Kit::parse(text, "kith.example") {
        let again = Kit::parse(&kit.url(), "").unwrap();
        assert!(again == kit, "a kit that was printed reads otherwise");
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let links = crate::vectors::texts().into_iter().filter(|text| text.contains("://") || text.contains(' '));
    links.map(String::into_bytes).collect()
}
