//! What must hold: a little of it always, all of it at rest.

use super::{
    cast::Member,
    forge::FORGED,
    inside::{Inside, fault as why_stopped, keys_of, standing},
    ledger::{CARE, OPEN},
    outcome::Outcome,
    scene::Scene,
    shelf::Shelf,
};
use crate::{
    network::{World, contains},
    phone::{Stage, row_text},
};
use anyhow::Result;
use kith_domain::{LIST_DOSES, LIST_LOG, LIST_PEOPLE, LIST_PROFILE, LIST_SELF, LIST_TASKS};
use kith_protocol::Stream;
use kith_replica::StoredEdit;
use shared::{Action, Event, Route, view::SharingKind};

/// Cheap enough for every step: nobody stops sharing without a reason, and nobody believes what a liar made up.
pub fn always(scene: &Scene, outcome: &mut Outcome) {
    let mut fault = |fault: String| {
        if !outcome.faults.contains(&fault) {
            outcome.faults.push(fault);
        }
    };
    for member in scene.members.iter().filter(|member| member.is_honest()) {
        if scene.has_stopped(member) && !scene.may_stop(member) {
            let why = why_stopped(scene.world.phones()[member.phone].disk.pairs()).unwrap_or_default();
            fault(format!("{}'s phone says that sharing stopped {why}", member.name));
        }
        scene.made_up(member).into_iter().for_each(&mut fault);
    }
}

/// Everything, once nothing moves.
pub fn at_rest(scene: &mut Scene, outcome: &mut Outcome) -> Result<()> {
    always(scene, outcome);
    outcome.faults.extend(scene.world.faults().iter().chain(&scene.faults).cloned());
    outcome.faults.extend(scene.world.record.faults().iter().cloned());
    outcome.leaked.extend(scene.world.spy.heard().iter().cloned());
    scene.learn_roles();
    outcome.leaked.extend(scene.opened_too_much());
    secrets(scene, outcome);
    strangers(scene, outcome);
    let healthy = scene.healthy();
    let healthy: Vec<&Member> = healthy.iter().collect();
    shared_line(scene, &healthy, outcome)?;
    // A server erases the bodies of a circle that is closed: who was away goes on with what they had.
    let healthy = if scene.is_closed() { Vec::new() } else { healthy };
    equal_stores(&scene.world, &healthy, outcome)?;
    own_things(scene, &healthy, outcome)?;
    promises(scene, &healthy, outcome)?;
    equal_screens(&mut scene.world, &healthy, outcome)
}

/// No word of the log on the phone of somebody who may not read it, and no word at all on that of somebody who went,
/// but what they wrote themselves and could not share. Nothing forged anywhere.
fn secrets(scene: &Scene, outcome: &mut Outcome) {
    let kept = |member: &&Member| member.is_honest() && !member.lost && scene.shares(member);
    for member in scene.members.iter().filter(kept) {
        let pairs = scene.world.phones()[member.phone].disk.pairs();
        let Ok(keys) = keys_of(pairs) else { continue };
        // What is being typed in a form is a person's own until it is kept.
        let own = |key: &[u8]| key.starts_with(&keys.drawers()) || contains(key, b"/draft/");
        for (key, value) in pairs.iter().filter(|(key, _)| !own(key)) {
            let says = |word: &str| contains(value, word.as_bytes()) || contains(key, word.as_bytes());
            let must_not =
                (!member.role.reads_care() || member.gone) && says(CARE) || member.gone && says(OPEN);
            let key = key.escape_ascii();
            if must_not {
                outcome.leaked.push(format!("what was written, on the phone of {} under {key}", member.name));
            }
            if says(FORGED) {
                outcome
                    .faults
                    .push(format!("what was forged is on the phone of {} under {key}", member.name));
            }
        }
    }
}

/// A link that was used lets nobody else in.
fn strangers(scene: &mut Scene, outcome: &mut Outcome) {
    for member in scene.members.iter().filter(|member| member.uninvited) {
        if standing(scene.world.phones()[member.phone].disk.pairs()).is_some() {
            outcome.faults.push(format!("{} came in by a link that was used", member.name));
        }
    }
}

