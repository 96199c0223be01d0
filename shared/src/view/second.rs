//! A device that comes into a circle by another device of the same person, or by a recovery kit.

use super::{
    BlockView, Emphasis, FieldKind, ScreenKind, ScreenView,
    fields::{field, form_view, line},
    parts::{back, button, open, screen, soft, words},
};
use crate::{
    event::{Action, Route},
    model::{Came, Membership, Model},
};
use kith_replica::{LinkProblem, SharingStatus};

/// How to get the link from the first device, and where to put it.
pub fn second_device(model: &Model) -> ScreenView {
    let text = &model.text;
    let mut link = line(model, "link", "second-link", 512, "link");
    link.hint = text.get("paste-hint");
    let blocks = vec![words(text.get("second-explain")), form_view(model, vec![link])];
    let mut shown = screen(ScreenKind::Onboarding, text.get("second-heading"), blocks);
    shown.lead = Some(text.get("second-lead"));
    shown.back = Some(back(text));
    shown.primary = Some(button(text.get("second-button"), "log-in", Emphasis::Primary, Action::PasteLink));
    shown
}

pub fn restore(model: &Model) -> ScreenView {
    let text = &model.text;
    let kind = FieldKind::LongText { max_length: 1024 };
    let mut typed = field(model, "words", "restore-words", true, kind);
    typed.hint = text.get("restore-hint");
    let mut shown =
        screen(ScreenKind::Onboarding, text.get("restore-heading"), vec![form_view(model, vec![typed])]);
    shown.lead = Some(text.get("restore-lead"));
    shown.back = Some(back(text));
    shown.primary = Some(button(text.get("restore-button"), "life-buoy", Emphasis::Primary, Action::Keep));
    shown
}

/// While the other device, or the circle's host, has not let this one in.
pub fn waiting(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let offline = matches!(membership.status(), SharingStatus::Offline { .. });
    let restored = membership.came == Came::Restored;
    let mut blocks = Vec::new();
    match membership.pairing_words.filter(|_| !restored) {
        Some(four) => {
            blocks.push(words(text.get("second-compare")));
            blocks.push(BlockView::Words(four.iter().map(|word| (*word).to_owned()).collect()));
            blocks.push(soft(text.get("second-close")));
        }
        None if offline => blocks.push(words(text.get("second-offline"))),
        None => blocks.push(words(text.get(if restored { "restore-coming" } else { "second-coming" }))),
    }
    blocks.extend(super::onboarding::stop(text, membership));
    let heading = if restored { "restore-heading" } else { "waiting-heading" };
    let mut shown = screen(ScreenKind::Onboarding, text.get(heading), blocks);
    if model.memberships.len() > 1 {
        shown.back =
            Some(button(text.get("other-circles"), "arrow-left", Emphasis::Quiet, open(Route::Circles)));
    } else {
        shown.back = Some(button(text.get("back"), "arrow-left", Emphasis::Quiet, open(Route::Welcome)));
    }
    shown
}

/// Why the link of a device, or a kit, leads nowhere.
pub fn unusable(model: &Model, came: Came, problem: LinkProblem) -> ScreenView {
    let text = &model.text;
    let kit = came == Came::Restored;
    let (heading, explain) = match (problem, kit) {
        (LinkProblem::Used, false) => ("pair-used", "pair-used-detail"),
        (LinkProblem::Cancelled, false) => ("pair-declined", "pair-declined-detail"),
        (LinkProblem::NotGenuine | LinkProblem::Newer, false) => {
            ("link-not-genuine", "pair-not-genuine-detail")
        }
        (LinkProblem::Expired | LinkProblem::Unknown, false) => ("pair-expired", "pair-expired-detail"),
        (LinkProblem::Cancelled | LinkProblem::Used | LinkProblem::Expired, true) => {
            ("kit-gone", "kit-gone-detail")
        }
        (LinkProblem::Closed, _) => ("link-closed", "link-closed-detail"),
        (LinkProblem::Unknown, true) => ("kit-unknown", "kit-unknown-detail"),
        (LinkProblem::NotGenuine | LinkProblem::Newer, true) => ("kit-not-genuine", "kit-not-genuine-detail"),
    };
    let mut shown = screen(ScreenKind::Onboarding, text.get(heading), vec![words(text.get(explain))]);
    let again = if kit { Route::Restore } else { Route::SecondDevice };
    shown.primary = Some(button(text.get("try-again"), "refresh-cw", Emphasis::Primary, open(again)));
    shown.back = Some(back(text));
    shown
}
