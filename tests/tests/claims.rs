//! Each promise in docs/security.md names tests; all of them exist.
#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_test_that_a_promise_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let table = page.split("## What the protocol promises").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ") && !line.contains("shown by"));
    let mut tests = BTreeSet::new();
    for crate_ in ["shared", "server", "tests"] {
        collect(&root.join(crate_), &mut tests);
    }
    let mut promises = 0;
    for row in rows {
        let named: Vec<&str> = row.rsplit('|').nth(1).unwrap().split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "nothing shows it: {row}");
        for name in named {
            assert!(tests.contains(name), "there is no test {name}: {row}");
        }
        promises += 1;
    }
    assert!(promises > 20, "{promises}");
}

/// Names of all functions; those of tests are sentences that nothing else is called.
fn collect(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let skipped = path.file_name().is_some_and(|name| name == "target" || name == "node_modules");
        if path.is_dir() && !skipped {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let names = text.split("fn ").skip(1).filter_map(|behind| behind.split(['(', '<']).next());
            into.extend(names.map(str::to_owned));
        }
    }
}
