//! A circle while it is played: its people, their world, and what was promised. Carries out one step of a plan.

use super::{
    cast::{Member, Way},
    deeds::Deed,
    doubt::Backup,
    forge,
    inside::{Inside, standing},
    ledger::{Ledger, NAME},
    outlaw,
    plan::Step,
    shelf::Shelf,
};
use crate::{
    network::World,
    phone::{Pairs, PhoneKind, Role, Sight, Stage},
};
use anyhow::{Context, Result, ensure};
use kith_protocol::{Stream, message::Frame};
use std::collections::{BTreeMap, BTreeSet};

const DAY_MS: u64 = 24 * 3_600_000;

pub struct Scene {
    pub world: World,
    pub ledger: Ledger,
    pub members: Vec<Member>,
    /// Copies of disks, by member.
    backups: BTreeMap<usize, Pairs>,
    /// The server once showed two histories: phones may have stopped sharing.
    pub(super) forked: bool,
    /// Whether the server ever went on from a backup.
    pub(super) backup: Backup,
    /// A coordinator moved the circle to the other server.
    pub(super) moved: bool,
    /// What must not happen and was seen on a screen.
    pub faults: Vec<String>,
    /// How long everybody slept, in milliseconds.
    pub slept_ms: u64,
    /// Every key ring that each member's phone ever held, as stored.
    pub(super) keyrings: BTreeMap<usize, BTreeSet<Vec<u8>>>,
}

impl Scene {
    pub fn new(world: World, members: Vec<Member>, ledger: Ledger) -> Self {
        let (backups, keyrings) = (BTreeMap::new(), BTreeMap::new());
        let (forked, backup, moved) = (false, Backup::Unused, false);
        let (faults, slept_ms) = (Vec::new(), 0);
        Self { world, ledger, members, backups, forked, backup, moved, faults, slept_ms, keyrings }
    }

    /// One step. What cannot be done at that moment is left out.
    pub fn take(&mut self, who: usize, step: Step) {
        let actor = self.one_of_the_phones(who, step);
        // The screen that does not offer something is no fault; that each thing is offered at times is tested.
        let _ = self.befall(actor, step);
        self.note_keys();
    }

    /// Takes from each phone what its owner may do, and whether they still belong.
    pub fn learn_roles(&mut self) {
        for member in self.members.iter_mut().filter(|member| member.way == Way::In) {
            let found = standing(self.world.phones()[member.phone].disk.pairs());
            match found {
                Some(Some(role)) => (member.role, member.gone) = (role, false),
                Some(None) => member.gone = true,
                None => {}
            }
        }
    }

    /// The phone of a coordinator who can let people in.
    pub fn host(&self) -> Option<usize> {
        let able = |member: &&Member| {
            member.is_in()
                && member.is_honest()
                && !member.lost
                && member.role == Role::Coordinator
                && self.shares(member)
        };
        self.members.iter().find(able).map(|member| member.phone)
    }

