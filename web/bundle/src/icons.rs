//! Holds the sprite to the names that the core uses: an icon that is missing would be drawn as a dot.

use std::{collections::BTreeSet, fs, path::Path};

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, into);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&fs::read_to_string(entry).unwrap());
        }
    }
}

#[test]
fn every_icon_that_the_core_names_is_in_the_sprite() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let mut text = String::new();
    sources(&root.join("shared/src"), &mut text);
    sources(&root.join("shared/domain/src"), &mut text);
    let after = |mark: &str| {
        let names = text.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let named: BTreeSet<_> = after("icon: \"").into_iter().chain(after("icon(\"")).collect();
    let sprite = fs::read_to_string(root.join("web/icons.svg")).unwrap();
    let missing: Vec<_> = named.iter().filter(|name| !sprite.contains(&format!("id=\"i-{name}\""))).collect();
    assert!(named.len() > 10, "the core names its icons in another way now: {named:?}");
    assert!(missing.is_empty(), "not in web/icons.svg: {missing:?}");
}
