//! From nothing, or from a link, into a circle.

use super::{
    BlockView, Emphasis, PointView, ScreenKind, ScreenView, Tone,
    fields::{form_view, line},
    parts::{back, banner, button, empty, open, screen, soft, words},
};
use crate::{
    event::{Action, Platform, Route},
    model::Model,
    text::Text,
};
use kith_protocol::Role;
use kith_replica::{LinkProblem, Phase, SharingStatus};

pub fn welcome(model: &Model) -> ScreenView {
    let text = &model.text;
    let mut blocks = platform_warning(model);
    blocks.push(BlockView::Points(vec![
        point("notebook-pen", Tone::Teal, text.get("welcome-point-log")),
        point("hand-helping", Tone::Leaf, text.get("welcome-point-tasks")),
        point("lock", Tone::Plain, text.get("welcome-point-private")),
    ]));
    blocks.push(BlockView::Buttons(vec![
        button(text.get("welcome-start"), "heart", Emphasis::Primary, open(Route::Start)),
        button(text.get("welcome-invited"), "link", Emphasis::Normal, open(Route::Paste)),
    ]));
    let mut shown = screen(ScreenKind::Onboarding, text.get("welcome-heading"), blocks);
    shown.lead = Some(text.get("welcome-lead"));
    shown.footnote = Some(text.get("welcome-footnote"));
    if !model.memberships.is_empty() {
        shown.back = Some(back(text));
    }
    shown
}

pub fn start(model: &Model) -> ScreenView {
    let text = &model.text;
    let mut person = line(model, "person", "start-person", 60, "");
    person.hint = text.get("start-person-hint");
    let name = line(model, "name", "start-name", 60, "name");
    let mut shown =
        screen(ScreenKind::Onboarding, text.get("start-heading"), vec![form_view(model, vec![person, name])]);
    shown.lead = Some(text.get("start-lead"));
    shown.back = Some(back(text));
    shown.primary = Some(button(text.get("start-button"), "heart", Emphasis::Primary, Action::StartCircle));
    shown.footnote = Some(text.get("start-footnote"));
    shown
}

pub fn paste(model: &Model) -> ScreenView {
    let text = &model.text;
    let mut link = line(model, "link", "paste-link", 512, "link");
    link.hint = text.get("paste-hint");
    let mut shown =
        screen(ScreenKind::Onboarding, text.get("paste-heading"), vec![form_view(model, vec![link])]);
    shown.lead = Some(text.get("paste-lead"));
    shown.back = Some(back(text));
    shown.primary = Some(button(text.get("paste-button"), "log-in", Emphasis::Primary, Action::PasteLink));
    shown
}

pub fn join(model: &Model) -> ScreenView {
    let text = &model.text;
    let Some(membership) = model.membership() else { return welcome(model) };
    if let Some(problem) = membership.problem {
        return unusable(text, problem);
    }
    match membership.replica.phase() {
        // A direct link needs nobody's leave: there are no words to compare, only a moment to wait.
        Phase::Joining if membership.shown.as_ref().is_some_and(|shown| shown.direct) => {
            return looking(model);
        }
        Phase::Joining => return waiting(model),
        Phase::Ended => return ended(text),
        _ => {}
    }
    let Some(shown) = &membership.shown else { return looking(model) };
    let names = [("inviter", (&shown.greeting.inviter).into()), ("person", (&shown.greeting.person).into())];
    let mut blocks = platform_warning(model);
    blocks.push(BlockView::Points(sees(text, shown.role)));
    blocks.push(form_view(model, vec![line(model, "name", "start-name", 60, "name")]));
    let mut view = screen(ScreenKind::Onboarding, text.with("join-heading", &names), blocks);
    view.lead = Some(text.get(&format!("join-as-{}", role_code(shown.role))));
    view.primary =
        Some(button(text.with("join-button", &names), "hand-helping", Emphasis::Primary, Action::Join));
    view.footnote = Some(text.get(if shown.direct { "join-footnote" } else { "join-footnote-words" }));
    view
}

