//! What the tests share: people with devices, a world around a store, PostgreSQL, the server as a process.

pub mod person;
pub mod postgres;
pub mod process;
pub mod stores;
pub mod world;

pub use person::Person;
pub use world::World;