/// All is shared; what is in the drawer is said, and so is a clock that is wrong.
fn shared_line(scene: &mut Scene, inside: &[&Member], outcome: &mut Outcome) -> Result<()> {
    let closed = scene.is_closed();
    for member in inside {
        let sharing = scene.sees(member)?.sharing();
        let phone = &scene.world.phones()[member.phone];
        let drawer = Shelf::of(phone.disk.pairs())?.in_drawer();
        let right = match sharing {
            Some(SharingKind::Stopped) => closed,
            Some(SharingKind::AllShared) => drawer == 0,
            Some(SharingKind::NotShared) => drawer > 0,
            // The key of what is one's own lies on a phone that was shown another history, and stopped.
            Some(SharingKind::Sharing) => scene.has_two_histories() && scene.another_stopped(member),
            Some(SharingKind::ClockOff) => {
                drawer == 0 && phone.clock_ms().abs_diff(scene.world.now()) > 119_000
            }
            _ => false,
        };
        if !right {
            outcome.faults.push(format!("{}'s phone says {sharing:?} at rest", member.name));
        }
    }
    Ok(())
}

/// Equal heads, lists and histories for equal rights, byte by byte.
fn equal_stores(world: &World, inside: &[&Member], outcome: &mut Outcome) -> Result<()> {
    let heads =
        |member: &Member| Inside::log_of(world.phones()[member.phone].disk.pairs()).map(|log| log.cursor());
    for pair in inside.windows(2) {
        if heads(pair[0]) != heads(pair[1]) {
            outcome
                .diverged
                .push(format!("who belongs, on the phones of {} and {}", pair[0].name, pair[1].name));
        }
    }
    let groups: [(&str, Stream, &[&str], bool); 2] = [
        ("commons", Stream::Commons, &[LIST_TASKS, LIST_PEOPLE, LIST_PROFILE], false),
        ("care", Stream::Care, &[LIST_LOG, LIST_DOSES], true),
    ];
    for (class, stream, lists, care) in groups {
        let readers: Vec<&&Member> =
            inside.iter().filter(|member| !care || member.role.reads_care()).collect();
        let Some((first, others)) = readers.split_first() else { continue };
        let of_first = Shelf::of(world.phones()[first.phone].disk.pairs())?;
        for other in others {
            let of_other = Shelf::of(world.phones()[other.phone].disk.pairs())?;
            let mut differ = |what: &str| {
                outcome
                    .diverged
                    .push(format!("{what} of {class} on the phones of {} and {}", first.name, other.name));
            };
            if of_first.cursor(stream) != of_other.cursor(stream) {
                differ("heads");
            }
            for list in lists {
                if of_first.rows(list) != of_other.rows(list) {
                    differ(&format!("the list {list}"));
                }
            }
            if let Some(difference) = different_history(&of_first, &of_other, stream) {
                differ(&difference);
            }
        }
    }
    Ok(())
}

/// What somebody keeps for themselves is the same on all their phones, and came back with their kit.
fn own_things(scene: &Scene, inside: &[&Member], outcome: &mut Outcome) -> Result<()> {
    let phones = scene.world.phones();
    let owner = |member: &Member| {
        let pairs = phones[member.phone].disk.pairs();
        let log = Inside::log_of(pairs)?;
        Inside::device_of(pairs, &log).map(|device| device.member)
    };
    for (index, one) in inside.iter().enumerate() {
        let Some(member) = owner(one) else { continue };
        let stream = Stream::Private(member);
        let of_one = Shelf::of(phones[one.phone].disk.pairs())?;
        if one.looked && of_one.rows(LIST_SELF).is_empty() {
            outcome.lost.push(format!("when they last looked, on the phone of {} from a kit", one.name));
        }
        for other in inside[index + 1..].iter().filter(|other| owner(other) == Some(member)) {
            let of_other = Shelf::of(phones[other.phone].disk.pairs())?;
            let same = of_one.cursor(stream) == of_other.cursor(stream)
                && of_one.rows(LIST_SELF) == of_other.rows(LIST_SELF)
                && of_one.history(stream) == of_other.history(stream);
            if !same {
                outcome.diverged.push(format!("their own things on {} and {}", one.name, other.name));
            }
        }
    }
    Ok(())
}

/// In which changes two histories differ, if they do.
fn different_history(one: &Shelf<'_>, other: &Shelf<'_>, stream: Stream) -> Option<String> {
    let (one, other) = (one.history(stream), other.history(stream));
    let alone = |these: &[(&[u8], &[u8])], those: &[(&[u8], &[u8])]| -> Vec<String> {
        let missing = these.iter().filter(|change| !those.contains(change));
        missing
            .map(|(key, value)| match minicbor::decode::<StoredEdit>(value) {
                Ok(edit) => format!("{} device {}, {} ops", key.escape_ascii(), edit.device, edit.ops.len()),
                Err(error) => format!("{} {error}", key.escape_ascii()),
            })
            .collect()
    };
    let differences = [alone(&one, &other), alone(&other, &one)];
    (differences.iter().any(|alone| !alone.is_empty())).then(|| {
        format!(
            "the history (only here {}; only there {})",
            differences[0].join(", "),
            differences[1].join(", ")
        )
    })
}

