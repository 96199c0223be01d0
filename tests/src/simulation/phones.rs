//! Several phones of one person: which of them they use, how another one comes, is lost and is found.

use super::{
    cast::{Member, Way},
    deeds::Deed,
    inside::Inside,
    own_phones,
    plan::Step,
    scene::Scene,
    shelf::Shelf,
};
use crate::phone::{PhoneKind, Stage};
use anyhow::{Context, Result, ensure};
use kith_domain::LIST_SELF;
use kith_protocol::access::AccessLog;

impl Scene {
    /// Who has two phones uses now one, now the other.
    pub(super) fn one_of_the_phones(&self, who: usize, step: Step) -> usize {
        let of_them = |(index, member): (usize, &Member)| {
            let theirs = index == who || member.copy_of == Some(who) || member.second_of == Some(who);
            // What befalls a phone befalls the first of a disk that was copied.
            let befallen = step.is_deed() || member.copy_of.is_none();
            let usable = index == who || member.is_in();
            (theirs && befallen && usable && !member.lost).then_some(index)
        };
        let phones: Vec<usize> = self.members.iter().enumerate().filter_map(of_them).collect();
        let turn = usize::try_from(self.ledger.edits()).unwrap_or(0) % phones.len().max(1);
        match step {
            Step::BackUpPhone | Step::RestorePhone | Step::ClonePhone | Step::Attack(_) | Step::UseLink => {
                who
            }
            _ => phones.get(turn).copied().unwrap_or(who),
        }
    }

    /// Every phone of a person that is not lost: what ends, ends on all of them.
    pub(super) fn phones_of(&self, who: usize) -> Vec<usize> {
        let person = self.members.get(who).map_or(who, |member| member.person(who));
        let theirs = |(index, member): (usize, &Member)| {
            (member.person(index) == person && !member.lost).then_some(member.phone)
        };
        self.members.iter().enumerate().filter_map(theirs).collect()
    }

    /// Who came in by a pairing or a kit meanwhile.
    pub(super) fn learn_who_came_again(&mut self) {
        for index in 0..self.members.len() {
            let member = &self.members[index];
            if member.second_of.is_none() || member.way == Way::In || member.lost || !member.is_honest() {
                continue;
            }
            let phone = member.phone;
            if self.world.person(phone).sees().is_ok_and(|sight| !sight.0.tabs.is_empty()) {
                self.members[index].way = Way::In;
                let restored = self.members[index].restored;
                self.ledger.count(if restored { "restore from a kit" } else { "pair a phone" });
            }
        }
    }

    /// Whether another phone of the same person does not share any more.
    pub(super) fn another_stopped(&self, member: &Member) -> bool {
        let own = self.members.iter().position(|one| one.phone == member.phone);
        let person = own.map(|own| member.person(own));
        let theirs = |(index, other): (usize, &Member)| {
            other.phone != member.phone && Some(other.person(index)) == person && !self.shares(other)
        };
        self.members.iter().enumerate().any(theirs)
    }

    /// What a phone that shares knows of who belongs.
    pub(super) fn known_log(&self) -> Option<AccessLog> {
        let healthy = self.healthy();
        healthy.iter().find_map(|one| Inside::log_of(self.world.phones()[one.phone].disk.pairs()))
    }

    /// Every history that a phone which shares knows: one, unless the server showed two.
    pub(super) fn known_logs(&self) -> Vec<AccessLog> {
        let mut logs: Vec<AccessLog> = Vec::new();
        for one in self.healthy() {
            let Some(log) = Inside::log_of(self.world.phones()[one.phone].disk.pairs()) else { continue };
            if logs.iter().all(|known| known.head_hash() != log.head_hash()) {
                logs.push(log);
            }
        }
        logs
    }

    /// Whether another phone must come in: the circle knows it, or the kit that it has the words of, or the lost phone of
    /// who is sent a fresh link.
    pub(super) fn must_come_in(&self, member: &Member) -> bool {
        let pairs = self.world.phones()[member.phone].disk.pairs();
        let Some(log) = self.known_log() else { return false };
        if let Some(old) = member.fresh.and_then(|old| self.members.get(old)) {
            let pairs = self.world.phones()[old.phone].disk.pairs();
            return self.host().is_some()
                && Inside::device_of(pairs, &log).is_some_and(kith_protocol::access::Device::active);
        }
        if member.restored {
            let person = member.second_of.and_then(|who| self.members.get(who));
            return !self.went_back() && person.is_some_and(|first| self.kit_counts(first, &log));
        }
        Inside::device_of(pairs, &log).is_some_and(kith_protocol::access::Device::active)
    }

    /// Whether the kit that somebody has on paper still counts: the only one that their member has.
    fn kit_counts(&self, first: &Member, log: &AccessLog) -> bool {
        let device = Inside::device_of(self.world.phones()[first.phone].disk.pairs(), log);
        device.is_some_and(|device| log.devices_of(device.member).any(|one| one.recovery))
    }

    /// Whether the circle was closed: nobody comes in any more, and nothing is shared.
    pub(super) fn is_closed(&self) -> bool {
        self.known_log().is_some_and(|log| log.closed_at().is_some())
    }

