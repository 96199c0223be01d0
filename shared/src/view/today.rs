//! Today: since you last looked, what is next, what nobody has taken, doses when needed.

use super::{
    BannerView, BlockView, Emphasis, RowView, ScreenKind, ScreenView, Tone,
    log::{entries, entry_row, listed, value_words},
    parts::{banner, button, empty, open, row, screen, section},
    tasks::task_row,
};
use crate::{
    event::{Action, Platform, Route},
    model::{Membership, Model},
};
use chrono::{Days, Timelike};
use kith_domain::{LIST_DOSES, LIST_LOG, Task, TaskState, log};
use kith_protocol::Role;
use kith_replica::Wished;

/// Rows of a part of Today; the rest is a tap away.
const FEW: usize = 5;

pub fn today(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let mut blocks: Vec<BlockView> = super::sharing::urgent(text, membership).into_iter().collect();
    blocks.extend(super::closing::news(model, membership));
    blocks.extend(super::moving::urgent(model, membership));
    blocks.extend(step_in(model, membership));
    blocks.extend(since(model, membership));
    let tasks = membership.tasks();
    let (next, unclaimed) = split(model, &tasks);
    let rows = |tasks: &[&Task]| -> Vec<RowView> {
        tasks.iter().take(FEW).map(|task| task_row(model, membership, task)).collect()
    };
    if !next.is_empty() {
        blocks.push(section(Some(text.get("today-next")), rows(&next)));
    }
    blocks.extend(when_needed(model, membership));
    if !unclaimed.is_empty() {
        blocks.push(section(Some(text.get("today-open")), rows(&unclaimed)));
    }
    let mut latest = 0;
    if membership.reads_care() {
        let recent: Vec<RowView> = entries(membership, LIST_LOG)
            .filter(|entry| !entry.archived)
            .take(3)
            .map(|entry| entry_row(model, membership, entry))
            .collect();
        latest = recent.len();
        if !recent.is_empty() {
            blocks.push(section(Some(text.get("today-latest")), recent));
        }
    }
    if next.is_empty() && unclaimed.is_empty() && latest == 0 {
        blocks.push(first_step(model, membership));
    }
    blocks.extend(install_hint(model));
    blocks.extend(reminder(model, membership));
    screen(ScreenKind::Tab, greeting(model, membership), blocks)
}

fn greeting(model: &Model, membership: &Membership) -> String {
    let key = match model.clock().local(model.now_ms).hour() {
        5..=11 => "greeting-morning",
        12..=17 => "greeting-afternoon",
        18..=22 => "greeting-evening",
        _ => "greeting-night",
    };
    model.text.with(key, &[("name", (&membership.my_name()).into())])
}

/// Tasks due in the next 24 hours or overdue, and those that nobody has taken.
fn split<'a>(model: &Model, tasks: &[&'a Task]) -> (Vec<&'a Task>, Vec<&'a Task>) {
    let soon = model.clock().today().checked_add_days(Days::new(1));
    let is_open = |task: &&Task| task.state == TaskState::Open;
    tasks
        .iter()
        .copied()
        .filter(is_open)
        .filter(|task| {
            task.needed > 0 || soon.is_some_and(|soon| task.due.day().is_some_and(|day| day <= soon))
        })
        .partition(|task| soon.is_some_and(|soon| task.due.day().is_some_and(|day| day <= soon)))
}

/// What others wrote since this member looked; nothing when there is nothing.
fn since(model: &Model, membership: &Membership) -> Option<BlockView> {
    let text = &model.text;
    let me = membership.me()?;
    let from = membership.looked_from.or_else(|| joined_at(membership))?;
    let news = log::since::since(entries(membership, LIST_LOG), from, me.0);
    let tasks = membership.tasks();
    let done = tasks.iter().filter(|task| match task.state {
        TaskState::Done { by, at: Some(at) } => at > from && by != Some(me.0),
        _ => false,
    });
    let done = done.count();
    let doses = news.by_kind.get("dose").copied().unwrap_or(0);
    let others = (news.new + news.changed).saturating_sub(doses);
    let mut what = Vec::new();
    if others > 0 {
        what.push(text.with("today-since-entries", &[("n", others.into())]));
    }
    if doses > 0 {
        what.push(text.with("today-since-doses", &[("n", doses.into())]));
    }
    if done > 0 {
        what.push(text.with("today-since-tasks", &[("n", done.into())]));
    }
    if what.is_empty() {
        return None;
    }
    let mut who: Vec<String> = news.by_member.keys().map(|member| membership.name_of(*member)).collect();
    who.retain(|name| !name.is_empty());
    let what = listed(text, &what);
    let when = model.clock().ago(from);
    let detail = if who.is_empty() {
        text.with("today-since-plain", &[("what", (&what).into()), ("when", (&when).into())])
    } else {
        let who = listed(text, &who);
        text.with(
            "today-since-by",
            &[("what", (&what).into()), ("when", (&when).into()), ("who", (&who).into())],
        )
    };
    Some(BlockView::Banner(BannerView {
        tone: Tone::Teal,
        icon: "history".into(),
        title: text.get("today-since"),
        detail,
        open: Some(if membership.reads_care() { Action::LookedAtSince } else { open(Route::Tasks) }),
        actions: Vec::new(),
    }))
}

