#![no_main]
//! See [`kith_fuzz::messages`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| kith_fuzz::messages::run(data));
