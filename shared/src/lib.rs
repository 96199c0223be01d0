//! Where to start reading.
#![expect(unsafe_code, reason = "uniffi's scaffolding")]
uniffi::setup_scaffolding!();
