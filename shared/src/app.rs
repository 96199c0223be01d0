//! The Crux app: delegates, nothing more.

use crate::{effects::Effect, event::Event, model::Model, view::ViewModel};
use crux_core::{App, Command};

#[derive(Default)]
pub struct Kith;

impl App for Kith {
    type Event = Event;
    type Model = Model;
    type ViewModel = ViewModel;
    type Effect = Effect;

    fn update(&self, event: Event, model: &mut Model) -> Command<Effect, Event> {
        model.update(event)
    }

    fn view(&self, model: &Model) -> ViewModel {
        model.view()
    }
}
