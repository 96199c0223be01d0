//! What the sharing line means, in whole sentences, and what to do.

use super::{
    BlockView, ScreenView, Tone,
    parts::{banner, detail, soft, words},
};
use crate::{
    event::Route,
    model::{Membership, Model},
    text::Text,
};
use kith_replica::SharingStatus;

/// The text that explains a state; none where the line says all there is.
fn explains(status: &SharingStatus) -> Option<&'static str> {
    Some(match status {
        SharingStatus::Stopped(_) => "sharing-stopped-explain",
        SharingStatus::ServerGone => "sharing-gone-explain",
        SharingStatus::Closed => "sharing-closed-explain",
        SharingStatus::KeyMissing => "sharing-key-explain",
        SharingStatus::ClockOff { .. } => "sharing-clock-explain",
        SharingStatus::UpdateNeeded => "sharing-update-explain",
        SharingStatus::StorageFull => "sharing-room-explain",
        SharingStatus::ServerFull => "sharing-server-full-explain",
        SharingStatus::Offline { .. } => "sharing-offline-explain",
        _ => return None,
    })
}

/// Where the sharing line leads in a state that wants explaining.
pub fn route(status: &SharingStatus) -> Option<Route> {
    explains(status).map(|_| Route::Sharing)
}

pub fn sharing(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let status = membership.status();
    let line = super::frame::sharing(text, membership, model.now_ms);
    let explained = match membership.announced(model.now_ms).filter(|_| membership.seems_closed(model.now_ms))
    {
        Some(announced) => {
            let from = model.clock().moment(announced.from);
            text.with("sharing-gone-closed-explain", &[("from", (&from).into())])
        }
        None => text.get(explains(&status).unwrap_or("sharing-fine-explain")),
    };
    let mut blocks = vec![words(explained)];
    if let SharingStatus::Stopped(fault) = &status {
        blocks.push(words(text.get("sharing-stopped-do")));
        let evidence = format!("{:?} {}: {}", fault.stream, fault.k, fault.evidence);
        blocks.push(soft(text.with("sharing-evidence", &[("evidence", (&evidence).into())])));
    }
    if status == SharingStatus::ServerFull {
        let coordinates = membership.is_coordinator();
        let key = if coordinates { "sharing-server-full-do-coordinator" } else { "sharing-server-full-do" };
        blocks.push(words(text.get(key)));
    }
    if status == SharingStatus::KeyMissing {
        let key = if membership.is_coordinator() { "sharing-key-do-coordinator" } else { "sharing-key-do" };
        blocks.push(words(text.get(key)));
    }
    blocks.extend(super::moving::way(model, membership));
    detail(text, line.text, blocks)
}

/// What does not pass by itself: said where nobody passes it by.
pub fn urgent(text: &Text, membership: &Membership) -> Option<BlockView> {
    let (tone, icon, title, explain) = match membership.status() {
        SharingStatus::Stopped(_) => {
            (Tone::Brick, "shield-alert", "sharing-stopped", "sharing-stopped-explain")
        }
        SharingStatus::KeyMissing => (Tone::Amber, "lock", "sharing-key", "sharing-key-explain"),
        SharingStatus::ServerFull => {
            (Tone::Amber, "triangle-alert", "sharing-server-full", "sharing-server-full-explain")
        }
        _ => return None,
    };
    let mut shown = banner(tone, icon, text.get(title), text.get(explain), Vec::new());
    if let BlockView::Banner(banner) = &mut shown {
        banner.open = Some(super::parts::open(Route::Sharing));
    }
    Some(shown)
}
