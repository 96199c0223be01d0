//! Every event, in order, to the part of the app that knows what to do.

use super::state::{Blocked, Model, TaskFilter};
use crate::{
    effects::{Effect, PlatformOperation},
    event::{Action, Asker, Event},
    view::ViewModel,
};
use crux_core::{Command, render::render};
use kith_replica::Input;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

pub(super) type Commands = Vec<Command<Effect, Event>>;

impl Model {
    pub(crate) fn update(&mut self, event: Event) -> Command<Effect, Event> {
        let Event::Stamped(stamped) = event else { return self.inbox.take_in(event) };
        self.inbox.stamp(&stamped);
        let mut commands = Commands::new();
        while let Some(ready) = self.inbox.next_ready() {
            self.now_ms = ready.now_ms;
            self.rng = ChaCha20Rng::from_seed(ready.entropy);
            commands.extend(self.handle(ready.event));
        }
        commands.push(render());
        Command::all(commands)
    }

    pub(crate) fn view(&self) -> ViewModel {
        crate::view::build(self)
    }

    pub(super) fn handle(&mut self, event: Event) -> Commands {
        match event {
            Event::Started(launch) => self.start(launch),
            Event::OwnershipLost => {
                self.blocked = Some(Blocked::TakenOver);
                self.tell_all(&Input::Disconnect)
            }
            // Nothing but taking over is possible once another tab runs the core.
            Event::Do(Action::TakeOver) => vec![platform(PlatformOperation::TakeOver)],
            Event::Do(Action::ReloadApp) => vec![platform(PlatformOperation::Reload)],
            _ if self.blocked.is_some() => Commands::new(),
            // Nothing is decided before it is known what is on this device already.
            event if !self.ready && from_outside(&event) => {
                self.early.push(event);
                Commands::new()
            }
            Event::Do(action) => self.act(action),
            Event::FieldChanged { field, value } => self.field_changed(field, value),
            Event::PathOpened { path } => self.path_opened(&path),
            Event::LinkOpened { link } => self.link_opened(&link),
            Event::Foregrounded => self.tell_all(&Input::Foreground),
            Event::ReceptionChanged { online: true } => self.tell_all(&Input::Connect),
            Event::ReceptionChanged { online: false } => self.tell_all(&Input::Disconnect),
            Event::StorageAnswered(answered) => match answered.to {
                Asker::Replica(id) => self.replica_stored(&id, answered.output),
                Asker::App(serial) => self.question_answered(serial, answered.output),
            },
            Event::HttpAnswered(answered) => self.replica_answered(*answered),
            Event::SocketSpoke(spoke) => self.socket_spoke(*spoke),
            Event::Woke { replica: Some(replica), serial } => self.woke(&replica, serial),
            Event::Woke { replica: None, serial } => self.minute_passed(serial),
            Event::Stamped(_) => Commands::new(),
        }
    }

