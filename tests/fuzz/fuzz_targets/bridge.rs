#![no_main]
//! See [`kith_fuzz::bridge`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| kith_fuzz::bridge::run(data));
