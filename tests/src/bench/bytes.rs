//! What one entry of the log costs on the way up.

use super::{
    row::{Row, number},
    years::NOW_MS,
};
use crate::{
    network::{Traffic, World},
    phone::{PhoneKind, Stage},
};
use anyhow::{Result, ensure};

const NOTE: &str = "Slept from ten to six, woke once and drank half a cup of tea.";

pub fn measure() -> Result<Vec<Row>> {
    let socket = one_entry(PhoneKind::Browser)?;
    let request = one_entry(PhoneKind::App)?;
    Ok(vec![
        Row::at_most("bytes_up_one_entry", number(socket.bytes_up), "bytes", 500.0),
        Row::plain("bytes_up_one_entry_by_request", number(request.bytes_up), "bytes"),
    ])
}

/// What a phone that is connected sends for one note, the longest that a person writes quickly.
fn one_entry(kind: PhoneKind) -> Result<Traffic> {
    let mut world = World::new(1, NOW_MS)?;
    let phone = world.add_phone(kind, "en-GB", 0);
    world.person(phone).start_circle("Rose", "Anna")?;
    world.run(65_000);
    let before = world.traffic(phone);
    world.person(phone).log_note(NOTE)?;
    world.run(5_000);
    let cost = world.traffic(phone).since(before);
    ensure!(cost.bytes_up > 100, "nothing was sent");
    Ok(cost)
}
