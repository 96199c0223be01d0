//! What stays under the thumb: what was just kept and a word to the person (both said aloud), the screen's one
//! button, the Log button.

use super::{
    button::{icon_button, log_button, shaped, submit, tone},
    form::FORM,
    icon::icon_if_any,
};
use leptos::prelude::*;
use shared::{
    ViewModel,
    view::{BlockView, ButtonView, NoticeView, ScreenKind, ScreenView, UndoView},
};

/// The foot of the frame. A sheet has one of its own, as nothing under it can be reached; this one then stays as it was.
pub fn foot(view: RwSignal<ViewModel>) -> impl IntoView {
    let under = Memo::new(move |_| view.with(|view| view.screen.kind == ScreenKind::Sheet));
    let shown = Memo::new(move |before: Option<&(ScreenView, Option<ButtonView>)>| {
        view.with(|view| match before {
            Some(before) if view.screen.kind == ScreenKind::Sheet => before.clone(),
            _ => (view.screen.clone(), view.log_button.clone()),
        })
    });
    let log = Memo::new(move |_| {
        shown.with(|(screen, log)| {
            log.clone().filter(|_| screen.primary.is_none() && screen.kind != ScreenKind::Sheet)
        })
    });
    view! {
        <div class="foot">
            <div class="messages" role="status">
                {move || (!under.get()).then(|| messages(view))}
            </div>
            {move || log.with(|log| log.as_ref().map(|log| log_button(log, "log-button")))}
            {move || shown.with(|(screen, _)| if screen.kind == ScreenKind::Sheet { None } else { primary(screen) })}
        </div>
    }
}

/// Notice and undo.
pub fn messages(view: RwSignal<ViewModel>) -> impl IntoView {
    let messages = Memo::new(move |_| view.with(|view| (view.notice.clone(), view.undo.clone())));
    move || messages.with(|(told, kept)| (told.as_ref().map(notice), kept.as_ref().map(undo)))
}

/// The one button of a screen with the sentence under it. A sentence alone stands at the end of the screen.
pub fn primary(screen: &ScreenView) -> Option<impl IntoView + use<>> {
    let button = screen.primary.as_ref()?;
    let with_form = screen.blocks.iter().any(|block| matches!(block, BlockView::Form(_)));
    let button =
        if with_form { submit(button, FORM).into_any() } else { shaped(button, "wide big").into_any() };
    Some(view! { <div class="primary-box">{button} {screen.footnote.as_deref().map(footnote)}</div> })
}

pub fn footnote(words: &str) -> impl IntoView + use<> {
    view! { <p class="footnote">{words.to_owned()}</p> }
}

fn notice(notice: &NoticeView) -> impl IntoView + use<> {
    view! {
        <div class=format!("notice {}", tone(notice.tone))>
            {icon_if_any(&notice.icon)}
            <p>{notice.text.clone()}</p>
            {icon_button(&notice.dismiss, "")}
        </div>
    }
}

fn undo(undo: &UndoView) -> impl IntoView + use<> {
    view! {
        <div class="undo">
            <p>{undo.text.clone()}</p>
            <div class="undo-buttons">
                {shaped(&undo.undo, "on-ink")} {undo.details.as_ref().map(|details| shaped(details, "on-ink"))}
            </div>
        </div>
    }
}
