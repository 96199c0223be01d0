//! The web shell.
fn main() {}
