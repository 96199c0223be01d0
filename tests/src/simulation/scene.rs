//! A circle while it is played: its people, their world, and what was promised. Carries out one step of a plan.

use super::{
    cast::Member,
    deeds::Deed,
    forge,
    inside::{Inside, reached},
    ledger::Ledger,
    outlaw,
    plan::Step,
    shelf::Shelf,
};
use crate::{
    network::World,
    phone::{Pairs, Sight, Stage},
};
use anyhow::{Context, Result, ensure};
use kith_protocol::{Stream, message::Frame};
use shared::view::SharingKind;
use std::collections::BTreeMap;

pub struct Scene {
    pub world: World,
    pub ledger: Ledger,
    pub members: Vec<Member>,
    /// Copies of disks, by member.
    backups: BTreeMap<usize, Pairs>,
    /// The server once showed two histories: phones may have stopped sharing.
    pub forked: bool,
    /// The server once went on from a backup.
    went_back: bool,
}

impl Scene {
    pub fn new(world: World, members: Vec<Member>, ledger: Ledger) -> Self {
        Self { world, ledger, members, backups: BTreeMap::new(), forked: false, went_back: false }
    }

    /// One step. What cannot be done at that moment is left out.
    pub fn take(&mut self, who: usize, step: Step) {
        let actor = self.one_of_the_phones(who, step);
        // The screen that does not offer something is no fault; that each thing is offered at times is tested.
        let _ = self.befall(actor, step);
    }

    /// Who has two phones uses now one, now the other.
    fn one_of_the_phones(&self, who: usize, step: Step) -> usize {
        let copies = |(index, member): (usize, &Member)| (member.copy_of == Some(who)).then_some(index);
        let copy = self.members.iter().enumerate().find_map(copies);
        let turn = self.ledger.edits() % 2 == 1;
        copy.filter(|_| turn && step.is_deed()).unwrap_or(who)
    }

    fn befall(&mut self, who: usize, step: Step) -> Result<()> {
        let Self { world, ledger, members, .. } = self;
        let member = members.get(who).context("nobody")?.clone();
        let phone = member.phone;
        let done = match step {
            Step::Reload => {
                ensure!(!member.outlaw);
                world.reload(phone);
                "reload"
            }
            Step::Offline { noticed } => {
                world.set_reception(phone, false, noticed);
                "go offline"
            }
            Step::Online => return Ok(world.set_reception(phone, true, true)),
            Step::DiskFull => {
                world.phone_mut(phone).disk.set_full(true);
                "fill the disk"
            }
            Step::DiskFree => return Ok(world.phone_mut(phone).disk.set_full(false)),
            Step::Weather(forecast) => return Ok(world.weather = forecast.weather()),
            Step::CrashWhileKeeping => {
                ensure!(member.is_in() && !member.outlaw);
                (Deed { world, ledger, member: &member, who }).crash_while_keeping()?;
                "crash"
            }
            Step::BackUpServer => return Ok(world.back_up_server()),
            Step::RestoreServer => {
                ensure!(world.restore_server());
                self.went_back = true;
                "restore the server"
            }
            Step::Fork(mask) => {
                ensure!(!self.forked);
                let astray = |phone: usize| mask >> phone & 1 == 1;
                world.fork_server(astray);
                self.forked = true;
                "fork"
            }
            Step::Join => {
                ensure!(world.join_histories());
                return Ok(());
            }
            Step::Truth => {
                world.liar.end(phone);
                return Ok(world.dial_anew(phone));
            }
            Step::Attack(attack) => {
                ensure!(who > 0 && member.is_in() && members.iter().all(|one| one.copy_of.is_none()));
                let inside = Inside::of(world.phones()[phone].disk.pairs())?;
                if !member.outlaw {
                    members[who].outlaw = true;
                    world.stop(phone);
                }
                outlaw::send(world, &inside, attack)?;
                "attack"
            }
            _ if !member.is_in() || member.outlaw => return Ok(()),
            Step::Lie(lie) => {
                let wrong_keys = Inside::of(world.phones()[phone].disk.pairs())?.wrong_keys();
                world.liar.lie(phone, lie, wrong_keys);
                "lie"
            }
            Step::Plant { by, what } => {
                let by = members.get(by).filter(|by| by.is_in() && by.phone != phone).context("nobody")?.phone;
                return self.plant(phone, by, what);
            }
            Step::BackUpPhone => {
                self.backups.insert(who, world.phones()[phone].disk.pairs().clone());
                return Ok(());
            }
            Step::RestorePhone => return self.restore_phone(who),
            Step::ClonePhone => return self.clone_phone(who),
            deed => return Deed { world, ledger, member: &member, who }.perform(deed),
        };
        self.ledger.count(done);
        Ok(())
    }

