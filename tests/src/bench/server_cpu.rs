//! What one durable edit costs the server's processor when four other devices are connected.

use super::{
    row::{Row, number},
    years::NOW_MS,
};
use crate::{
    network::{Clock, Server, World},
    phone::{PhoneKind, Role, Stage},
};
use anyhow::{Context, Result, ensure};
use shared::{Action, Event};

const EDITS: u64 = 1_000;
const FOLLOWERS: usize = 4;

pub fn measure() -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let clock = Clock::at(NOW_MS);
    let server = Server::on_sqlite(&folder.path().join("bench.db"), &clock, 3)?;
    let mut world = World::around(server, &clock, 3);
    let anna = world.add_phone(PhoneKind::Browser, "en-GB", 0);
    world.person(anna).start_circle("Rose", "Anna")?;
    world.run(5_000);
    for _ in 0..FOLLOWERS {
        let phone = world.add_phone(PhoneKind::Browser, "en-GB", 0);
        bring_in(&mut world, anna, phone)?;
    }
    world.run(60_000);
    let down: Vec<u64> =
        world.phones().iter().enumerate().map(|(n, _)| world.traffic(n).bytes_down).collect();
    let before = world.server_cpu();
    for _ in 0..EDITS {
        world.tell(anna, Event::Do(Action::QuickLog { kind: "drink".to_owned() }));
        world.run(400);
    }
    let spent = world.server_cpu().saturating_sub(before);
    for (phone, before) in down.iter().enumerate() {
        let more = world.traffic(phone).bytes_down - before;
        ensure!(more > EDITS * 60, "phone {phone} heard {more} bytes only");
    }
    let each = number(u64::try_from(spent.as_nanos())?) / number(EDITS) / 1e6;
    Ok(vec![Row::at_most("server_cpu_one_edit_to_four", each, "ms", 0.2)])
}

fn bring_in(world: &mut World, host: usize, guest: usize) -> Result<()> {
    world.person(host).invite(Role::Caregiver, false)?;
    world.run(5_000);
    let link = world.person(host).link()?.context("no link")?;
    world.person(guest).open_link(&link);
    world.run(5_000);
    world.person(guest).join("Marie")?;
    world.run(5_000);
    let words = world.person(guest).sees()?.words();
    world.person(host).admit(&words)?;
    world.run(5_000);
    ensure!(!world.person(guest).sees()?.0.tabs.is_empty(), "a follower did not get in");
    Ok(())
}
