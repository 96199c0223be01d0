//! Two and three replicas and a host in memory: what people do, end to end, through the front door.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::struct_excessive_bools,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test that meets what it does not expect has failed; helpers are called with what was just made"
)]

mod circle;
mod closing;
mod host;
mod phone;
mod real;
mod world;

mod alone;
mod devices;
mod faults;
mod fixtures;
mod kits;
mod lies;
mod members;
mod moving;
mod pairing;
mod restarts;
mod sent;
mod settings;
mod together;
mod waiting;
