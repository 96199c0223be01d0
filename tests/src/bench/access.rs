//! A circle of 200 that has come and gone for years: what its access stream of 2,000 entries costs a phone.

use super::row::{Row, number, quantile};
use anyhow::{Context as _, Result, ensure};
use kith_protocol::accept::accept_found;
use kith_protocol::access::{AccessLog, AccessRecord, Author, InviteTerms, Proposal, Settings, found};
use kith_protocol::invite::{Greeting, InviteSecret};
use kith_protocol::{DeviceNumber, DeviceSecrets, InviteId, Keyring, Language, MemberNumber, Role, Stream};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use std::time::Instant;

const MEMBERS: usize = 200;
const ENTRIES: u64 = 2_000;
const START: u64 = 1_790_000_000_000;
const ROUNDS: usize = 9;
/// What everybody else is: one coordinator founds.
const ROLES: [Role; 4] = [Role::Caregiver, Role::Professional, Role::Helper, Role::Friend];

pub fn measure() -> Result<Vec<Row>> {
    let circle = Circle::grown(&ROLES)?;
    let worst = Circle::grown(&[Role::Caregiver])?;
    let (mut cold, mut kept) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        ensure!(verified(&circle.records)?.head() == ENTRIES);
        cold.push(u64::try_from(begun.elapsed().as_nanos())?);
        let stored = circle.before_last.to_bytes();
        let begun = Instant::now();
        let mut log = AccessLog::from_bytes(&stored)?;
        take(&mut log, circle.records.last().context("a record")?)?;
        kept.push(u64::try_from(begun.elapsed().as_nanos())?);
    }
    let (entry, beside, took) = circle.clone().removes_one()?;
    let (worst_entry, worst_beside, worst_took) = worst.removes_one()?;
    Ok(vec![
        Row::at_most("access_2000_verified_cold", number(quantile(&mut cold, 500)) / 1e6, "ms", 1000.0),
        Row::at_most("access_2000_opened_with_prefix", number(quantile(&mut kept, 500)) / 1e6, "ms", 1000.0),
        Row::plain("access_2000_stored_prefix", number(circle.before_last.to_bytes().len() as u64), "B"),
        Row::plain("removal_of_200_entry", number(entry), "B"),
        Row::at_most("removal_of_200_with_wraps", number(beside), "B", 65_536.0),
        Row::at_most("removal_of_200_made", took, "ms", 1000.0),
        Row::plain("removal_of_200_caregivers_entry", number(worst_entry), "B"),
        Row::at_most("removal_of_200_caregivers_with_wraps", number(worst_beside), "B", 65_536.0),
        Row::at_most("removal_of_200_caregivers_made", worst_took, "ms", 1000.0),
    ])
}

/// The whole stream from its founding, every signature and rule.
fn verified(records: &[AccessRecord]) -> Result<AccessLog> {
    let (first, rest) = records.split_first().context("a founding")?;
    let mut log = AccessLog::found(&first.signed, first.stamp)?;
    for record in rest {
        take(&mut log, record)?;
    }
    Ok(log)
}

fn take(log: &mut AccessLog, record: &AccessRecord) -> Result<()> {
    let checked = log.check(&record.signed, record.stamp)?;
    log.push(checked)?;
    Ok(())
}

#[derive(Clone)]
struct Circle {
    log: AccessLog,
    before_last: AccessLog,
    records: Vec<AccessRecord>,
    secrets: DeviceSecrets,
    keyring: Keyring,
    rng: ChaCha20Rng,
    now: u64,
}

impl Circle {
    /// With so many members, whose roles go around, and so many entries.
    fn grown(roles: &[Role]) -> Result<Self> {
        let mut rng = ChaCha20Rng::from_seed([u8::try_from(roles.len())?; 32]);
        let secrets = DeviceSecrets::generate(&mut rng);
        let founding = found(&secrets, Language::English, None, &mut rng)?;
        let taken = accept_found(&founding.signed, &founding.wraps, START)?;
        let mut keyring = Keyring::default();
        for wrap in &founding.wraps {
            keyring.take_wrap(&taken.log, wrap, wrap.recipient, &secrets)?;
        }
        let (log, records) = (taken.log, vec![taken.record]);
        let mut circle = Self { before_last: log.clone(), log, records, secrets, keyring, rng, now: START };
        for role in roles {
            circle.invite(*role, (MEMBERS - 1).div_ceil(roles.len()))?;
        }
        while circle.log.head() < ENTRIES {
            let caregivers_invite = circle.log.head().is_multiple_of(2);
            let mut rng = circle.rng.clone();
            let proposal = circle.author().settings(Settings { caregivers_invite, heir: None }, &mut rng)?;
            circle.rng = rng;
            circle.push(proposal)?;
        }
        ensure!(circle.log.members().filter(|member| member.role().is_some()).count() == MEMBERS);
        Ok(circle)
    }

    fn author(&self) -> Author<'_> {
        Author {
            log: &self.log,
            device: DeviceNumber(1),
            secrets: &self.secrets,
            keyring: &self.keyring,
            now_ms: self.now,
        }
    }

    fn push(&mut self, proposal: Proposal) -> Result<()> {
        self.now += 1000;
        let record = AccessRecord { signed: proposal.signed, stamp: self.now };
        self.before_last = self.log.clone();
        take(&mut self.log, &record)?;
        for (stream, epoch, key) in proposal.keys {
            self.keyring.insert(&self.log, stream, epoch, key)?;
        }
        self.records.push(record);
        Ok(())
    }

    /// Lets so many join, each by a direct invitation of fifty uses or fewer.
    fn invite(&mut self, role: Role, mut people: usize) -> Result<()> {
        people = people.min(MEMBERS - self.log.members().count());
        while people > 0 {
            let uses = people.min(50);
            let mut id = [0; 16];
            self.rng.fill_bytes(&mut id);
            let secret = InviteSecret::generate(&mut self.rng);
            let terms = InviteTerms {
                id: InviteId(id),
                role,
                uses: u32::try_from(uses)?,
                expires: self.now + 86_400_000,
                direct: true,
            };
            let greeting = Greeting {
                person: "Rose".into(),
                inviter: "Anna".into(),
                language: "en-GB".into(),
                to: None,
            };
            let mut rng = self.rng.clone();
            let proposal = self.author().invite(&terms, &secret, &greeting, &mut rng)?;
            self.push(proposal)?;
            for _ in 0..uses {
                let joiner = DeviceSecrets::generate(&mut rng);
                let author = Author { device: DeviceNumber(0), secrets: &joiner, ..self.author() };
                let proposal = author.join(terms.id, &secret, "Sam", &mut rng)?;
                self.push(proposal)?;
            }
            self.rng = rng;
            people -= uses;
        }
        Ok(())
    }

    /// Removes the second member: bytes of the entry, bytes of what is sent, milliseconds to make it.
    fn removes_one(mut self) -> Result<(u64, u64, f64)> {
        let mut rng = self.rng.clone();
        let begun = Instant::now();
        let proposal = self.author().remove(MemberNumber(2), &mut rng)?;
        let took = u64::try_from(begun.elapsed().as_nanos())?;
        let entry = u64::try_from(proposal.signed.bytes.len())?;
        let sent = kith_protocol::message::SubmitAccess {
            signed: proposal.signed.clone(),
            wraps: proposal.wraps.clone(),
        };
        let sent = u64::try_from(sent.encode().len())?;
        self.push(proposal)?;
        ensure!(self.log.epoch(Stream::Commons) == 2, "no new key");
        Ok((entry, sent, number(took) / 1e6))
    }
}
