//! Two and three replicas and a host in memory: what people do, end to end, through the front door.

mod host;
mod real;
mod world;

mod alone;
mod faults;
mod members;
mod restarts;
mod together;
