//! A device that waits for its pairing to be decided: how soon it learns what was decided, and how often it asks.

use kith_replica::{Input, LinkProblem, Phase, Transport};

use crate::pairing::{MINUTES, offer, open, problem};
use crate::world::World;

/// Anna, and a device that shows its words; `after` milliseconds go by before she decides.
fn waiting(after: u64) -> World {
    let mut world = World::cared_for(2, Transport::Socket, 71);
    let link = offer(&mut world, 0);
    open(&mut world, 1, &link);
    world.pass(after);
    assert_eq!(world.phones[1].replica.phase(), Phase::Pairing);
    world
}

#[test]
fn whenever_it_is_decided_the_waiting_device_knows_within_seconds() {
    for after in (0..4_000).step_by(500) {
        let mut declined = waiting(after);
        declined.tell(0, Input::DeclineDevice);
        declined.pass(6_500);
        assert_eq!(problem(&declined, 1), Some(LinkProblem::Cancelled), "declined after {after} ms");
        let mut confirmed = waiting(after);
        confirmed.tell(0, Input::ConfirmDevice);
        confirmed.pass(5_000);
        assert_eq!(confirmed.phones[1].replica.phase(), Phase::Member, "confirmed after {after} ms");
    }
}

#[test]
fn it_asks_once_in_two_seconds_and_half_of_that_needs_no_signature() {
    let mut world = waiting(0);
    let before = world.phones[1].requests.len();
    world.pass(2 * MINUTES);
    let asked = &world.phones[1].requests[before..];
    let of_mailbox = asked.iter().filter(|path| path.starts_with("/v1/pairings/")).count();
    // The host's challenge runs out now and then.
    assert!((58..=64).contains(&asked.len()), "{} requests in two minutes", asked.len());
    assert!((28..=31).contains(&of_mailbox), "{of_mailbox} of the mailbox");
}
