//! The server that keeps the circle: which it is, who moved it there, what it is being given, and moving to another.

use super::{
    BlockView, Emphasis, ScreenView, Tone,
    fields::{form_view, line},
    onboarding::point,
    parts::{self, banner, button, detail, open, soft, words},
    wishes::wishes,
};
use crate::{
    event::{Action, Route},
    model::{Found, LookedAt, Membership, Model},
};
use kith_replica::{SharingStatus, Wished};

pub fn server(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let host = membership.replica.host();
    let mut blocks = vec![words(text.with("server-kept-at", &[("host", (&host).into())]))];
    blocks.extend(who_moved_it(model, membership).map(soft));
    let waiting = wishes(model, membership, |wish| matches!(wish, Wished::Move(_)));
    let decided = !waiting.is_empty();
    blocks.extend(waiting);
    blocks.extend(news(model, membership));
    if membership.ended().is_none() && membership.closed().is_none() && !decided {
        blocks.extend(elsewhere(model, membership));
    }
    let mut shown = detail(text, text.get("server-heading"), blocks);
    let asks = model.form.is_some() && membership.looked_at.is_none() && !decided;
    shown.primary = asks.then(|| button(text.get("server-look"), "search", Emphasis::Primary, Action::Keep));
    shown
}

fn who_moved_it(model: &Model, membership: &Membership) -> Option<String> {
    let moved = membership.moved()?;
    let who = parts::who(&model.text, membership, Some(moved.by));
    let when = model.clock().ago(moved.at);
    let own = membership.me().map(|me| me.0) == Some(moved.by);
    let key = if own { "server-moved-own" } else { "server-moved" };
    Some(model.text.with(key, &[("who", (&who).into()), ("when", (&when).into())]))
}

/// For the first view: what does not pass by itself.
pub fn urgent(model: &Model, membership: &Membership) -> Vec<BlockView> {
    let keeping = membership.keeping();
    let stuck = keeping.leaving_for.is_some() && is_away(membership);
    if stuck || keeping.forgotten || keeping.no_room { news(model, membership) } else { Vec::new() }
}

/// The server cannot be reached, or does not know the circle.
fn is_away(membership: &Membership) -> bool {
    matches!(membership.status(), SharingStatus::Offline { .. } | SharingStatus::ServerGone)
}

/// What is under way, and what a person can do about it.
fn news(model: &Model, membership: &Membership) -> Vec<BlockView> {
    let text = &model.text;
    let keeping = membership.keeping();
    let host = membership.replica.host();
    let mut blocks = Vec::new();
    if let Some(to) = &keeping.leaving_for {
        let away = is_away(membership);
        let label = text.with("server-go-on", &[("host", to.into())]);
        let go_on = away.then(|| button(label, "chevron-right", Emphasis::Normal, Action::GoOnThere));
        let title = text.with("server-leaving-title", &[("host", to.into())]);
        let key = if away { "server-leaving-silent" } else { "server-leaving-detail" };
        let explain = text.with(key, &[("host", (&host).into())]);
        blocks.push(banner(Tone::Amber, "server", title, explain, go_on.into_iter().collect()));
    } else if keeping.forgotten && !membership.seems_closed(model.now_ms) {
        let decides = membership.is_coordinator();
        let give = decides
            .then(|| button(text.get("server-give"), "refresh-cw", Emphasis::Primary, Action::GiveBack));
        let key = if decides { "server-forgot-detail" } else { "server-forgot-other" };
        let title = text.get("server-forgot-title");
        blocks.push(banner(Tone::Amber, "server", title, text.get(key), give.into_iter().collect()));
    } else if let Some((given, all)) = keeping.given {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX).into();
        let title = text.with("server-given", &[("n", count(given)), ("all", count(all))]);
        let key = if keeping.no_room { "server-no-room" } else { "server-given-detail" };
        blocks.push(banner(Tone::Amber, "server", title, text.get(key), Vec::new()));
    } else if keeping.waits {
        let title = text.get("server-waits-title");
        blocks.push(banner(Tone::Amber, "hourglass", title, text.get("server-waits-detail"), Vec::new()));
    }
    blocks
}

/// The way to another server: an address, looked at, and then decided.
fn elsewhere(model: &Model, membership: &Membership) -> Vec<BlockView> {
    let text = &model.text;
    let Some(LookedAt { host, found, .. }) = &membership.looked_at else {
        let mut address = line(model, "host", "server-address", 253, "url");
        let key =
            if membership.is_coordinator() { "server-address-hint" } else { "server-address-hint-other" };
        address.hint = text.get(key);
        return vec![form_view(model, vec![address])];
    };
    let Found::Good(release) = found else {
        return vec![words(text.with("server-asking", &[("host", host.into())]))];
    };
    let good = text.with("server-good", &[("host", host.into()), ("release", release.into())]);
    let mut blocks = vec![banner(Tone::Leaf, "check", good, text.get("server-good-detail"), Vec::new())];
    let mut buttons = Vec::new();
    if membership.is_coordinator() && membership.keeping().leaving_for.is_none() {
        blocks.push(BlockView::Points(vec![
            point("users", Tone::Amber, text.get("server-move-all")),
            point("check", Tone::Leaf, text.get("server-move-kept")),
            point("link", Tone::Plain, text.get("server-move-links")),
            point("server", Tone::Plain, text.get("server-move-old")),
        ]));
        let label = text.with("server-move", &[("host", host.into())]);
        buttons.push(button(label, "server", Emphasis::Danger, Action::MoveCircle));
    }
    blocks.push(soft(text.get("server-follow-explain")));
    buttons.push(button(text.get("server-follow"), "smartphone", Emphasis::Normal, Action::FollowTo));
    buttons.push(button(text.get("server-other"), "undo-2", Emphasis::Quiet, Action::OtherServer));
    blocks.push(BlockView::Buttons(buttons));
    blocks
}

/// The way to this screen, where sharing has stopped because of the server.
pub fn way(model: &Model, membership: &Membership) -> Option<BlockView> {
    let label = model.text.get("server-heading");
    (membership.status() == SharingStatus::ServerGone)
        .then(|| BlockView::Buttons(vec![button(label, "server", Emphasis::Normal, open(Route::Server))]))
}
