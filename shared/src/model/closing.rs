//! Closing a circle: it is announced, anybody who coordinates can take that back, and once the time has come a person
//! closes it. Nothing closes by itself (ADR 0015).

use super::{dispatch::Commands, membership::Membership, state::Model};
use crate::event::{Action, FieldValue, Route};
use kith_protocol::Role;
use kith_replica::{Input, SharingStatus};

const DAY_MS: u64 = 24 * 3_600_000;

/// How long everybody is to know before: the option of the form, and milliseconds.
pub const WAITS: [(&str, u64); 3] =
    [("week", 7 * DAY_MS), ("fortnight", 14 * DAY_MS), ("month", 30 * DAY_MS)];

/// That the circle is going to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The member who said so.
    pub by: u32,
    /// When the host took that (Unix milliseconds).
    pub said: u64,
    /// From when on it can be closed (Unix milliseconds).
    pub from: u64,
    /// That time has come, by the host's clock as far as it is known.
    pub due: bool,
}

/// That it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    pub by: Option<u32>,
    /// When the host took that (Unix milliseconds).
    pub at: u64,
}

impl Membership {
    pub(crate) fn announced(&self, now_ms: u64) -> Option<Announced> {
        let access = self.replica.access()?;
        let closing = access.closing()?;
        let said = access.stamp_at(closing.since).unwrap_or_default();
        let due = self.replica.host_time(now_ms) >= closing.at;
        Some(Announced { by: closing.by.0, said, from: closing.at, due })
    }

    pub(crate) fn closed(&self) -> Option<Closed> {
        let access = self.replica.access()?;
        let at = access.stamp_at(access.closed_at()?)?;
        Some(Closed { by: access.closed_by().map(|member| member.0), at })
    }

    /// Closed while this member still waited to be let in.
    pub(crate) fn closed_outside(&self) -> bool {
        self.closed().is_some() && self.my_role().is_none() && self.ended().is_none()
    }

    /// The host does not know the circle, and everybody had been told that it would be closed by now.
    pub(crate) fn seems_closed(&self, now_ms: u64) -> bool {
        let due = self.announced(now_ms).is_some_and(|announced| announced.due);
        due && self.replica.status() == SharingStatus::ServerGone
    }
}

impl Model {
    pub(super) fn announce_closing(&mut self) -> Commands {
        let chosen = self.form_choice("wait").unwrap_or_default();
        let wait = WAITS.into_iter().find(|(code, _)| *code == chosen);
        let Some((_, wait_ms)) = wait.filter(|_| self.coordinates()) else { return Commands::new() };
        self.tell_current(Input::AnnounceClosing { wait_ms })
    }

    pub(super) fn keep_open(&mut self) -> Commands {
        if self.coordinates() { self.tell_current(Input::KeepOpen) } else { Commands::new() }
    }

    /// The one step that nobody can take back, so it wants a yes of its own.
    pub(super) fn close_circle(&mut self) -> Commands {
        let sure = self.form.as_ref().is_some_and(|form| *form.value("sure") == FieldValue::Flag(true));
        if !sure {
            let fault = self.text.get("closing-not-sure");
            self.set_fault("sure", fault);
            return Commands::new();
        }
        let due = self.membership().and_then(|membership| membership.announced(self.now_ms));
        if self.coordinates() && due.is_some_and(|announced| announced.due) {
            self.tell_current(Input::CloseCircle)
        } else {
            Commands::new()
        }
    }

    /// It was closed: a screen on which something could be decided is left. What somebody is writing stays before them,
    /// to be copied.
    pub(super) fn circle_closed(&mut self, id: &str) -> Commands {
        if self.current.as_deref() == Some(id) && decides(self.place.top()) {
            self.leave_screen();
            self.place.open(Route::Today);
        }
        Commands::new()
    }

    fn coordinates(&self) -> bool {
        self.membership().and_then(Membership::my_role) == Some(Role::Coordinator)
    }
}

/// Whether a screen is there to decide something. On the forms of entries and tasks, somebody may be writing.
pub fn decides(route: &Route) -> bool {
    let typing = matches!(route, Route::LogForm { .. } | Route::TaskForm { .. });
    !typing && writes(&Action::Open(route.clone()))
}

/// Whether an action changes the circle, or leads to where it is changed: a closed one is read only.
pub fn writes(act: &Action) -> bool {
    match act {
        Action::Open(route) => matches!(
            route,
            Route::QuickLog
                | Route::AllKinds
                | Route::LogForm { .. }
                | Route::TaskForm { .. }
                | Route::HandOver { .. }
                | Route::ChangeRole { .. }
                | Route::RemoveMember { .. }
                | Route::Invite
                | Route::Invitation { .. }
                | Route::CircleSettings
                | Route::RenewKeys
                | Route::Closing
                | Route::Server
                | Route::Leave
                | Route::Devices
                | Route::AddDevice
                | Route::RevokeDevice { .. }
                | Route::Kit
                | Route::KitCheck
        ),
        Action::Keep
        | Action::QuickLog { .. }
        | Action::Undo
        | Action::Archive { .. }
        | Action::Restore { .. }
        | Action::ChooseVersion { .. }
        | Action::Claim { .. }
        | Action::StandDown { .. }
        | Action::HandOver { .. }
        | Action::Done { .. }
        | Action::Reopen { .. }
        | Action::CancelInvite { .. }
        | Action::CopyInvite { .. }
        | Action::ShareInvite { .. }
        | Action::TakeBack { .. }
        | Action::RemoveMember { .. }
        | Action::FreshLink { .. }
        | Action::LeaveCircle
        | Action::StepIn
        | Action::DismissReminder { .. }
        | Action::OfferDevice
        | Action::CopyPairing
        | Action::SharePairing
        | Action::ConfirmDevice
        | Action::DeclineDevice
        | Action::RevokeDevice { .. }
        | Action::MakeKit
        | Action::CheckKit
        | Action::Admit { .. }
        | Action::Refuse { .. }
        | Action::OfferAgain { .. }
        | Action::RenewKeys
        | Action::AnnounceClosing
        | Action::KeepOpen
        | Action::CloseCircle
        | Action::MoveCircle
        | Action::FollowTo
        | Action::OtherServer
        | Action::GoOnThere
        | Action::GiveBack => true,
        Action::Back
        | Action::SwitchCircle { .. }
        | Action::DismissNotice
        | Action::ShowMore
        | Action::FilterLog { .. }
        | Action::FilterTasks { .. }
        | Action::StartCircle
        | Action::PasteLink
        | Action::Join
        | Action::EraseCircle
        | Action::StopWaiting
        | Action::ChooseTheme { .. }
        | Action::ChooseTextSize { .. }
        | Action::ChooseLanguage { .. }
        | Action::CopyDraft { .. }
        | Action::DiscardDraft { .. }
        | Action::TakeOver
        | Action::ReloadApp
        | Action::KeepStorage
        | Action::LookedAtSince => false,
    }
}
