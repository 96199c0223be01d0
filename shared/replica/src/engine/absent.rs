//! A replica that is not in storage yet: it waits to be founded, invited or let in.

use crate::engine::founding::found;
use crate::engine::invited::begin;
use crate::engine::newcomer::{self, Way};
use crate::engine::run::{Next, Surroundings, Wish};
use crate::input::Input;
use crate::output::{NotKept, Notice};

/// Waits for the first input, which says how the replica begins. A replica that is in storage is opened as it is,
/// whatever the first input says: nothing is ever founded or joined over it.
pub(crate) async fn first(around: &Surroundings, wish: &mut Wish) -> Next {
    loop {
        let stored = match around.port.peek().await {
            Input::Found(_) | Input::OpenInvite(_) | Input::OpenPairing(_) | Input::RestoreFromKit { .. } => {
                around.port.read_one(around.keys.state()).await
            }
            _ => Ok(None),
        };
        match stored {
            Ok(None) => {}
            Ok(Some(_)) => {
                around.port.next().await;
                return Next::Reopen;
            }
            Err(error) => {
                around.port.next().await;
                return error.into();
            }
        }
        if let Some(next) = step(around, wish).await {
            return next;
        }
    }
}

/// Waits until there is something in storage to open.
pub(crate) async fn serve(around: &Surroundings, wish: &mut Wish) -> Next {
    around.port.notice(Notice::NotFound);
    loop {
        if let Some(next) = step(around, wish).await {
            return next;
        }
    }
}

async fn step(around: &Surroundings, wish: &mut Wish) -> Option<Next> {
    let (now, input) = around.port.next().await;
    let begun = match input {
        Input::Found(founding) => found(around, &founding, now).await,
        Input::OpenInvite(invited) => begin(around, &invited).await,
        Input::OpenPairing(link) => newcomer::begin(around, &Way::Pairing(link)).await,
        Input::RestoreFromKit { kit } => newcomer::begin(around, &Way::Kit(kit)).await,
        Input::Open => return Some(Next::Reopen),
        Input::Connect => {
            wish.connected = true;
            return None;
        }
        Input::Disconnect => {
            wish.connected = false;
            return None;
        }
        Input::Edit { edit, script } => {
            around.port.notice(Notice::NotKept { edit, script, reason: NotKept::NoRight });
            return None;
        }
        _ => return None,
    };
    match begun {
        Ok(()) => Some(Next::Reopen),
        Err(trouble) => {
            let reason = trouble.to_string();
            around.port.notice(Notice::ActionRefused { action: "begin", reason });
            None
        }
    }
}