/// Whatever a phone said it kept is on that phone, and on every phone that may read it and shares with it. Who may not
/// read it any more has it in the drawer, unless it was shared before.
fn promises(scene: &Scene, healthy: &[&Member], outcome: &mut Outcome) -> Result<()> {
    let (phones, closed) = (scene.world.phones(), scene.is_closed());
    for promise in scene.ledger.promises().iter().filter(|promise| !promise.forgiven) {
        let Some(author) = scene.members.get(promise.by).filter(|author| author.is_honest()) else {
            continue;
        };
        let (text, deed) = (&promise.text, &promise.deed);
        let own = Shelf::of(phones[author.phone].disk.pairs())?;
        // What a server erased with a circle does not come back to an old disk.
        if own.keeps_back(text) || closed && author.went_back {
            continue;
        }
        let keeps_class = !author.gone && (!promise.care || author.role.reads_care());
        // Who went while shown another history told of it there only.
        let stopped = !scene.shares(author);
        let apart = stopped || scene.has_two_histories() && author.gone;
        if (keeps_class || stopped) && !author.lost && !own.says(text) {
            outcome.lost.push(format!("{text} ({deed}) on the phone of {}, who wrote it", author.name));
        }
        let may_read = |member: &&&Member| !promise.care || member.role.reads_care();
        for member in healthy.iter().filter(|_| !apart).filter(may_read) {
            if !Shelf::of(phones[member.phone].disk.pairs())?.says(text) {
                outcome
                    .lost
                    .push(format!("{text} ({deed} by {}) on the phone of {}", author.name, member.name));
            }
        }
    }
    Ok(())
}

/// What people see is the same for equal rights: the log, the tasks, and who holds each task.
fn equal_screens(world: &mut World, inside: &[&Member], outcome: &mut Outcome) -> Result<()> {
    let mut seen: Vec<(&Member, Vec<String>, Vec<String>)> = Vec::new();
    for member in inside {
        let tasks = tasks(world, member)?;
        let log = if member.role.reads_care() { log(world, member)? } else { Vec::new() };
        seen.push((member, tasks, log));
    }
    for (index, (one, tasks, log)) in seen.iter().enumerate() {
        for (other, other_tasks, other_log) in &seen[index + 1..] {
            let mut differ = |what: &str, ours: &[String], theirs: &[String]| {
                let only = |a: &[String], b: &[String]| {
                    a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>().join(" | ")
                };
                outcome.diverged.push(format!(
                    "{what} as {} sees it ({}) and {} ({})",
                    one.name,
                    only(ours, theirs),
                    other.name,
                    only(theirs, ours)
                ));
            };
            if tasks != other_tasks {
                differ("tasks", tasks, other_tasks);
            }
            if one.role.reads_care() && other.role.reads_care() && log != other_log {
                differ("the log", log, other_log);
            }
        }
    }
    Ok(())
}

fn log(world: &mut World, member: &Member) -> Result<Vec<String>> {
    let mut person = world.person(member.phone);
    person.tab(&Route::Log)?;
    while person.press(|act| *act == Action::ShowMore).is_ok() {}
    // Titles of days depend on the phone's own clock; everything else does not.
    Ok(person.sees()?.rows().iter().map(|(_, row)| row_text(row)).collect())
}

/// Every open and done task with its holders, each name written out.
fn tasks(world: &mut World, member: &Member) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for filter in ["open", "done"] {
        let mut person = world.person(member.phone);
        person.filter_tasks(filter)?;
        while person.press(|act| *act == Action::ShowMore).is_ok() {}
        for (_, row) in person.sees()?.rows() {
            let Some(open @ Action::Open(Route::TaskDetail { .. })) = row.open else { continue };
            person.filter_tasks(filter)?;
            person.tell(Event::Do(open));
            let sight = person.sees()?;
            let holders: Vec<String> = sight
                .rows()
                .into_iter()
                .filter(|(_, row)| row.id.starts_with("claim-") || row.id == "task-note")
                .map(|(_, row)| row_text(&row))
                .collect();
            let mut versions: Vec<String> =
                sight.versions().into_iter().flat_map(|(_, versions)| versions).map(|one| one.text).collect();
            versions.sort();
            found.push(format!("{filter}: {} [{}] {}", row.title, holders.join("; "), versions.join("; ")));
        }
    }
    found.sort();
    Ok(found)
}