    fn plant(&mut self, phone: usize, by: usize, what: forge::Plant) -> Result<()> {
        let inside = Inside::of(self.world.phones()[by].disk.pairs())?;
        let target = Inside::of(self.world.phones()[phone].disk.pairs())?;
        let stream = match what {
            // Somewhere that the accomplice may not write.
            forge::Plant::Right => {
                let forbidden =
                    |stream: &Stream| !inside.log.may_write(inside.device, *stream, inside.log.head());
                let reads = |stream: &Stream| target.log.streams_of(target.device).contains(stream);
                Stream::SHARED
                    .into_iter()
                    .find(|stream| forbidden(stream) && reads(stream))
                    .context("none")?
            }
            _ => Stream::Commons,
        };
        ensure!(inside.access_head() == target.access_head());
        let state = target.state(stream);
        let page = forge::plant(&inside, &state, what)?;
        self.world.liar.note(phone);
        self.world.plant(phone, Frame::Entries(page).encode());
        self.ledger.count("plant");
        Ok(())
    }

    /// The disk goes back to its copy. What it alone held, and the copy does not, is gone.
    fn restore_phone(&mut self, who: usize) -> Result<()> {
        let pairs = self.backups.get(&who).context("no backup")?.clone();
        let phone = self.members[who].phone;
        let now = self.world.phones()[phone].disk.pairs().clone();
        let (before, after) = (Shelf::of(&now)?, Shelf::of(&pairs)?);
        let went_back = self.went_back || self.forked;
        self.ledger.forgive(who, |text| !after.says(text) && (went_back || before.still_holds(text)));
        self.world.restore_phone(phone, pairs);
        self.ledger.count("restore a phone");
        Ok(())
    }

    fn clone_phone(&mut self, who: usize) -> Result<()> {
        ensure!(self.members.iter().all(|member| member.copy_of.is_none()));
        Shelf::of(self.world.phones()[self.members[who].phone].disk.pairs())?;
        let phone = self.world.copy_phone(self.members[who].phone);
        let member = Member { phone, copy_of: Some(who), ..self.members[who].clone() };
        self.members.push(Member { name: format!("{} (copy)", member.name), ..member });
        self.ledger.count("clone a phone");
        Ok(())
    }

    /// Whether a phone says that the server is at fault.
    pub fn has_stopped(&self, member: &Member) -> bool {
        let view = self.world.phones()[member.phone].view();
        view.is_some_and(|view| Sight(view).sharing() == Some(SharingKind::Stopped))
    }

    /// Whether a phone might have been shown what no honest server shows.
    pub fn may_stop(&self, member: &Member) -> bool {
        self.forked || self.world.liar.lied_to(member.phone)
    }

    /// Everybody whose phone is what it should be and goes on sharing.
    pub fn healthy(&self) -> Vec<Member> {
        let sound = |member: &&Member| member.is_in() && !member.outlaw && !self.has_stopped(member);
        self.members.iter().filter(sound).cloned().collect()
    }

    /// Places that a phone believes in and the true server never had.
    pub fn made_up(&self, member: &Member) -> Vec<String> {
        let states = reached(self.world.phones()[member.phone].disk.pairs());
        let made_up =
            states.iter().filter(|state| !self.world.record.knows(state.stream, state.k, state.chain));
        made_up
            .map(|state| format!("{} believes entry {} of {}", member.name, state.k, state.stream))
            .collect()
    }

    pub fn sees(&mut self, member: &Member) -> Result<Sight> {
        self.world.person(member.phone).sees()
    }
}
