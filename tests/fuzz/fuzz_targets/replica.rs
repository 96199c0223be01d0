#![no_main]
//! See [`kith_fuzz::replica`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| kith_fuzz::replica::run(data));
