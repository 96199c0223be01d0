//! Hosts that lie to a device on its way in, or do not serve it.

use std::cell::RefCell;

use kith_protocol::access::AccessRecord;
use kith_protocol::kit::Kit;
use kith_protocol::mailbox::PairingShown;
use kith_protocol::message::{Access, Frame, Frames, Subject};
use kith_protocol::session::{Nonce, Token};
use kith_protocol::{CircleId, Refusal, Role};
use kith_replica::{Input, LinkProblem, Phase, Transport};

use crate::host;
use crate::kits::make;
use crate::pairing::{MINUTES, offer, open, problem};
use crate::world::{Lie, World};

/// The circle that a host names is another one.
fn another_circle(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    match PairingShown::decode(&body) {
        Ok(shown) if path.starts_with("/v1/pairings/") => {
            (status, PairingShown { circle: CircleId([6; 32]), ..shown }.encode())
        }
        _ => (status, body),
    }
}

/// The circle begins as it should, and is another one.
fn nearly_this_circle(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    match PairingShown::decode(&body) {
        Ok(shown) if path.starts_with("/v1/pairings/") => {
            let mut circle = shown.circle;
            circle.0[31] ^= 1;
            (status, PairingShown { circle, ..shown }.encode())
        }
        _ => (status, body),
    }
}

#[test]
fn a_host_that_names_another_circle_is_found_out() {
    let lies: [(Lie, LinkProblem); 2] =
        [(another_circle, LinkProblem::NotGenuine), (nearly_this_circle, LinkProblem::NotGenuine)];
    for (lie, expected) in lies {
        let mut world = World::cared_for(2, Transport::Socket, 58);
        let link = offer(&mut world, 0);
        world.lie = Some(lie);
        open(&mut world, 1, &link);
        world.lie = None;
        world.pass(MINUTES);
        assert_eq!(problem(&world, 1), Some(expected));
        world.tell(0, Input::ConfirmDevice);
        world.pass(MINUTES);
        assert_eq!(world.phones[0].replica.access().unwrap().devices().len(), 1);
        assert_eq!(world.phones[1].replica.phase(), Phase::Pairing);
    }
}

/// A host that opens a session for anybody and shows a stream in which the device does not stand.
fn everybody_is_in(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if path == "/v1/token/key" && status == 403 {
        let token = Token { token: vec![1; 32], expires: u64::MAX };
        return (200, token.encode());
    }
    if path == "/v1/sync" {
        let found = FOUND.with_borrow(Clone::clone);
        let page = Access { from: 1, records: found, more: false };
        let frames = vec![Frame::Access(page), Frame::CaughtUp];
        return (200, Frames(frames).encode());
    }
    (status, body)
}

