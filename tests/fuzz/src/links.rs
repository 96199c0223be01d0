//! What people paste: never more than a refusal, and what is a link prints as one that reads the same.

use kith_protocol::invite::InviteLink;

pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(link) = InviteLink::parse(text) {
        let again = InviteLink::parse(&link.url()).unwrap();
        assert!(again == link, "a link that was printed reads otherwise");
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let links = crate::vectors::texts().into_iter().filter(|text| text.contains("://") || text.contains(' '));
    links.map(String::into_bytes).collect()
}