/// When this member came in, by the server's clock.
fn joined_at(membership: &Membership) -> Option<u64> {
    let access = membership.replica.access()?;
    let device = access.device(membership.replica.me()?.1)?;
    access.stamp_at(device.from?)
}

/// As-needed medicines with when they were last given, as it was written down; nothing is computed.
fn when_needed(model: &Model, membership: &Membership) -> Option<BlockView> {
    if !membership.reads_care() {
        return None;
    }
    let text = &model.text;
    let clock = model.clock();
    let rows: Vec<RowView> = log::last_doses(entries(membership, LIST_DOSES).filter(|entry| !entry.archived))
        .into_iter()
        .take(FEW)
        .map(|dose| {
            let when = clock.ago(u64::try_from(dose.happened.instant_ms()).unwrap_or(0));
            let who = dose.by.as_ref().map(|by| value_words(model, membership, by)).unwrap_or_default();
            let mut detail =
                text.with("today-last-dose", &[("when", (&when).into()), ("who", (&who).into())]);
            if let (Some(before), Some(after)) = (dose.before, dose.after) {
                let change = text.with(
                    "today-dose-change",
                    &[("before", i64::from(before).into()), ("after", i64::from(after).into())],
                );
                detail = format!("{detail}, {change}");
            }
            let title = dose
                .dose
                .map_or_else(|| dose.medicine.clone(), |given| format!("{}, {given}", dose.medicine));
            let mut shown = row(dose.entry.to_string(), "pill", Tone::Amber, title, detail);
            shown.open = Some(open(Route::LogEntry { id: dose.entry.to_string() }));
            shown
        })
        .collect();
    (!rows.is_empty()).then(|| section(Some(text.get("today-when-needed")), rows))
}

fn first_step(model: &Model, membership: &Membership) -> BlockView {
    let text = &model.text;
    if !membership.reads_care() {
        return empty("leaf", text.get("today-quiet-title"), text.get("today-quiet-helper"), Vec::new());
    }
    let mut actions = vec![button(text.get("log"), "notebook-pen", Emphasis::Primary, open(Route::QuickLog))];
    if membership.may_invite(Role::Helper) {
        actions.push(button(text.get("invite"), "user-plus", Emphasis::Normal, open(Route::Invite)));
    }
    let explain = format!("{} {}", text.get("today-first-log"), text.get("today-first-invite"));
    empty("leaf", text.get("today-first-title"), explain, actions)
}

/// A browser that was not asked to keep things, or a tab that forgets, is told once the person has something to lose.
fn install_hint(model: &Model) -> Option<BlockView> {
    let text = &model.text;
    let tab = model.launch.as_ref().is_some_and(|launch| launch.platform == Platform::WebIosTab);
    tab.then(|| {
        banner(Tone::Amber, "smartphone", text.get("ios-tab-title"), text.get("ios-tab-detail"), Vec::new())
    })
}

/// The heir's time has come: no coordinator has done anything for long.
pub fn step_in(model: &Model, membership: &Membership) -> Option<BlockView> {
    let text = &model.text;
    let waits =
        |wish: &Wished| matches!(wish, Wished::SetRole(member, _) if membership.me() == Some(*member));
    let asked = membership.replica.wishes().iter().any(|(_, wish)| waits(wish));
    let open = membership.closed().is_none();
    (open && membership.may_step_in(model.now_ms) && !asked).then(|| {
        let act = button(text.get("step-in-button"), "check", Emphasis::Primary, Action::StepIn);
        banner(Tone::Amber, "shield-check", text.get("step-in-title"), text.get("step-in-detail"), vec![act])
    })
}

/// One coordinator and no recovery kit: a lost phone would cost the circle. Said once there is something to lose.
fn reminder(model: &Model, membership: &Membership) -> Option<BlockView> {
    let text = &model.text;
    let me = membership.me().filter(|me| membership.is_last_coordinator(me.0))?;
    let known = model.settings.replicas.iter().find(|known| Some(&known.id) == model.current.as_ref());
    let silent = known.and_then(|known| known.remind_from).is_some_and(|from| model.now_ms < from);
    let shared = membership.active_members().len() > 1;
    let safe = membership.has_kit() || membership.devices_of(me.0).len() > 1;
    if silent || safe || !shared || membership.closed().is_some() {
        return None;
    }
    let later = |label: &str, for_good| {
        button(text.get(label), "", Emphasis::Quiet, Action::DismissReminder { for_good })
    };
    let actions = vec![
        button(text.get("kit-make"), "life-buoy", Emphasis::Normal, open(Route::Kit)),
        later("reminder-later", false),
        later("reminder-never", true),
    ];
    Some(banner(Tone::Teal, "life-buoy", text.get("reminder-title"), text.get("reminder-detail"), actions))
}
