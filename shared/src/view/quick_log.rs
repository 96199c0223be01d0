//! "What happened?": two taps for the common things.

use super::{
    BlockView, Emphasis, ScreenKind, ScreenView, TileView,
    log::tone,
    parts::{button, screen},
};
use crate::{
    event::{Action, Route},
    model::{Membership, Model},
};
use kith_domain::{LIST_LOG, kinds};
use std::collections::BTreeMap;

/// How many kinds the sheet offers first.
const USUAL: usize = 8;

pub fn quick_log(model: &Model, membership: &Membership, all: bool) -> ScreenView {
    let text = &model.text;
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in super::log::entries(membership, LIST_LOG) {
        if let Some(kind) = entry.spec() {
            *used.entry(kind.code).or_default() += 1;
        }
    }
    let mut offered: Vec<_> = kinds().iter().collect();
    // The circle's most used first; the order of the table among equals. A list of all keeps the table's order.
    if !all {
        offered.sort_by_key(|kind| std::cmp::Reverse(used.get(kind.code).copied().unwrap_or(0)));
        offered.truncate(USUAL);
    }
    let tiles = offered
        .into_iter()
        .map(|kind| TileView {
            icon: kind.icon.to_owned(),
            tone: tone(kind.tone),
            title: text.get(&kind.label_key()),
            detail: text.get(&format!("hint-{}", kind.code)),
            act: Action::QuickLog { kind: kind.code.to_owned() },
        })
        .collect();
    let mut blocks = vec![BlockView::Tiles(tiles)];
    if !all && kinds().len() > USUAL {
        blocks.push(BlockView::Buttons(vec![button(
            text.get("all-kinds"),
            "list",
            Emphasis::Normal,
            Action::Open(Route::AllKinds),
        )]));
    }
    let mut shown = screen(ScreenKind::Sheet, text.get("what-happened"), blocks);
    shown.back = Some(button(text.get("back"), "x", Emphasis::Quiet, Action::Back));
    shown
}
