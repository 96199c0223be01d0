#![no_main]
//! See [`kith_fuzz::links`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| kith_fuzz::links::run(data));