/// While the invitation is on its way: what one waits for, and what to do where waiting does not help.
fn looking(model: &Model) -> ScreenView {
    let text = &model.text;
    let status = model.membership().map(crate::model::Membership::status);
    let key = match status {
        Some(SharingStatus::Offline { .. }) => "join-offline",
        Some(SharingStatus::StorageFull) => "join-no-room",
        _ => "join-looking",
    };
    let mut shown =
        screen(ScreenKind::Onboarding, text.get("join-looking-heading"), vec![words(text.get(key))]);
    shown.back = Some(back(text));
    shown
}

fn waiting(model: &Model) -> ScreenView {
    let text = &model.text;
    let membership = model.membership();
    let me = membership.and_then(crate::model::Membership::me);
    let four = membership.zip(me).and_then(|(membership, me)| membership.replica.four_words(me));
    let inviter = membership
        .and_then(|membership| membership.shown.as_ref())
        .map(|shown| shown.greeting.inviter.clone());
    let inviter = inviter.unwrap_or_else(|| text.get("somebody-inside"));
    let mut blocks = vec![words(text.with("waiting-explain", &[("inviter", (&inviter).into())]))];
    match four {
        Some(four) => blocks.push(BlockView::Words(four.iter().map(|word| (*word).to_owned()).collect())),
        None => blocks.push(soft(text.get("waiting-words-coming"))),
    }
    blocks.push(soft(text.get("waiting-close")));
    let mut view = screen(ScreenKind::Onboarding, text.get("waiting-heading"), blocks);
    if model.memberships.len() > 1 {
        view.back =
            Some(button(text.get("other-circles"), "arrow-left", Emphasis::Quiet, open(Route::Circles)));
    }
    view
}

fn unusable(text: &Text, problem: LinkProblem) -> ScreenView {
    let (heading, detail) = match problem {
        LinkProblem::Used => ("link-used", "link-used-detail"),
        LinkProblem::Expired => ("link-expired", "link-expired-detail"),
        LinkProblem::Cancelled => ("link-cancelled", "link-cancelled-detail"),
        LinkProblem::Unknown => ("link-unknown", "link-unknown-detail"),
        LinkProblem::NotGenuine => ("link-not-genuine", "link-not-genuine-detail"),
    };
    let again = button(text.get("paste-another"), "link", Emphasis::Primary, open(Route::Paste));
    let mut view = screen(ScreenKind::Onboarding, text.get(heading), vec![words(text.get(detail))]);
    view.primary = Some(again);
    view.back = Some(back(text));
    view
}

fn ended(text: &Text) -> ScreenView {
    let other = button(text.get("other-circles"), "users", Emphasis::Normal, open(Route::Circles));
    let block = empty("info", text.get("ended-title"), text.get("ended-detail"), vec![other]);
    screen(ScreenKind::Onboarding, text.get("ended-heading"), vec![block])
}

/// What a role will and will not see, said before joining.
pub fn sees(text: &Text, role: Role) -> Vec<PointView> {
    let yes = |key: &str| point("check", Tone::Teal, text.get(key));
    let no = |key: &str| point("lock", Tone::Plain, text.get(key));
    let mut points = vec![yes("sees-tasks"), yes("sees-people")];
    match role {
        Role::Coordinator | Role::Caregiver | Role::Professional => {
            points.push(yes("sees-log"));
            points.push(no("sees-nobody-outside"));
        }
        Role::Helper | Role::Friend => points.push(no("sees-not-log")),
    }
    points
}

pub fn role_code(role: Role) -> &'static str {
    match role {
        Role::Coordinator => "coordinator",
        Role::Caregiver => "caregiver",
        Role::Professional => "professional",
        Role::Helper => "helper",
        Role::Friend => "friend",
    }
}

/// Where what is written here may not last, it is said before anything is written.
fn platform_warning(model: &Model) -> Vec<BlockView> {
    let text = &model.text;
    match model.launch.as_ref().map(|launch| launch.platform) {
        Some(Platform::WebInApp) => {
            vec![banner(
                Tone::Amber,
                "triangle-alert",
                text.get("in-app-title"),
                text.get("in-app-detail"),
                Vec::new(),
            )]
        }
        Some(Platform::WebIosTab) => {
            vec![banner(
                Tone::Amber,
                "smartphone",
                text.get("ios-tab-title"),
                text.get("ios-tab-detail"),
                Vec::new(),
            )]
        }
        _ => Vec::new(),
    }
}

fn point(icon: &str, tone: Tone, text: String) -> PointView {
    PointView { icon: icon.to_owned(), tone, text }
}
