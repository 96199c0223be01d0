//! Whatever a circle does: somebody runs it, who may read can read, and who went reads nothing that came after.

use crate::world::{DAY, Person, World};
use kith_protocol::access::{AccessLog, Action, Settings, Standing};
use kith_protocol::invite::InviteLink;
use kith_protocol::{DeviceNumber, Keyring, MemberNumber, Party, Role, Stream, WrapSubject};
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Invite(Role, bool),
    Join(prop::sample::Index),
    Cancel(prop::sample::Index),
    Admit(prop::sample::Index),
    Refuse(prop::sample::Index),
    SetRole(prop::sample::Index, Role),
    Remove(prop::sample::Index),
    Revoke(prop::sample::Index),
    Leave,
    Rotate(Stream),
    RotateOwn,
    Caregivers(bool),
    Wait,
}

fn roles() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![
        Role::Coordinator,
        Role::Caregiver,
        Role::Professional,
        Role::Helper,
        Role::Friend,
    ])
}

/// The founder most of the time, who may do most.
fn authors() -> impl Strategy<Value = usize> {
    prop_oneof![2 => Just(0usize), 1 => any::<usize>()]
}

fn steps() -> impl Strategy<Value = Step> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        3 => (roles(), any::<bool>()).prop_map(|(role, direct)| Step::Invite(role, direct)),
        5 => index().prop_map(Step::Join),
        1 => index().prop_map(Step::Cancel),
        3 => index().prop_map(Step::Admit),
        1 => index().prop_map(Step::Refuse),
        2 => (index(), roles()).prop_map(|(who, role)| Step::SetRole(who, role)),
        1 => index().prop_map(Step::Remove),
        1 => index().prop_map(Step::Revoke),
        1 => Just(Step::Leave),
        2 => prop::sample::select(Stream::SHARED.to_vec()).prop_map(Step::Rotate),
        1 => Just(Step::RotateOwn),
        1 => any::<bool>().prop_map(Step::Caregivers),
        1 => Just(Step::Wait),
    ]
}

struct Life {
    world: World,
    people: Vec<Person>,
    /// Every link, with who made it.
    links: Vec<(InviteLink, MemberNumber)>,
    /// Devices that took themselves out: they are in their owner's hands, whose links stay.
    signed_out: Vec<DeviceNumber>,
}

impl Life {
    fn step(&mut self, who: usize, step: &Step) {
        let author = self.people[who % self.people.len()].clone();
        let member = |index: &prop::sample::Index| index.get(&self.people).member();
        let action = match step {
            Step::Wait => {
                self.world.now += 4 * DAY;
                return;
            }
            Step::Invite(role, direct) => {
                let mut author = author;
                self.world.fetch_keys(&mut author);
                self.invite(&author, *role, *direct);
                return;
            }
            Step::Join(link) => {
                if !self.links.is_empty() {
                    let (link, _) = link.get(&self.links).clone();
                    self.people.extend(self.world.join(&link, "N").ok());
                }
                return;
            }
            Step::Cancel(link) => match self.links.len() {
                0 => return,
                _ => Action::CancelInvite(link.get(&self.links).0.id, Vec::new()),
            },
            Step::Admit(who) => Action::Admit(member(who)),
            Step::Refuse(who) => Action::Refuse(member(who)),
            Step::SetRole(who, role) => Action::SetRole(member(who), *role, Vec::new()),
            Step::Remove(who) => Action::Remove(member(who), Vec::new()),
            Step::Revoke(who) => Action::RevokeDevice(who.get(&self.people).device, Vec::new()),
            Step::Leave => Action::Leave,
            Step::Rotate(stream) => Self::rotation(*stream),
            Step::RotateOwn => Self::rotation(Stream::Private(author.member())),
            Step::Caregivers(may) => Action::Settings(Settings { caregivers_invite: *may, heir: None }),
        };
        let signs_out = action == Action::RevokeDevice(author.device, Vec::new());
        let Ok(proposal) = self.world.try_propose(&author, action) else { return };
        if self.world.submit(Party::Device(author.device), &proposal).is_ok() && signs_out {
            self.signed_out.push(author.device);
        }
    }

