//! The state of the app and what each event does to it.
use crate::{
    effects::Effect,
    event::{Event, Theme},
    view::*,
};
use crux_core::{Command, render::render};

#[derive(Default)]
pub struct Model {}
impl Model {
    pub(crate) fn update(&mut self, _event: Event) -> Command<Effect, Event> {
        render()
    }
    pub(crate) fn view(&self) -> ViewModel {
        ViewModel {
            appearance: Appearance { theme: Theme::System, text_percent: 100, language: "en-GB".into() },
            bar: None,
            tabs: vec![],
            path: "/".into(),
            can_go_back: false,
            screen: ScreenView {
                kind: ScreenKind::Starting,
                heading: "Kith".into(),
                lead: None,
                tag: None,
                back: None,
                actions: vec![],
                blocks: vec![],
                primary: None,
                footnote: None,
            },
            log_button: None,
            notice: None,
            undo: None,
        }
    }
}
