//! The state of the app and what each event does to it. Start with `state.rs`, then `dispatch.rs`.

mod asking;
mod closing;
mod devices;
mod dispatch;
mod erase;
mod forms;
mod inbox;
mod kit;
mod log;
mod members;
mod membership;
mod moving;
mod navigation;
mod onboarding;
mod people;
mod reading;
mod replicas;
mod roster;
mod rows;
mod rules;
mod settings;
mod start;
mod state;
mod tasks;
mod values;
mod write;

pub use state::Model;

pub(crate) use closing::{Announced, Closed, WAITS, decides, writes};
pub(crate) use devices::{Came, Pairing};
pub(crate) use forms::FormState;
pub(crate) use forms::FormSubject;
pub(crate) use kit::KitMaking;
pub(crate) use log::WHEN;
pub(crate) use members::{Ended, role_of};
pub(crate) use membership::{Membership, Opened};
pub(crate) use moving::{Found, LookedAt};
pub(crate) use navigation::path_of_route;
pub(crate) use people::{LASTS, MOST_USES, invite_id, invite_name};
pub(crate) use roster::domain_role;
pub(crate) use rows::WINDOW;
pub(crate) use rules::NOBODY;
pub(crate) use settings::Settings;
pub(crate) use state::{Blocked, TaskFilter};
