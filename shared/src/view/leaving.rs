//! Going: leaving a circle, what is left on the phone of who went, and clearing a circle from this phone.

use super::{
    BlockView, Emphasis, ScreenKind, ScreenView, Tone,
    drawer::drawer_rows,
    onboarding::point,
    parts::{banner, button, detail, open, screen, section, soft, words},
    wishes::wishes,
};
use crate::{
    event::{Action, Route},
    model::{Ended, Membership, Model},
};
use kith_replica::Wished;

pub fn leave(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let person = model.person();
    let heading = text.with("leave-heading", &[("person", (&person).into())]);
    let mut blocks = wishes(model, membership, |wish| *wish == Wished::Leave);
    if membership.cannot_leave() {
        let alone = membership.active_members().len() < 2;
        let (explain, other) = if alone {
            let erase = button(text.get("erase"), "trash-2", Emphasis::Normal, open(Route::Erase));
            ("leave-alone", erase)
        } else {
            ("leave-last", button(text.get("tab-circle"), "users", Emphasis::Normal, open(Route::Circle)))
        };
        blocks.push(banner(Tone::Amber, "info", text.get("role-last-title"), text.get(explain), vec![other]));
        return detail(text, heading, blocks);
    }
    blocks.push(BlockView::Points(vec![
        point("smartphone", Tone::Amber, text.get("leave-gone")),
        point("unlink", Tone::Amber, text.get("role-links-own")),
        point("check", Tone::Leaf, text.get("role-stays-own")),
        point("inbox", Tone::Plain, text.get("leave-drawer")),
        point("link", Tone::Plain, text.get("leave-back")),
    ]));
    let mut shown = detail(text, heading, blocks);
    shown.primary = Some(button(text.get("leave"), "log-out", Emphasis::Danger, Action::LeaveCircle));
    shown
}

pub fn erase(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let person = model.person();
    let mut points = vec![point("smartphone", Tone::Amber, text.get("erase-gone"))];
    let unshared = membership.drawer.len().saturating_add(membership.replica.waiting());
    if unshared > 0 {
        let said = text.with("erase-unshared", &[("n", unshared.into())]);
        points.push(point("inbox", Tone::Brick, said));
    }
    if membership.closed().is_some() {
        points.push(point("triangle-alert", Tone::Brick, text.get("erase-closed")));
    } else if membership.ended().is_none() {
        let alone = membership.active_members().len() < 2;
        points.push(if alone {
            point("triangle-alert", Tone::Brick, text.get("erase-alone"))
        } else {
            point("users", Tone::Plain, text.get("erase-still-member"))
        });
    }
    if model.memberships.len() > 1 {
        points.push(point("check", Tone::Leaf, text.get("erase-others")));
    }
    let heading = text.with("erase-heading", &[("person", (&person).into())]);
    let mut shown = detail(text, heading, vec![BlockView::Points(points)]);
    shown.primary = Some(button(text.get("erase"), "trash-2", Emphasis::Danger, Action::EraseCircle));
    shown
}

/// A membership that is over: why, and what is still here.
pub fn ended(model: &Model, membership: &Membership, how: Ended) -> ScreenView {
    let text = &model.text;
    let person = model.person();
    let heading = match how {
        Ended::Removed => "ended-removed",
        Ended::Left => "ended-left",
        Ended::Refused => "ended-refused",
        Ended::Device => "ended-device",
    };
    let mut blocks = Vec::new();
    if membership.drawer.is_empty() {
        blocks.push(words(text.get("ended-nothing-kept")));
    } else {
        blocks.push(words(text.get("ended-kept")));
        blocks.push(section(Some(text.get("not-shared-heading")), drawer_rows(model, membership)));
    }
    blocks.push(soft(text.get(if how == Ended::Left { "ended-left-again" } else { "ended-again" })));
    let mut buttons = vec![
        button(text.get("welcome-invited"), "link", Emphasis::Normal, open(Route::Paste)),
        button(text.get("erase"), "trash-2", Emphasis::Danger, open(Route::Erase)),
    ];
    if model.memberships.len() > 1 {
        let others = button(text.get("other-circles"), "users", Emphasis::Normal, open(Route::Circles));
        buttons.insert(0, others);
    }
    blocks.push(BlockView::Buttons(buttons));
    screen(ScreenKind::Detail, text.with(heading, &[("person", (&person).into())]), blocks)
}
