//! From a request's path to a file below the web folder, or to nothing. No request can name a file outside of it.

use std::path::{Component, Path, PathBuf};

/// The relative path that a decoded URL path names. `None` for anything that is not plain names: `..`, hidden files
/// (but for `.well-known`), backslashes, drive letters, control characters.
pub fn relative(url_path: &str) -> Option<PathBuf> {
    let decoded = percent_decode(url_path.trim_start_matches('/'))?;
    if decoded.contains(['\\', ':', '\0']) || decoded.chars().any(char::is_control) {
        return None;
    }
    let mut relative = PathBuf::new();
    for component in Path::new(&decoded).components() {
        match component {
            Component::Normal(name) => {
                let name = name.to_str()?;
                if name.starts_with('.') && name != ".well-known" {
                    return None;
                }
                relative.push(name);
            }
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(relative)
}

/// Whether the file's name carries a hash of its content (`name-<8 or more hex digits>.ext`, at least one of them a
/// number), so that what it names never changes.
pub fn is_hashed(relative: &Path) -> bool {
    let Some(name) = relative.file_name().and_then(|n| n.to_str()) else { return false };
    name.split(['-', '.', '_']).skip(1).any(|part| {
        part.len() >= 8
            && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && part.bytes().any(|b| b.is_ascii_digit())
    })
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |b: u8| char::from(b).to_digit(16);
            let value = digit(bytes.next()?)? * 16 + digit(bytes.next()?)?;
            decoded.push(u8::try_from(value).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_pass() {
        assert_eq!(relative("/app/kith.js"), Some("app/kith.js".into()));
        assert_eq!(relative("/.well-known/assetlinks.json"), Some(".well-known/assetlinks.json".into()));
        assert_eq!(relative("/a%20b.txt"), Some("a b.txt".into()));
        assert_eq!(relative("/"), Some(PathBuf::new()));
    }

    #[test]
    fn nothing_outside_can_be_named() {
        for path in [
            "/../secret",
            "/a/../../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
            "/a%5c..%5csecret",
            "/.git/config",
            "/.env",
            "/C:/x",
            "/a%00b",
            "/%ff",
            "/%2",
            "/%zz",
            "/a%0ab",
        ] {
            assert_eq!(relative(path), None, "{path}");
        }
        assert_eq!(relative("//etc/passwd"), Some("etc/passwd".into()), "always below the folder");
    }

    #[test]
    fn only_a_hash_makes_a_name_permanent() {
        for name in ["kith-3fa9b0c1.js", "kith_web-0123456789abcdef_bg.wasm", "app.1a2b3c4d5e.css"] {
            assert!(is_hashed(Path::new(name)), "{name}");
        }
        for name in [
            "index.html",
            "sw.js",
            "kith.js",
            "icon-192.png",
            "icon-maskable-512.png",
            "deadbeef.js",
            "x-facade.js",
        ] {
            assert!(!is_hashed(Path::new(name)), "{name}");
        }
    }
}
