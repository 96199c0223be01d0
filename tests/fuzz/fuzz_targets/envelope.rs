#![no_main]
//! See [`kith_fuzz::envelope`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| kith_fuzz::envelope::run(data));
