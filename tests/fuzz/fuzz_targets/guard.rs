#![no_main]
//! See [`kith_fuzz::guard`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| kith_fuzz::guard::run(data));
