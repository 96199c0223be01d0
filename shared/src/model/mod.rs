//! The state of the app and what each event does to it. Start with `state.rs`, then `dispatch.rs`.

mod asking;
mod dispatch;
mod forms;
mod inbox;
mod log;
mod membership;
mod navigation;
mod onboarding;
mod people;
mod reading;
mod replicas;
mod roster;
mod rows;
mod settings;
mod start;
mod state;
mod tasks;
mod values;
mod write;

pub use state::Model;

pub(crate) use forms::FormState;
pub(crate) use forms::FormSubject;
pub(crate) use log::WHEN;
pub(crate) use membership::{Membership, Opened};
pub(crate) use navigation::path_of_route;
pub(crate) use people::{invite_id, invite_name};
pub(crate) use roster::domain_role;
pub(crate) use rows::WINDOW;
pub(crate) use settings::Settings;
pub(crate) use state::{Blocked, TaskFilter};