    fn another(&mut self, who: usize, phone: usize) -> usize {
        let person = self.members[who].person(who);
        let first = &self.members[person];
        let name = format!("{} (phone {phone})", first.name);
        let mut member = Member::new(name, first.role, phone);
        (member.second_of, member.way) = (Some(person), Way::Opened);
        self.members.push(member);
        self.members.len() - 1
    }

    pub(super) fn second_phone(&mut self, who: usize, drawn: u64) -> Result<()> {
        let person = self.members[who].person(who);
        let more = self.members.iter().filter(|one| one.second_of == Some(person)).count();
        ensure!(more < 3, "enough phones");
        let member = self.members[who].clone();
        let Self { world, ledger, .. } = self;
        let paired = Deed { world, ledger, member: &member, who }.pair(drawn)?;
        let lied_to = self.may_stop(&member);
        let index = self.another(who, paired.phone);
        self.members[index].uninvited = !paired.confirmed;
        self.faults.extend(paired.fault.filter(|_| !lied_to && !self.world.liar.lied_to(paired.phone)));
        Ok(())
    }

    pub(super) fn make_kit(&mut self, who: usize) -> Result<()> {
        let member = self.members[who].clone();
        let person = member.person(who);
        let Self { world, ledger, .. } = self;
        self.members[person].kit = Deed { world, ledger, member: &member, who }.make_kit()?;
        Ok(())
    }

    /// Who has neither another phone nor a kit comes back by a link that names them.
    pub(super) fn lose_phone(&mut self, who: usize) -> Result<()> {
        let person = self.members[who].person(who);
        let (phone, kit) = (self.members[who].phone, self.members[person].kit.clone());
        ensure!(self.members.iter().all(|one| one.copy_of.is_none()), "which of the two would it be");
        let others = self.phones_of(who).into_iter().filter(|other| *other != phone).count();
        self.learn_roles();
        ensure!(self.members[who].is_in(), "does not belong to the circle any more");
        let fresh = kit.is_empty() && others == 0;
        ensure!(!fresh || self.host().is_some_and(|host| host != phone), "nobody could let them in again");
        self.world.set_reception(phone, false, false);
        self.world.stop(phone);
        self.members[who].lost = true;
        self.forgive_lost(who);
        self.ledger.count("lose a phone");
        if fresh {
            let phone = self.world.add_phone(PhoneKind::Browser, "en-GB", 0);
            let (name, role) = (self.members[person].name.clone(), self.members[who].role);
            self.members.push(Member { fresh: Some(who), ..Member::new(name, role, phone) });
        }
        if !kit.is_empty() {
            let kept_looking = self.kept_looking(who);
            let phone = own_phones::restore(&mut self.world, &kit)?;
            let index = self.another(who, phone);
            (self.members[index].restored, self.members[index].looked) = (true, kept_looking);
        }
        Ok(())
    }

    /// Whether when they last looked is shared: whoever comes back by a kit must have it.
    fn kept_looking(&self, who: usize) -> bool {
        let pairs = self.world.phones()[self.members[who].phone].disk.pairs();
        // What is one's own comes to another server with one's own phones only (ADR 0036).
        let doubtful = self.went_back() || self.moved || self.may_stop(&self.members[who]);
        Shelf::of(pairs).is_ok_and(|shelf| !shelf.rows(LIST_SELF).is_empty() && shelf.waiting() == 0)
            && !doubtful
    }

    /// What a lost phone alone held is gone with it. After a server went back, nobody can say what that was.
    fn forgive_lost(&mut self, who: usize) {
        let pairs = self.world.phones()[self.members[who].phone].disk.pairs();
        let doubtful = self.went_back() || self.may_stop(&self.members[who]);
        if let Ok(shelf) = Shelf::of(pairs) {
            self.ledger.forgive(who, |text| doubtful || shelf.still_holds(text));
        }
    }

    /// The server went back: what lost phones could have handed back is gone.
    pub(super) fn forgive_all_lost(&mut self) {
        for who in 0..self.members.len() {
            if self.members[who].lost {
                self.forgive_lost(who);
            }
            self.members[who].looked = false;
        }
    }

    pub(super) fn find_phone(&mut self, who: usize) -> Result<()> {
        let lost = |(index, one): (usize, &Member)| (one.lost && one.person(index) == who).then_some(index);
        let found = self.members.iter().enumerate().find_map(lost).context("nothing was lost")?;
        self.members[found].lost = false;
        let phone = self.members[found].phone;
        self.world.start(phone);
        self.world.set_reception(phone, true, true);
        self.ledger.count("find a phone");
        Ok(())
    }

    pub(super) fn revoke_phone(&mut self, who: usize, of: usize) -> Result<()> {
        let member = self.members[who].clone();
        let own = member.person(who) == of;
        let name = self.members.get(of).context("nobody")?.name.clone();
        let Self { world, ledger, .. } = self;
        Deed { world, ledger, member: &member, who }.revoke((!own).then_some(name.as_str()))
    }
}
