//! The outermost loop: open from storage, serve, and after any trouble open again.

use std::sync::Arc;

use crate::engine::absent;
use crate::engine::open::{Stage, open};
use crate::engine::trouble::Trouble;
use crate::input::{Input, StorageError};
use crate::keys::Keys;
use crate::listing::Listing;
use crate::output::{NotKept, Notice};
use crate::port::Port;
use crate::replica::Transport;
use crate::status::SharingStatus;

/// How long to wait before storage that failed is tried again, in milliseconds.
const STORAGE_PAUSE_MS: u64 = 2_000;

/// What every stage of a replica has around it.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub port: Port,
    pub keys: Keys,
    pub listing: Arc<dyn Listing>,
    pub transport: Transport,
}

/// What outlives a reopening.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wish {
    /// The shell wants a connection.
    pub connected: bool,
    pub storage: Room,
    /// `Opened` was said.
    pub told: bool,
    /// This device has just come in, which is still to be said.
    pub admitted: bool,
}

/// What is known of storage since the last write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Room {
    /// It was done, or none was tried.
    #[default]
    Fine,
    /// It failed: what arrives could not be kept, so nothing is fetched for a while.
    Failed,
    /// The same, for want of room; shown until a write is done.
    Full,
}

/// Why a stage stopped serving.
pub(crate) enum Next {
    /// Storage holds another stage now.
    Reopen,
    /// What is in memory cannot be trusted any more.
    Trouble(Trouble),
}

impl<T: Into<Trouble>> From<T> for Next {
    fn from(trouble: T) -> Self {
        Self::Trouble(trouble.into())
    }
}

/// Runs a replica for ever.
pub(crate) async fn run(around: Surroundings) {
    let mut wish = Wish::default();
    let mut next = absent::first(&around, &mut wish).await;
    loop {
        if let Next::Trouble(trouble) = next {
            let full = trouble == Trouble::Storage(StorageError::Full) || wish.storage == Room::Full;
            wish.storage = if full { Room::Full } else { Room::Failed };
        }
        next = match open(&around, &wish).await {
            Ok(Stage::Absent) => absent::serve(&around, &mut wish).await,
            Ok(Stage::Invited(mut invited)) => invited.serve(&mut wish).await,
            Ok(Stage::Newcomer(mut newcomer)) => newcomer.serve(&mut wish).await,
            Ok(Stage::Member(mut member)) => member.serve(&mut wish).await,
            Err(trouble) => pause(&around.port, &mut wish, trouble).await,
        };
    }
}

/// Storage cannot be read: says so, keeps nothing meanwhile, and tries again a little later.
async fn pause(port: &Port, wish: &mut Wish, trouble: Trouble) -> Next {
    let until = port.now().saturating_add(STORAGE_PAUSE_MS);
    if let Some(why) = trouble.lasting() {
        port.notice(Notice::CannotOpen(why));
    }
    port.wake_at(until);
    loop {
        let (now, input) = port.next().await;
        match input {
            Input::Connect => wish.connected = true,
            Input::Disconnect => wish.connected = false,
            Input::Edit { edit, script } => {
                let reason = NotKept::Storage(trouble.clone().into_storage());
                port.notice(Notice::NotKept { edit, script, reason });
            }
            Input::Open | Input::Foreground => return Next::Reopen,
            Input::Woke if now >= until => return Next::Reopen,
            Input::Woke => port.wake_at(until),
            _ => {}
        }
    }
}

/// Shows a status, and says so when it is another than before.
pub(crate) fn show(port: &Port, status: SharingStatus) {
    let changed = port.with_view(|view| {
        let changed = view.status != status;
        view.status = status.clone();
        changed
    });
    if changed {
        port.notice(Notice::Status(status));
    }
}