thread_local! {
    static FOUND: RefCell<Vec<AccessRecord>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn a_stream_in_which_the_device_does_not_stand_is_found_out() {
    for foreign in [false, true] {
        let mut world = World::cared_for(3, Transport::Socket, 59);
        world.found(2);
        world.connect(2);
        let from = if foreign { 2 } else { 0 };
        let record = |phone: usize| world.phones[phone].kv[&world.phones[phone].keys().access(1)].clone();
        let record = AccessRecord::decode(&record(from)).unwrap();
        FOUND.set(vec![record]);
        let link = offer(&mut world, 0);
        world.set_online(0, false);
        world.lie = Some(everybody_is_in);
        open(&mut world, 1, &link);
        assert_eq!(problem(&world, 1), Some(LinkProblem::NotGenuine), "foreign: {foreign}");
        assert_eq!(world.phones[1].replica.phase(), Phase::Pairing);
    }
}

/// A host that has lost the circle, but not the mailbox.
fn no_circle(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if path == "/v1/challenge/key" { (404, Vec::new()) } else { (status, body) }
}

/// A host that is asked too much.
fn too_often(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if path == "/v1/token/key" { (429, Vec::new()) } else { (status, body) }
}

#[test]
fn a_host_that_does_not_serve_is_asked_ever_less_and_not_for_ever() {
    let mut world = World::cared_for(2, Transport::Socket, 62);
    let link = offer(&mut world, 0);
    world.lie = Some(too_often);
    open(&mut world, 1, &link);
    world.pass(3 * MINUTES);
    let asked = |world: &World, path: &str| world.phones[1].requests.iter().filter(|of| *of == path).count();
    let (tokens, challenges) = (asked(&world, "/v1/token/key"), asked(&world, "/v1/challenge/key"));
    assert!((3..20).contains(&tokens) && challenges == 1, "{tokens} and {challenges} in three minutes");
    world.lie = Some(no_circle);
    world.pass(20 * MINUTES);
    assert_eq!(problem(&world, 1), Some(LinkProblem::Expired));
}

/// The circle that a host names for the beginning of an id does not begin so.
fn another_circle_of_the_kit(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    match Nonce::decode(&body) {
        Ok(nonce) if path == "/v1/challenge/key" => {
            (status, Nonce { circle: CircleId([6; 32]), ..nonce }.encode())
        }
        _ => (status, body),
    }
}

/// The stream ends before the kit was made, though the host takes the kit's key.
fn an_older_stream(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    let Ok(Frames(mut frames)) = Frames::decode(&body) else { return (status, body) };
    if path != "/v1/sync" {
        return (status, body);
    }
    for frame in &mut frames {
        if let Frame::Access(page) = frame {
            page.records.truncate(1);
            page.more = false;
        }
    }
    (status, Frames(frames).encode())
}

#[test]
fn a_host_that_shows_another_circle_or_hides_the_kit_is_found_out() {
    for (lie, seed) in [(another_circle_of_the_kit as Lie, 66), (an_older_stream as Lie, 67)] {
        let mut world = World::cared_for(2, Transport::Socket, seed);
        let (words, _) = make(&mut world, 0);
        world.set_online(0, false);
        world.lie = Some(lie);
        world.tell(1, Input::RestoreFromKit { kit: Kit::parse(&words, host::NAME).unwrap() });
        world.connect(1);
        world.pass(MINUTES);
        assert_eq!(problem(&world, 1), Some(LinkProblem::NotGenuine), "{seed}");
        assert_eq!(world.phones[1].replica.phase(), Phase::Pairing);
        world.lie = None;
        let kit = Kit::parse(&words, host::NAME).unwrap();
        world.tell(1, Input::RestoreFromKit { kit });
        world.pass(MINUTES);
        assert_eq!(world.phones[1].replica.phase(), Phase::Member, "once the host is honest, asked again");
    }
}

/// The stream goes on with an entry of a wire version that this build does not know.
fn a_newer_entry(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    let Ok(Frames(mut frames)) = Frames::decode(&body) else { return (status, body) };
    if path != "/v1/sync" {
        return (status, body);
    }
    for frame in &mut frames {
        if let Frame::Access(page) = frame
            && let Some(last) = page.records.last_mut()
        {
            // An array of five, the version in front.
            assert_eq!(last.signed.bytes[..2], [0x85, 1]);
            last.signed.bytes[1] = 9;
        }
    }
    (status, Frames(frames).encode())
}

/// The host speaks no version that this build knows.
fn a_newer_host(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if path != "/v1/sync" {
        return (status, body);
    }
    (status, Frames(vec![Frame::Refused(Subject::Session, Refusal::Newer)]).encode())
}

#[test]
fn what_only_a_newer_app_can_read_is_no_forgery_and_an_updated_one_goes_on() {
    for lie in [a_newer_entry as Lie, a_newer_host] {
        let mut world = World::cared_for(3, Transport::Socket, 68);
        let invitation = world.invite(0, Role::Helper, true);
        let (words, _) = make(&mut world, 0);
        world.set_online(0, false);
        world.lie = Some(lie);
        world.open_link(1, invitation);
        world.tell(2, Input::RestoreFromKit { kit: Kit::parse(&words, host::NAME).unwrap() });
        world.connect(2);
        world.pass(MINUTES);
        assert_eq!([problem(&world, 1), problem(&world, 2)], [Some(LinkProblem::Newer); 2]);
        // The app is updated.
        world.lie = None;
        world.restart(1);
        world.restart(2);
        world.run();
        world.tell(1, Input::Join { name: "Hugo".into() });
        world.pass(MINUTES);
        for phone in [1, 2] {
            assert_eq!(world.phones[phone].replica.phase(), Phase::Member);
        }
    }
}
