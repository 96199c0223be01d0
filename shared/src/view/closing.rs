//! A circle that is going to be closed, that can be closed, and that was: said to everybody, decided by coordinators,
//! and afterwards read only.

use super::{
    BlockView, Emphasis, FieldKind, RowView, ScreenKind, ScreenView, Tone,
    fields::{field, form_view, options},
    onboarding::point,
    parts::{self, banner, button, detail, open, row, screen, section, soft},
    wishes::wishes,
};
use crate::{
    event::{Action, Route},
    model::{Announced, Closed, Membership, Model, WAITS, writes},
};
use kith_replica::Wished;

/// Whether a wish is about closing.
pub fn of_closing(wish: &Wished) -> bool {
    matches!(wish, Wished::AnnounceClosing { .. } | Wished::KeepOpen | Wished::Close)
}

/// The one screen for all of it: to announce, to look at, to keep open, to close.
pub fn closing(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let waiting = wishes(model, membership, of_closing);
    let decides = membership.is_coordinator() && waiting.is_empty();
    let announced = membership.announced(model.now_ms);
    let mut blocks = waiting;
    if let Some(announced) = announced {
        blocks.push(said(model, membership, announced, Vec::new()));
    }
    blocks.push(BlockView::Points(what_it_does(model, announced.is_some())));
    match announced {
        None if decides => blocks.push(how_long(model)),
        Some(announced) if decides => {
            if announced.due {
                let yes_no = FieldKind::YesNo { yes: text.get("yes"), no: text.get("no") };
                let mut sure = field(model, "sure", "closing-sure", true, yes_no);
                sure.hint = text.get("closing-sure-hint");
                blocks.push(form_view(model, vec![sure]));
            }
            blocks.push(BlockView::Buttons(buttons(model, announced)));
        }
        None | Some(_) if !membership.is_coordinator() => blocks.push(soft(text.get("closing-object"))),
        None | Some(_) => {}
    }
    let heading = text.with("closing-heading", &[("person", (&model.person()).into())]);
    let mut shown = detail(text, heading, blocks);
    let announce =
        || button(text.get("closing-announce"), "users", Emphasis::Danger, Action::AnnounceClosing);
    shown.primary = (decides && announced.is_none()).then(announce);
    shown
}

fn what_it_does(model: &Model, announced: bool) -> Vec<super::PointView> {
    let text = &model.text;
    let mut points = vec![
        point("trash-2", Tone::Brick, text.get("closing-what")),
        point("smartphone", Tone::Leaf, text.get("closing-phones")),
    ];
    if !announced {
        points.push(point("users", Tone::Amber, text.get("closing-seen")));
    }
    points.push(point("hand", Tone::Plain, text.get("closing-by-hand")));
    points.push(point("undo-2", Tone::Plain, text.get("closing-undo")));
    points
}

fn how_long(model: &Model) -> BlockView {
    let text = &model.text;
    let codes = WAITS.map(|(code, _)| code);
    let kind = FieldKind::Choice { options: options(model, "closing-wait", &codes) };
    let mut wait = field(model, "wait", "closing-wait", true, kind);
    wait.hint = text.get("closing-wait-hint");
    form_view(model, vec![wait])
}

fn buttons(model: &Model, announced: Announced) -> Vec<super::ButtonView> {
    let text = &model.text;
    let mut buttons =
        vec![button(text.get("closing-keep-open"), "undo-2", Emphasis::Primary, Action::KeepOpen)];
    if announced.due {
        buttons.push(button(text.get("closing-close"), "lock", Emphasis::Danger, Action::CloseCircle));
    }
    buttons
}

/// For the first view of the circle: that it is going to be closed, can be, seems to be, or is.
pub fn news(model: &Model, membership: &Membership) -> Vec<BlockView> {
    let text = &model.text;
    if let Some(closed) = membership.closed() {
        return vec![was_closed(model, membership, closed)];
    }
    let mut blocks = wishes(model, membership, of_closing);
    let Some(announced) = membership.announced(model.now_ms) else { return blocks };
    if membership.seems_closed(model.now_ms) {
        let from = model.clock().moment(announced.from);
        let explain = text.with("sharing-gone-closed-explain", &[("from", (&from).into())]);
        let clear = button(text.get("erase"), "trash-2", Emphasis::Normal, open(Route::Erase));
        return vec![banner(Tone::Plain, "lock", text.get("sharing-gone-closed"), explain, vec![clear])];
    }
    let mut actions = Vec::new();
    if membership.is_coordinator() && blocks.is_empty() {
        actions.push(button(text.get("closing-keep-open"), "undo-2", Emphasis::Primary, Action::KeepOpen));
    }
    let look = if announced.due && membership.is_coordinator() { "closing-go" } else { "closing-look" };
    actions.push(button(text.get(look), "info", Emphasis::Normal, open(Route::Closing)));
    blocks.push(said(model, membership, announced, actions));
    blocks
}