    fn rotation(stream: Stream) -> Action {
        let blank = kith_protocol::access::Rotation {
            stream,
            epoch: 0,
            commit: kith_protocol::Hash::ZERO,
            previous: None,
        };
        Action::RotateKeys(vec![blank])
    }

    /// A founder and one of each of three roles, whose links stay open.
    fn new() -> Self {
        let (world, founder) = World::found();
        let mut circle =
            Self { world, people: vec![founder.clone()], links: Vec::new(), signed_out: Vec::new() };
        for role in [Role::Caregiver, Role::Helper, Role::Friend] {
            circle.invite(&founder, role, true);
        }
        for (link, _) in circle.links.clone() {
            circle.people.push(circle.world.join(&link, "N").unwrap());
        }
        circle
    }

    fn invite(&mut self, author: &Person, role: Role, direct: bool) {
        let reads = Stream::SHARED.iter().filter(|stream| role.reads(**stream));
        let log = &self.world.log;
        // Without the keys there is nothing to seal for a direct invitation.
        if direct && reads.clone().any(|stream| author.keyring.key(*stream, log.epoch(*stream)).is_none()) {
            return;
        }
        if let Ok(link) = self.world.invite(author, role, direct) {
            self.links.push((link, author.member()));
        }
    }

    fn somebody_runs_it(&self) {
        let log = &self.world.log;
        let runs = log.members().any(|member| {
            member.standing == Standing::Active
                && member.role() == Some(Role::Coordinator)
                && log.devices_of(member.number).next().is_some()
        });
        assert!(runs);
    }

    fn who_may_read_can(&self) {
        for person in &self.people {
            let mut person = person.clone();
            person.keyring = Keyring::default();
            self.world.fetch_keys(&mut person);
            let missing = person.keyring.missing(&self.world.log, person.device);
            assert!(missing.is_empty(), "{:?} lacks {missing:?}", person.device);
        }
    }

    /// With every wrap that the server holds, and the secrets that this person knows.
    fn who_went_reads_nothing_new(&self) {
        let log = &self.world.log;
        for person in &self.people {
            let Some(until) = log.device(person.device).and_then(|device| device.until) else { continue };
            let signed_out = self.signed_out.contains(&person.device);
            let mut ring = Keyring::default();
            for wrap in &self.world.wraps {
                let _ = ring.take_wrap(log, wrap, Party::Device(person.device), &person.secrets);
                let known = self.links.iter().filter(|(link, by)| {
                    let came = person.link.as_ref().is_some_and(|own| own.id == link.id);
                    !signed_out && (came || *by == person.member())
                });
                for (link, _) in known {
                    let party = Party::Invitation(link.id);
                    let _ = ring.take_wrap(log, wrap, party, &link.secret.secrets());
                }
            }
            for stream in Stream::SHARED {
                let old = log.epoch_at(stream, until - 1);
                for epoch in old + 1..=log.epoch(stream) {
                    assert!(ring.key(stream, epoch).is_none(), "{:?} reads {stream} {epoch}", person.device);
                }
            }
        }
    }

    fn wraps_are_for_devices_that_were_active(&self) {
        for wrap in &self.world.wraps {
            if let (Party::Device(device), WrapSubject::Epoch(..)) = (wrap.recipient, wrap.subject) {
                assert!(self.world.log.device(device).is_some_and(|known| known.from.is_some()));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_a_circle_does(life in vec((authors(), steps()), 1..30)) {
        let mut circle = Life::new();
        for (who, step) in &life {
            circle.step(*who, step);
            circle.somebody_runs_it();
        }
        circle.who_may_read_can();
        circle.who_went_reads_nothing_new();
        circle.wraps_are_for_devices_that_were_active();
        let again = AccessLog::verify_all(&circle.world.records).unwrap();
        prop_assert_eq!(&again, &circle.world.log);
        let stored = AccessLog::from_bytes(&again.to_bytes());
        prop_assert_eq!(stored.as_ref(), Ok(&circle.world.log));
    }
}
