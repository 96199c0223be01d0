//! uniffi's own generator, at the version that the core was built with.

fn main() {
    uniffi::uniffi_bindgen_main();
}