/// Who announced it, when, and from when on it can be closed.
fn said(
    model: &Model,
    membership: &Membership,
    announced: Announced,
    actions: Vec<super::ButtonView>,
) -> BlockView {
    let (text, clock) = (&model.text, model.clock());
    let person = model.person();
    let who = parts::who(text, membership, Some(announced.by));
    let (said, from) = (clock.ago(announced.said), clock.moment(announced.from));
    let (title, explain) = match (announced.due, membership.me().map(|me| me.0) == Some(announced.by)) {
        (false, false) => ("closing-announced-title", "closing-announced-detail"),
        (false, true) => ("closing-announced-title", "closing-announced-own"),
        (true, false) => ("closing-due-title", "closing-due-detail"),
        (true, true) => ("closing-due-title", "closing-due-own"),
    };
    let title = text.with(title, &[("person", (&person).into())]);
    let explain =
        text.with(explain, &[("who", (&who).into()), ("said", (&said).into()), ("from", (&from).into())]);
    banner(Tone::Amber, "hourglass", title, explain, actions)
}

fn was_closed(model: &Model, membership: &Membership, closed: Closed) -> BlockView {
    let text = &model.text;
    let person = model.person();
    let who = parts::who(text, membership, closed.by);
    let when = model.clock().ago(closed.at);
    let own = membership.me().map(|me| me.0) == closed.by;
    let explain = if own { "closing-closed-own" } else { "closing-closed-detail" };
    let explain = text.with(explain, &[("who", (&who).into()), ("when", (&when).into())]);
    let mut actions = Vec::new();
    if !membership.drawer.is_empty() {
        let label = text.get("not-shared-heading");
        actions.push(button(label, "inbox", Emphasis::Normal, open(Route::NotShared)));
    }
    actions.push(button(text.get("erase"), "trash-2", Emphasis::Normal, open(Route::Erase)));
    let title = text.with("closing-closed-title", &[("person", (&person).into())]);
    banner(Tone::Plain, "lock", title, explain, actions)
}

/// For who was never let in: there is nothing to wait for.
pub fn never_in(model: &Model) -> ScreenView {
    let text = &model.text;
    let person = model.person();
    let mut buttons = vec![button(text.get("erase"), "trash-2", Emphasis::Danger, open(Route::Erase))];
    if model.memberships.len() > 1 {
        let others = button(text.get("other-circles"), "users", Emphasis::Normal, open(Route::Circles));
        buttons.insert(0, others);
    }
    let blocks = vec![parts::words(text.get("closing-never-in-detail")), BlockView::Buttons(buttons)];
    screen(ScreenKind::Detail, text.with("closing-never-in", &[("person", (&person).into())]), blocks)
}

/// The way to closing, in the circle's own settings.
pub fn way(model: &Model) -> RowView {
    let text = &model.text;
    let mut way =
        row("closing", "lock", Tone::Plain, text.get("closing-row"), text.get("closing-row-detail"));
    way.open = Some(open(Route::Closing));
    way
}

/// Takes everything off a screen by which the circle would be changed.
pub fn read_only(shown: &mut ScreenView) {
    shown.actions.retain(|button| !writes(&button.act));
    shown.primary.take_if(|button| writes(&button.act));
    shown.blocks = std::mem::take(&mut shown.blocks).into_iter().filter_map(without_writing).collect();
}

fn without_writing(block: BlockView) -> Option<BlockView> {
    let reads = |act: &Action| !writes(act);
    Some(match block {
        BlockView::Banner(mut banner) => {
            banner.actions.retain(|button| reads(&button.act));
            banner.open = banner.open.filter(reads);
            BlockView::Banner(banner)
        }
        BlockView::Section(mut section) => {
            section.rows = section.rows.into_iter().filter_map(row_without_writing).collect();
            section.more = section.more.filter(|button| reads(&button.act));
            (!section.rows.is_empty()).then_some(BlockView::Section(section))?
        }
        BlockView::Tiles(mut tiles) => {
            tiles.retain(|tile| reads(&tile.act));
            (!tiles.is_empty()).then_some(BlockView::Tiles(tiles))?
        }
        BlockView::Buttons(mut buttons) => {
            buttons.retain(|button| reads(&button.act));
            (!buttons.is_empty()).then_some(BlockView::Buttons(buttons))?
        }
        BlockView::Empty(mut empty) => {
            empty.actions.retain(|button| reads(&button.act));
            BlockView::Empty(empty)
        }
        // Nobody can choose any more: all that was said stays to be read.
        BlockView::Versions(versions) => {
            let rows = (0..).zip(versions.versions);
            let rows = rows.map(|(n, one): (usize, _)| {
                row(format!("version-{n}"), "git-compare", Tone::Amber, one.text, one.by)
            });
            section(Some(versions.title), rows.collect())
        }
        other => other,
    })
}

/// A row that only leads to where something is changed goes; another one stays without its buttons.
fn row_without_writing(mut row: RowView) -> Option<RowView> {
    row.actions.retain(|button| !writes(&button.act));
    row.open.as_ref().is_none_or(|act| !writes(act)).then_some(row)
}
