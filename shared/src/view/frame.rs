//! Bar, sharing line, tabs, the Log button, and the screens on which nothing else can be done.

use super::{
    BarView, BlockView, ButtonView, Emphasis, ScreenKind, ScreenView, SharingKind, SharingView, TabView,
    parts::{button, initial, open, screen},
};
use crate::{
    event::{Action, Route},
    model::{Blocked, Membership, Model},
    text::Text,
};
use kith_protocol::Role;
use kith_replica::{CannotOpen, SharingStatus};

pub fn bar(model: &Model) -> Option<BarView> {
    let membership = model.membership()?;
    let text = &model.text;
    let person = model.person();
    Some(BarView {
        initial: initial(&person),
        switch: button(
            text.with("switch-circle", &[("person", (&person).into())]),
            "chevron-down",
            Emphasis::Quiet,
            open(Route::Circles),
        ),
        sharing: sharing(text, membership, model.now_ms),
        settings: button(text.get("settings"), "settings", Emphasis::Quiet, open(Route::Settings)),
        person,
    })
}

/// One honest sentence: is what was written with the others yet?
pub fn sharing(text: &Text, membership: &Membership, now_ms: u64) -> SharingView {
    let (status, waiting) = (&membership.status(), membership.replica.waiting());
    let count = |key: &str, n: usize| text.with(key, &[("n", n.into())]);
    if membership.ended().is_some() && !matches!(status, SharingStatus::NotShared { .. }) {
        let text = text.get("sharing-ended");
        return SharingView { kind: SharingKind::Stopped, icon: "info".into(), text, open: None };
    }
    let (kind, icon, words, open) = match status {
        SharingStatus::AllShared => (SharingKind::AllShared, "cloud-check", text.get("sharing-all"), None),
        SharingStatus::Sharing { .. } | SharingStatus::Opening => {
            (SharingKind::Sharing, "cloud-upload", text.get("sharing-now"), None)
        }
        SharingStatus::Offline { .. } if waiting == 0 => {
            (SharingKind::NoReception, "cloud-off", text.get("sharing-offline"), None)
        }
        SharingStatus::Offline { .. } => {
            (SharingKind::NoReception, "cloud-off", count("sharing-offline-waiting", waiting), None)
        }
        SharingStatus::WaitingToBeLetIn => {
            (SharingKind::WaitingToBeLetIn, "hourglass", text.get("sharing-waiting-in"), Some(Route::Join))
        }
        SharingStatus::NotShared { n } => {
            (SharingKind::NotShared, "inbox", count("sharing-not-shared", *n), Some(Route::NotShared))
        }
        SharingStatus::UpdateNeeded => {
            (SharingKind::UpdateNeeded, "cloud-alert", text.get("sharing-update"), None)
        }
        SharingStatus::StorageFull => {
            (SharingKind::NoRoom, "triangle-alert", text.get("sharing-no-room"), None)
        }
        SharingStatus::ServerFull => {
            (SharingKind::NoRoom, "triangle-alert", text.get("sharing-server-full"), None)
        }
        SharingStatus::Stopped(_) => {
            (SharingKind::Stopped, "shield-alert", text.get("sharing-stopped"), None)
        }
        SharingStatus::ServerGone if membership.seems_closed(now_ms) => {
            (SharingKind::Stopped, "lock", text.get("sharing-gone-closed"), None)
        }
        SharingStatus::ServerGone => {
            (SharingKind::Stopped, "cloud-alert", text.get("sharing-server-gone"), None)
        }
        SharingStatus::Closed => (SharingKind::Stopped, "lock", text.get("sharing-closed"), None),
        SharingStatus::KeyMissing => (SharingKind::KeyMissing, "lock", text.get("sharing-key"), None),
        SharingStatus::ClockOff { .. } => (SharingKind::ClockOff, "clock", text.get("sharing-clock"), None),
    };
    let open = open.or_else(|| super::sharing::route(status));
    SharingView { kind, icon: icon.into(), text: words, open: open.map(Action::Open) }
}

pub fn tabs(model: &Model) -> Vec<TabView> {
    let role = model.membership().and_then(crate::model::Membership::my_role);
    let all = [
        ("house", "tab-today", Route::Today, true),
        (
            "notebook-text",
            "tab-log",
            Route::Log,
            matches!(role, Some(Role::Coordinator | Role::Caregiver | Role::Professional)),
        ),
        ("list-checks", "tab-tasks", Route::Tasks, true),
        ("users", "tab-circle", Route::Circle, true),
    ];
    let here = tab_of(model.place.top());
    all.into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(icon, key, route, _)| TabView {
            icon: icon.into(),
            label: model.text.get(key),
            selected: here == Some(&route),
            open: open(route.clone()),
        })
        .collect()
}

/// The tab that a route belongs to.
fn tab_of(route: &Route) -> Option<&Route> {
    Some(match route {
        Route::Today => &Route::Today,
        Route::Log | Route::LogEntry { .. } | Route::LogForm { .. } => &Route::Log,
        Route::Tasks | Route::TaskDetail { .. } | Route::TaskForm { .. } | Route::HandOver { .. } => {
            &Route::Tasks
        }
        Route::Circle
        | Route::Invite
        | Route::Invitation { .. }
        | Route::Member { .. }
        | Route::ChangeRole { .. }
        | Route::RemoveMember { .. } => &Route::Circle,
        _ => return None,
    })
}

pub fn log_button(model: &Model) -> Option<ButtonView> {
    model
        .membership()
        .filter(|membership| membership.reads_care())
        .map(|_| button(model.text.get("log"), "notebook-pen", Emphasis::Primary, open(Route::QuickLog)))
}

pub fn blocked(text: &Text, blocked: Blocked) -> ScreenView {
    let (heading, lead, label, icon, act) = match blocked {
        Blocked::Elsewhere => {
            ("elsewhere-heading", "elsewhere-lead", "take-over", "monitor", Action::TakeOver)
        }
        Blocked::TakenOver => {
            ("taken-over-heading", "taken-over-lead", "take-over-back", "monitor", Action::TakeOver)
        }
        Blocked::StorageRefused => {
            ("refused-heading", "refused-lead", "try-again", "refresh-cw", Action::ReloadApp)
        }
        Blocked::TooNew => ("too-new-heading", "too-new-lead", "update-now", "refresh-cw", Action::ReloadApp),
    };
    ScreenView {
        lead: Some(text.get(lead)),
        primary: Some(button(text.get(label), icon, Emphasis::Primary, act)),
        ..screen(ScreenKind::Blocked, text.get(heading), Vec::new())
    }
}

/// One circle of this device cannot be opened; the others can.
pub fn cannot_open(model: &Model, why: CannotOpen) -> ScreenView {
    let text = &model.text;
    let (heading, lead) = match why {
        CannotOpen::Newer => return blocked(text, Blocked::TooNew),
        CannotOpen::Older => ("too-old-heading", "too-old-lead"),
        CannotOpen::Damaged => ("damaged-heading", "damaged-lead"),
    };
    let mut buttons =
        vec![button(text.get("circles-heading"), "users", Emphasis::Normal, open(Route::Circles))];
    if why == CannotOpen::Older {
        buttons.push(button(text.get("erase"), "trash-2", Emphasis::Danger, open(Route::Erase)));
    }
    ScreenView {
        lead: Some(text.get(lead)),
        primary: Some(button(text.get("try-again"), "refresh-cw", Emphasis::Primary, Action::ReloadApp)),
        ..screen(ScreenKind::Blocked, text.get(heading), vec![BlockView::Buttons(buttons)])
    }
}
