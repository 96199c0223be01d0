//! What the tests share: people with devices, a world around a store, PostgreSQL, the server as a process.

pub mod person;
pub mod postgres;
pub mod process;
pub mod stores;
pub mod world;

pub use person::Person;
pub use world::World;

/// Bytes as hex digits.
pub fn hex_of(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
