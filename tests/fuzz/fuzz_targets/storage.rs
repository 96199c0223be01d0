#![no_main]
//! See [`kith_fuzz::storage`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| kith_fuzz::storage::run(data));
