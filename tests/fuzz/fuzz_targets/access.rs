#![no_main]
//! See [`kith_fuzz::access`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| kith_fuzz::access::run(data));
