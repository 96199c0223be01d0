//! The engine of one replica: one `async` function that waits for inputs and for storage, and for nothing else.

mod absent;
mod access;
mod apply;
mod arrive;
mod coming;
mod connect;
mod devices;
mod documents;
mod edit;
mod founding;
mod frames;
mod intent;
mod invited;
mod joining;
mod lane;
mod lose;
mod member;
mod network;
mod newcomer;
mod offering;
mod open;
mod proposal;
mod publish;
mod reading;
mod rebase;
mod refused;
mod restoring;
mod run;
mod save;
mod seal;
mod sheaf;
mod trouble;
mod wraps;

pub(crate) use run::{Surroundings, run};
