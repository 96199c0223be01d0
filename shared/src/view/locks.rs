//! New keys for everybody: for when somebody's phone lacks one. Families read of locks.

use super::{
    BlockView, Emphasis, RowView, ScreenView, Tone,
    onboarding::point,
    parts::{banner, button, detail, open, row},
    wishes::wishes,
};
use crate::{
    event::{Action, Route},
    model::{Membership, Model},
};
use kith_replica::{SharingStatus, Wished};

pub fn renew(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    if !membership.is_coordinator() {
        return super::build::not_found(model);
    }
    let mut blocks = wishes(model, membership, |wish| *wish == Wished::RotateKeys);
    let waiting = !blocks.is_empty();
    // Who lacks a key cannot make the next one of it.
    if membership.status() == SharingStatus::KeyMissing {
        let explain = text.get("locks-lacking-detail");
        blocks.push(banner(Tone::Amber, "lock", text.get("locks-lacking"), explain, Vec::new()));
    }
    blocks.push(BlockView::Points(vec![
        point("smartphone", Tone::Teal, text.get("locks-what")),
        point("check", Tone::Leaf, text.get("locks-kept")),
        point("users", Tone::Plain, text.get("locks-nobody-out")),
        point("undo-2", Tone::Plain, text.get("locks-undo")),
    ]));
    let mut shown = detail(text, text.get("locks-heading"), blocks);
    shown.lead = Some(text.get("locks-lead"));
    shown.primary =
        (!waiting).then(|| button(text.get("locks-button"), "lock", Emphasis::Primary, Action::RenewKeys));
    shown
}

/// The way to it, in the circle's own settings.
pub fn way(model: &Model) -> RowView {
    let text = &model.text;
    let mut way = row("locks", "lock", Tone::Plain, text.get("locks-row"), text.get("locks-row-detail"));
    way.open = Some(open(Route::RenewKeys));
    way
}