    #[expect(clippy::too_many_lines, clippy::unit_arg, reason = "one arm a step, most of one line")]
    fn befall(&mut self, who: usize, step: Step) -> Result<()> {
        let Self { world, ledger, members, .. } = self;
        let member = members.get(who).context("nobody")?.clone();
        let phone = member.phone;
        let done = match step {
            Step::Reload => {
                ensure!(!member.outlaw && !member.lost);
                world.reload(phone);
                "reload"
            }
            Step::Offline { noticed } => {
                world.set_reception(phone, false, noticed);
                "go offline"
            }
            Step::Online => {
                for phone in self.phones_of(who) {
                    self.world.set_reception(phone, true, true);
                }
                return Ok(());
            }
            Step::DiskFull => {
                world.phone_mut(phone).disk.set_full(true);
                "fill the disk"
            }
            Step::DiskFree => {
                for phone in self.phones_of(who) {
                    self.world.phone_mut(phone).disk.set_full(false);
                }
                return Ok(());
            }
            Step::Weather(forecast) => return Ok(world.weather = forecast.weather()),
            Step::CrashWhileKeeping => {
                ensure!(member.is_in() && !member.outlaw && !member.lost);
                (Deed { world, ledger, member: &member, who }).crash_while_keeping()?;
                "crash"
            }
            Step::BackUpServer => return Ok(world.back_up_server()),
            Step::RestoreServer => {
                self.server_goes_back(true)?;
                "restore the server"
            }
            Step::TurnBackServer => {
                self.server_goes_back(false)?;
                "turn the server back"
            }
            Step::Fork(mask) => {
                ensure!(!self.forked && !self.moved);
                let astray = |phone: usize| mask >> phone & 1 == 1;
                world.fork_server(astray);
                self.forked = true;
                self.forgive_all_lost();
                "fork"
            }
            Step::Join => {
                ensure!(world.join_histories());
                return Ok(());
            }
            Step::Truth => {
                for phone in self.phones_of(who) {
                    self.world.liar.end(phone);
                    self.world.dial_anew(phone);
                }
                return Ok(());
            }
            Step::FindPhone => return self.find_phone(who),
            Step::Sleep { days } => {
                self.slept_ms += days * DAY_MS;
                world.skip(days * DAY_MS);
                "sleep"
            }
            Step::Attack(attack) => {
                ensure!(
                    who > 0
                        && member.is_in()
                        && !member.lost
                        && members.iter().all(|one| one.copy_of.is_none())
                );
                let inside = Inside::of(world.phones()[phone].disk.pairs())?;
                if !member.outlaw {
                    members[who].outlaw = true;
                    world.stop(phone);
                }
                outlaw::send(world, &inside, attack)?;
                "attack"
            }
            _ if !member.is_in() || member.outlaw || member.lost => return Ok(()),
            Step::Lie(lie) => {
                let wrong_keys = Inside::of(world.phones()[phone].disk.pairs())?.wrong_keys();
                world.liar.lie(phone, lie, wrong_keys);
                "lie"
            }
            Step::Plant { by, what } => {
                let by =
                    members.get(by).filter(|by| by.is_in() && by.phone != phone).context("nobody")?.phone;
                return self.plant(phone, by, what);
            }
            Step::Remove(of) => {
                let name = members.get(of).context("nobody")?.name.clone();
                return Deed { world, ledger, member: &member, who }.remove(&name);
            }
            Step::SetRole { of, role } => {
                let name = members.get(of).context("nobody")?.name.clone();
                return Deed { world, ledger, member: &member, who }.set_role(&name, role);
            }
            Step::Newcomer(role) => {
                // Nobody is invited as a coordinator; that comes later.
                let role = if role == Role::Coordinator { Role::Caregiver } else { role };
                let phone = world.add_phone(PhoneKind::App, "en-GB", 0);
                members.push(Member::new(format!("{NAME}{}New", members.len()), role, phone));
                return Ok(());
            }
            Step::UseLink => {
                let link = Some(member.link.clone()).filter(|link| !link.is_empty()).context("no link")?;
                let phone = world.add_phone(PhoneKind::Browser, "en-GB", 0);
                let mut late = Member::new(format!("{NAME}{}Late", members.len()), member.role, phone);
                late.uninvited = true;
                members.push(late);
                world.person(phone).open_link(&link);
                world.run(20_000);
                let _ = world.person(phone).join("zqnameLate");
                "use a link again"
            }
            Step::Leave => {
                let deed = Deed { world, ledger, member: &member, who }.perform(step);
                let person = member.person(who);
                let theirs = |(index, one): &(usize, &mut Member)| one.person(*index) == person;
                if deed.is_ok() {
                    members.iter_mut().enumerate().filter(theirs).for_each(|(_, one)| one.left = true);
                }
                return deed;
            }
            Step::SecondPhone(drawn) => return self.second_phone(who, drawn),
            Step::MakeKit => return self.make_kit(who),
            Step::LosePhone => return self.lose_phone(who),
            Step::RevokePhone(of) => return self.revoke_phone(who, of),
            Step::NameHeir(of) => {
                let name = members.get(of).context("nobody")?.name.clone();
                return Deed { world, ledger, member: &member, who }.name_heir(&name);
            }
            Step::MoveCircle => {
                // Of two histories only one moves.
                ensure!(!self.forked && !self.moved);
                Deed { world, ledger, member: &member, who }.move_circle()?;
                self.moved = true;
                return Ok(());
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
        ensure!(!self.members[who].lost);
        let pairs = self.backups.get(&who).context("no backup")?.clone();
        let phone = self.members[who].phone;
        let now = self.world.phones()[phone].disk.pairs().clone();
        let (before, after) = (Shelf::of(&now)?, Shelf::of(&pairs)?);
        let went_back = self.went_back() || self.has_two_histories();
        self.ledger.forgive(who, |text| !after.says(text) && (went_back || before.still_holds(text)));
        self.world.restore_phone(phone, pairs);
        self.members[who].went_back = true;
        self.ledger.count("restore a phone");
        Ok(())
    }

    fn clone_phone(&mut self, who: usize) -> Result<()> {
        ensure!(self.members.iter().all(|member| member.copy_of.is_none()));
        ensure!(!self.members[who].lost);
        Shelf::of(self.world.phones()[self.members[who].phone].disk.pairs())?;
        let phone = self.world.copy_phone(self.members[who].phone);
        if self.may_stop(&self.members[who]) {
            // It may have stopped already, and its copy with it.
            self.world.liar.note(phone);
        }
        let member = Member { phone, copy_of: Some(who), ..self.members[who].clone() };
        self.members.push(Member { name: format!("{} (copy)", member.name), ..member });
        self.ledger.count("clone a phone");
        Ok(())
    }

    fn server_goes_back(&mut self, marked: bool) -> Result<()> {
        // The old server knows nothing of what is written where the circle went.
        ensure!(!self.moved);
        self.world.restore_server(marked)?;
        self.backup = self.backup.max(if marked { Backup::Marked } else { Backup::Untold });
        self.forgive_all_lost();
        Ok(())
    }

    pub fn sees(&mut self, member: &Member) -> Result<Sight> {
        self.world.person(member.phone).sees()
    }
}
