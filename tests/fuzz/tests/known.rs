//! The seeds, and what was found before, on every run of the tests.

use std::path::Path;

#[test]
fn what_was_found_before_stays_mended_and_seeds_do_no_harm() {
    let findings = Path::new(env!("CARGO_MANIFEST_DIR")).join("findings");
    for (name, run, seeds) in kith_fuzz::targets() {
        assert!(!seeds.is_empty(), "{name}");
        for seed in &seeds {
            run(seed);
        }
        let Ok(found) = std::fs::read_dir(findings.join(name)) else { continue };
        for file in found {
            run(&std::fs::read(file.unwrap().path()).unwrap());
        }
    }
}
