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
        SharingStatus::ClockOff { .. } => "sharing-clock-explain",
        SharingStatus::UpdateNeeded => "sharing-update-explain",
        SharingStatus::StorageFull => "sharing-room-explain",
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
    blocks.extend(super::moving::way(model, membership));
    detail(text, line.text, blocks)
}

/// Sharing has stopped for good: said where nobody passes it by.
pub fn stopped(text: &Text, membership: &Membership) -> Option<BlockView> {
    matches!(membership.status(), SharingStatus::Stopped(_)).then(|| {
        let mut shown = banner(
            Tone::Brick,
            "shield-alert",
            text.get("sharing-stopped"),
            text.get("sharing-stopped-explain"),
            Vec::new(),
        );
        if let BlockView::Banner(banner) = &mut shown {
            banner.open = Some(super::parts::open(Route::Sharing));
        }
        shown
    })
}
