//! From the model to the screen that is on.

use super::{
    Appearance, BlockView, Emphasis, NoticeView, ScreenKind, ScreenView, UndoView, ViewModel, frame,
    parts::{button, empty, screen},
};
use crate::{
    event::{Action, Route},
    model::{Model, Opened, decides, path_of_route},
};

pub fn build(model: &Model) -> ViewModel {
    let text = &model.text;
    let mut shown = current(model);
    let closed = inside_closed(model);
    if closed {
        super::closing::read_only(&mut shown);
    }
    let inside = matches!(shown.kind, ScreenKind::Tab | ScreenKind::Detail | ScreenKind::Sheet)
        && model.current.is_some();
    let ended = model
        .membership()
        .is_some_and(|membership| membership.ended().is_some() || membership.closed_outside());
    let in_tabs = inside && model.is_open() && !model.is_joining() && !ended;
    ViewModel {
        appearance: Appearance {
            theme: model.settings.theme(),
            text_percent: model.settings.text_percent(),
            language: text.locale.tag().to_owned(),
        },
        bar: if inside { frame::bar(model) } else { None },
        tabs: if in_tabs { frame::tabs(model) } else { Vec::new() },
        path: if model.ready { path_of_route(model.place.top()) } else { String::new() },
        can_go_back: model.place.depth() > 1,
        log_button: frame::log_button(model).filter(|_| in_tabs && !closed && shown.kind == ScreenKind::Tab),
        notice: model.notice.as_ref().map(|notice| NoticeView {
            tone: notice.tone,
            icon: notice.icon.to_owned(),
            text: notice.text.clone(),
            dismiss: button(text.get("dismiss"), "x", Emphasis::Quiet, Action::DismissNotice),
        }),
        undo: model.undo.as_ref().filter(|_| !closed).map(|undo| UndoView {
            text: undo.text.clone(),
            undo: button(text.get("undo"), "undo-2", Emphasis::Normal, Action::Undo),
            details: undo
                .details
                .clone()
                .map(|act| button(text.get("add-details"), "plus", Emphasis::Normal, act)),
        }),
        screen: shown,
    }
}

/// The screen on is one of a circle that was closed.
fn inside_closed(model: &Model) -> bool {
    let outside = matches!(
        model.place.top(),
        Route::Welcome | Route::Start | Route::Paste | Route::SecondDevice | Route::Restore | Route::Circles
    );
    !outside && model.membership().is_some_and(|membership| membership.closed().is_some())
}

fn current(model: &Model) -> ScreenView {
    if let Some(blocked) = model.blocked {
        return frame::blocked(&model.text, blocked);
    }
    if !model.ready {
        return screen(ScreenKind::Starting, "Kith".into(), Vec::new());
    }
    match model.place.top() {
        Route::Welcome => return super::onboarding::welcome(model),
        Route::Start => return super::onboarding::start(model),
        Route::Paste => return super::onboarding::paste(model),
        Route::SecondDevice => return super::second::second_device(model),
        Route::Restore => return super::second::restore(model),
        Route::Join => return super::onboarding::join(model),
        Route::About => return super::settings::about(model),
        Route::Circles => return super::settings::circles(model),
        _ => {}
    }
    let Some(membership) = model.membership() else { return super::onboarding::welcome(model) };
    match membership.opened {
        // What cannot be read can still be cleared away.
        Opened::Cannot(_) if *model.place.top() == Route::Erase => {}
        Opened::Cannot(why) => return frame::cannot_open(model, why),
        Opened::Opening | Opened::Reading(_) => {
            return screen(ScreenKind::Starting, "Kith".into(), Vec::new());
        }
        Opened::Open => {}
    }
    let anyway = matches!(model.place.top(), Route::Settings | Route::Erase);
    if let Some(how) = membership.ended().filter(|_| !anyway) {
        return super::leaving::ended(model, membership, how);
    }
    if membership.closed_outside() && !anyway {
        return super::closing::never_in(model);
    }
    if membership.closed().is_some() && decides(model.place.top()) {
        return super::today::today(model, membership);
    }
    match model.place.top() {
        Route::QuickLog => super::quick_log::quick_log(model, membership, false),
        Route::AllKinds => super::quick_log::quick_log(model, membership, true),
        Route::Log => super::log::log(model, membership),
        Route::LogEntry { id } => super::entry::entry(model, membership, id),
        Route::LogForm { kind, id } => super::entry::form(model, membership, kind, id.as_deref()),
        Route::Tasks => super::tasks::tasks(model, membership),
        Route::TaskDetail { id } => super::task::task(model, membership, id),
        Route::TaskForm { id, .. } => super::task::form(model, id.as_deref()),
        Route::HandOver { id } => super::task::hand_over(model, membership, id),
        Route::Circle => super::circle::circle(model, membership),
        Route::Member { member } => super::member::member(model, membership, *member),
        Route::ChangeRole { member } => super::role::change(model, membership, *member),
        Route::RemoveMember { member } => super::role::remove(model, membership, *member),
        Route::Invite => super::invitation::form(model, membership),
        Route::Invitation { id } => super::invitation::invitation(model, membership, id),
        Route::Settings => super::settings::settings(model, membership),
        Route::CircleSettings => super::settings::circle(model, membership),
        Route::RenewKeys => super::locks::renew(model, membership),
        Route::Server => super::moving::server(model, membership),
        Route::Closing => super::closing::closing(model, membership),
        Route::Sharing => super::sharing::sharing(model, membership),
        Route::Leave => super::leaving::leave(model, membership),
        Route::Erase => super::leaving::erase(model, membership),
        Route::Devices => super::devices::devices(model, membership),
        Route::AddDevice => super::devices::add(model, membership),
        Route::RevokeDevice { device } => super::devices::revoke(model, membership, *device),
        Route::Kit => super::kit::kit(model, membership),
        Route::KitCheck => super::kit::check(model, membership),
        Route::NotShared => super::drawer::drawer(model, membership),
        _ => super::today::today(model, membership),
    }
}

/// What is shown for an entry or a task that is not here (any more, or yet).
pub fn not_found(model: &Model) -> ScreenView {
    let text = &model.text;
    let block: BlockView = empty("search", text.get("not-found"), text.get("not-found-detail"), Vec::new());
    super::parts::detail(text, text.get("not-found-heading"), vec![block])
}
