//! Somebody who reads everything that reaches the server or leaves it, and looks for words that people typed.

/// Every typed word begins with a stem, so one search finds them all.
#[derive(Clone, Debug, Default)]
pub struct Eavesdropper {
    stems: Vec<Vec<u8>>,
    heard: Vec<String>,
}

impl Eavesdropper {
    pub fn listening_for(stems: &[&str]) -> Self {
        Self { stems: stems.iter().map(|stem| stem.as_bytes().to_vec()).collect(), heard: Vec::new() }
    }

    pub fn listen(&mut self, place: &str, bytes: &[u8]) {
        for stem in &self.stems {
            if contains(bytes, stem) {
                self.heard.push(format!("{} in {place}", String::from_utf8_lossy(stem)));
            }
        }
    }

    /// What was overheard, and where.
    pub fn heard(&self) -> &[String] {
        &self.heard
    }
}

/// Whether `needle` stands somewhere in `bytes`. An empty needle stands nowhere.
pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else { return false };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = &rest[at..];
        if rest.starts_with(needle) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_wherever_it_stands_and_nothing_else_is() {
        assert!(contains(b"xxabc", b"abc") && contains(b"abcx", b"abc") && contains(b"aabc", b"abc"));
        assert!(!contains(b"abab", b"abc") && !contains(b"", b"a") && !contains(b"a", b""));
        let mut spy = Eavesdropper::listening_for(&["typed"]);
        spy.listen("a body", b"\x01typed\x02");
        assert_eq!(spy.heard(), ["typed in a body"]);
    }
}