    fn act(&mut self, action: Action) -> Commands {
        match action {
            Action::Open(route) => self.go(route),
            Action::Back => self.go_back(),
            Action::SwitchCircle { replica } => self.switch_circle(&replica),
            Action::Keep => self.keep(),
            Action::QuickLog { kind } => self.quick_log(&kind),
            Action::Undo => self.undo_last(),
            Action::DismissNotice => {
                self.notice = None;
                Commands::new()
            }
            Action::ShowMore => self.show_more(),
            Action::FilterLog { kind } => self.filter_log(kind),
            Action::FilterTasks { filter } => {
                self.lists.task_filter = TaskFilter::from_code(&filter);
                self.lists.windows = 1;
                Commands::new()
            }
            Action::Archive { item } => self.archive(&item, true),
            Action::Restore { item } => self.archive(&item, false),
            Action::ChooseVersion { item, field, index } => self.choose_version(&item, &field, index),
            Action::Claim { task } => self.claim(&task),
            Action::StandDown { task } => self.stand_down(&task),
            Action::HandOver { task, member } => self.hand_over(&task, member),
            Action::Done { task } => self.set_done(&task, true),
            Action::Reopen { task } => self.set_done(&task, false),
            Action::StartCircle => self.start_circle(),
            Action::PasteLink => self.paste_link(),
            Action::Join => self.join(),
            Action::CancelInvite { invite } => self.cancel_invite(&invite),
            Action::CopyInvite { invite } => {
                self.give_link(&invite, |text| PlatformOperation::CopyText { text })
            }
            Action::ShareInvite { invite } => {
                self.give_link(&invite, |text| PlatformOperation::ShareText { text })
            }
            Action::TakeBack { wish } => self.tell_current(Input::TakeBack { wish }),
            Action::RemoveMember { member } => self.remove_member(member),
            Action::FreshLink { member } => self.fresh_link(member),
            Action::LeaveCircle => self.leave_circle(),
            Action::EraseCircle => self.erase_circle(),
            Action::StopWaiting => self.stop_waiting(),
            Action::StepIn => self.step_in(),
            Action::RenewKeys => self.renew_keys(),
            Action::AnnounceClosing => self.announce_closing(),
            Action::KeepOpen => self.keep_open(),
            Action::CloseCircle => self.close_circle(),
            Action::MoveCircle => self.move_circle(),
            Action::FollowTo => self.follow_to(),
            Action::OtherServer => {
                if let Some(membership) = self.membership_mut() {
                    membership.looked_at = None;
                }
                Commands::new()
            }
            Action::GoOnThere => self.go_on_there(),
            Action::GiveBack => self.give_back(),
            Action::DismissReminder { for_good } => self.dismiss_reminder(for_good),
            Action::OfferDevice => self.offer_device(),
            Action::CopyPairing => self.give_pairing(|text| PlatformOperation::CopyText { text }),
            Action::SharePairing => self.give_pairing(|text| PlatformOperation::ShareText { text }),
            Action::ConfirmDevice => self.confirm_device(),
            Action::DeclineDevice => self.decline_device(),
            Action::RevokeDevice { device } => self.revoke_device(device),
            Action::MakeKit => self.make_kit(),
            Action::CheckKit => self.check_kit(),
            Action::Admit { device } => self.admit(device),
            Action::Refuse { device } => self.refuse(device),
            Action::ChooseTheme { theme } => self.change_settings(|settings| settings.set_theme(theme)),
            Action::ChooseTextSize { percent } => {
                self.change_settings(|settings| settings.set_text_percent(percent))
            }
            Action::ChooseLanguage { tag } => {
                self.change_settings(|settings| settings.language = (!tag.is_empty()).then_some(tag))
            }
            Action::CopyDraft { drawer } => self.copy_draft(drawer),
            Action::DiscardDraft { drawer } => self.tell_current(Input::Discard { drawer }),
            Action::OfferAgain { drawer } => self.offer_again(drawer),
            Action::KeepStorage => vec![platform(PlatformOperation::KeepStorage)],
            Action::LookedAtSince => self.looked_at_since(),
            Action::TakeOver | Action::ReloadApp => Commands::new(),
        }
    }

    pub(super) fn tell_current(&mut self, input: Input) -> Commands {
        match self.current.clone() {
            Some(id) => self.tell(&id, input),
            None => Commands::new(),
        }
    }

    fn tell_all(&mut self, input: &Input) -> Commands {
        let ids: Vec<String> = self.memberships.keys().cloned().collect();
        ids.iter().flat_map(|id| self.tell(id, input.clone())).collect()
    }
}

/// What a person or the platform does, as opposed to answers to what the core asked.
fn from_outside(event: &Event) -> bool {
    matches!(
        event,
        Event::Do(_)
            | Event::FieldChanged { .. }
            | Event::PathOpened { .. }
            | Event::LinkOpened { .. }
            | Event::Foregrounded
            | Event::ReceptionChanged { .. }
    )
}

/// Asks the platform for something whose outcome changes nothing here.
pub(super) fn platform(operation: PlatformOperation) -> Command<Effect, Event> {
    Command::new(async move |context| {
        context.request_from_shell(operation).await;
    })
}
