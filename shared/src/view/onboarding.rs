//! From nothing, or from a link, into a circle.

use super::{
    BlockView, Emphasis, PointView, ScreenKind, ScreenView, Tone,
    fields::{form_view, line},
    parts::{back, banner, button, open, screen, soft, words},
};
use crate::{
    event::{Action, Platform, Route},
    model::{Came, Membership, Model},
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
        button(text.get("welcome-second"), "smartphone", Emphasis::Quiet, open(Route::SecondDevice)),
        button(text.get("welcome-restore"), "life-buoy", Emphasis::Quiet, open(Route::Restore)),
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
    match membership.problem {
        Some(LinkProblem::Newer) => return newer(text, membership),
        Some(problem) if membership.came != Came::Invited => {
            return super::second::unusable(model, membership.came, problem);
        }
        Some(problem) => return unusable(text, problem),
        None => {}
    }
    match membership.replica.phase() {
        // A direct link needs nobody's leave: there are no words to compare, only a moment to wait.
        Phase::Joining if membership.shown.as_ref().is_some_and(|shown| shown.direct) => {
            return looking(model);
        }
        Phase::Joining => return waiting(model),
        Phase::Pairing => return super::second::waiting(model, membership),
        Phase::Closed => return super::closing::never_in(model),
        _ if membership.came != Came::Invited => return super::second::waiting(model, membership),
        Phase::Ended => {
            if let Some(how) = membership.ended() {
                return super::leaving::ended(model, membership, how);
            }
        }
        _ => {}
    }
    let Some(shown) = &membership.shown else { return looking(model) };
    let names = [("inviter", (&shown.greeting.inviter).into()), ("person", (&shown.greeting.person).into())];
    let mut blocks = platform_warning(model);
    blocks.push(BlockView::Points(sees(text, shown.role, Whom::You)));
    blocks.push(form_view(model, vec![line(model, "name", "start-name", 60, "name")]));
    let role = text.get(&format!("join-as-{}", role_code(shown.role)));
    let mut view = screen(ScreenKind::Onboarding, text.with("join-heading", &names), blocks);
    view.lead = Some(role);
    if let Some(to) = &shown.greeting.to {
        view.heading = text.with("join-again-heading", &[("to", to.into())]);
        view.lead = Some(text.with("join-again-lead", &names));
    }
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
    let mut blocks = vec![words(text.get(key))];
    blocks.extend(model.membership().into_iter().flat_map(|membership| stop(text, membership)));
    let mut shown = screen(ScreenKind::Onboarding, text.get("join-looking-heading"), blocks);
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
    blocks.extend(membership.into_iter().flat_map(|membership| stop(text, membership)));
    let mut view = screen(ScreenKind::Onboarding, text.get("waiting-heading"), blocks);
    if model.memberships.len() > 1 {
        view.back =
            Some(button(text.get("other-circles"), "arrow-left", Emphasis::Quiet, open(Route::Circles)));
    }
    view
}

/// The way out for who waits, perhaps where nobody answers.
pub fn stop(text: &Text, membership: &Membership) -> Vec<BlockView> {
    if !membership.may_stop_waiting() {
        return Vec::new();
    }
    // What was said to the host may have arrived.
    let said = membership.pairing_words.is_some() || membership.replica.phase() == Phase::Joining;
    let hint = text.get(if said { "stop-waiting-said" } else { "stop-waiting-hint" });
    let act = button(text.get("stop-waiting"), "x", Emphasis::Normal, Action::StopWaiting);
    vec![BlockView::Buttons(vec![act]), soft(hint)]
}

/// Nothing is wrong with the link, or the kit: this app is too old to read where it leads.
pub fn newer(text: &Text, membership: &Membership) -> ScreenView {
    let mut blocks = vec![words(text.get("link-newer-detail"))];
    blocks.extend(stop(text, membership));
    let mut view = screen(ScreenKind::Onboarding, text.get("too-new-heading"), blocks);
    view.primary = Some(button(text.get("update-now"), "refresh-cw", Emphasis::Primary, Action::ReloadApp));
    view.back = Some(back(text));
    view
}

fn unusable(text: &Text, problem: LinkProblem) -> ScreenView {
    let (heading, detail) = match problem {
        LinkProblem::Used => ("link-used", "link-used-detail"),
        LinkProblem::Expired => ("link-expired", "link-expired-detail"),
        LinkProblem::Cancelled => ("link-cancelled", "link-cancelled-detail"),
        LinkProblem::Unknown => ("link-unknown", "link-unknown-detail"),
        LinkProblem::Closed => ("link-closed", "link-closed-detail"),
        LinkProblem::NotGenuine | LinkProblem::Newer => ("link-not-genuine", "link-not-genuine-detail"),
    };
    let again = button(text.get("paste-another"), "link", Emphasis::Primary, open(Route::Paste));
    let mut view = screen(ScreenKind::Onboarding, text.get(heading), vec![words(text.get(detail))]);
    view.primary = Some(again);
    view.back = Some(back(text));
    view
}

/// Who is spoken to of what a role sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    You,
    They,
}

/// What a role will and will not see, said before joining and wherever a role is chosen.
pub fn sees(text: &Text, role: Role, whom: Whom) -> Vec<PointView> {
    let say = |key: &str| match whom {
        Whom::You => text.get(key),
        Whom::They => text.get(&format!("{key}-they")),
    };
    let yes = |key: &str| point("check", Tone::Teal, say(key));
    let no = |key: &str| point("lock", Tone::Plain, say(key));
    let mut points = vec![yes("sees-tasks"), yes("sees-people")];
    match role {
        Role::Coordinator | Role::Caregiver | Role::Professional => {
            points.push(yes("sees-log"));
            if role == Role::Coordinator {
                points.push(yes("sees-decides"));
            }
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

pub fn point(icon: &str, tone: Tone, text: String) -> PointView {
    PointView { icon: icon.to_owned(), tone, text }
}
