//! A phone that missed 300 entries of somebody else gets them: requests and bytes, both ways.

use super::{
    row::{Row, number},
    years::{NOW_MS, ORIGIN},
};
use crate::{
    network::{Clock, Server, Traffic, Wire},
    phone::{Role, Stage},
};
use anyhow::{Context, Result, ensure};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde::Deserialize;
use shared::{Event, FieldValue, Route};
use std::collections::BTreeMap;

/// What is logged; the same on every machine and in every run.
const REFERENCE: &str = include_str!("../../fixtures/reference-entries.json");

#[derive(Deserialize)]
struct Reference {
    kind: String,
    fields: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Number(i64),
    Text(String),
    Chosen(Vec<String>),
}

pub fn measure() -> Result<Vec<Row>> {
    let batches = catch_up(false)?;
    let envelopes = catch_up(true)?;
    let bytes = |traffic: Traffic| number(traffic.bytes_up + traffic.bytes_down);
    Ok(vec![
        Row::at_most("catch_up_300_requests", number(batches.requests), "requests", 1.0),
        Row::at_most("catch_up_300_in_batches", bytes(batches), "bytes", 30_000.0),
        Row::at_most("catch_up_300_envelopes_requests", number(envelopes.requests), "requests", 1.0),
        Row::at_most("catch_up_300_in_envelopes", bytes(envelopes), "bytes", 150_000.0),
    ])
}

/// `one_by_one`: the author had reception, so that each entry went in an envelope of its own.
fn catch_up(one_by_one: bool) -> Result<Traffic> {
    let clock = Clock::at(NOW_MS);
    let mut wire = Wire::direct(Server::new(&clock, 2)?, ORIGIN, &clock);
    let anna = wire.add_phone("en-GB", ChaCha20Rng::seed_from_u64(1));
    let marie = wire.add_phone("en-GB", ChaCha20Rng::seed_from_u64(2));
    join(&mut wire, anna, marie)?;
    wire.reception(marie, false);
    wire.reception(anna, one_by_one);
    let reference: Vec<Reference> = serde_json::from_str(REFERENCE)?;
    for entry in &reference {
        log(&mut wire, anna, entry)?;
    }
    wire.reception(anna, true);
    for _ in 0..3 {
        wire.look(anna);
    }
    let rows = |wire: &Wire, phone: usize| {
        let disk = wire.phones()[phone].disk.pairs();
        disk.keys().filter(|key| key.windows(9).any(|part| part == b"/row/log/")).count()
    };
    let before = wire.traffic(marie);
    wire.reception(marie, true);
    let traffic = wire.traffic(marie).since(before);
    let (has, had) = (rows(&wire, marie), rows(&wire, anna));
    ensure!(has == reference.len() && had == reference.len(), "{has} of {had} entries arrived");
    Ok(traffic)
}

fn join(wire: &mut Wire, host: usize, guest: usize) -> Result<()> {
    let pass = |wire: &mut Wire| {
        wire.wait(1_000);
        for phone in [host, guest, host, guest] {
            wire.look(phone);
        }
    };
    wire.person(host).start_circle("Rose", "Anna")?;
    pass(wire);
    wire.person(host).invite(Role::Caregiver, false)?;
    pass(wire);
    let link = wire.person(host).link()?.context("no link")?;
    wire.person(guest).open_link(&link);
    pass(wire);
    wire.person(guest).join("Marie")?;
    pass(wire);
    let words = wire.person(guest).sees()?.words();
    wire.person(host).admit(&words)?;
    pass(wire);
    pass(wire);
    wire.person(guest).tab(&Route::Log)
}

fn log(wire: &mut Wire, phone: usize, entry: &Reference) -> Result<()> {
    // The empty form, by its address: the sheet would keep a drink at once.
    wire.tell(phone, Event::PathOpened { path: format!("/log/new/{}", entry.kind) });
    let mut person = wire.person(phone);
    for (field, value) in &entry.fields {
        let value = match value {
            Value::Number(number) => FieldValue::Number(*number),
            Value::Text(text) => FieldValue::Text(text.clone()),
            Value::Chosen(options) => FieldValue::Chosen(options.clone()),
        };
        person.fill(field, value)?;
    }
    person.keep()
}
