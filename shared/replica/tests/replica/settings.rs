//! The circle's settings: whoever changes one of them, also without reception, leaves the others as they are.

use kith_protocol::access::Settings;
use kith_protocol::{MemberNumber, Role};
use kith_replica::{Heir, Input, SettingsChange, SharingStatus, Transport, Wished};

use crate::world::World;

const ANNA: usize = 0;
const BEN: usize = 1;

/// Two coordinators and Hugo, a helper.
fn circle() -> (World, MemberNumber) {
    let mut world = World::with(3, Transport::Socket, 62);
    world.found(ANNA);
    world.connect(ANNA);
    let link = world.invite(ANNA, Role::Caregiver, true);
    world.join(BEN, link, "Ben");
    let link = world.invite(ANNA, Role::Helper, true);
    world.join(2, link, "Hugo");
    world.pass(120_000);
    let (ben, hugo) = (world.phones[BEN].me(), world.phones[2].me());
    world.tell(ANNA, Input::SetRole { member: ben, role: Role::Coordinator });
    world.pass(120_000);
    (world, hugo)
}

fn caregivers(may: bool) -> Input {
    Input::ChangeSettings(SettingsChange { caregivers_invite: Some(may), heir: None })
}

fn heir(heir: MemberNumber) -> Input {
    Input::ChangeSettings(SettingsChange { caregivers_invite: None, heir: Some(Heir::Member(heir)) })
}

fn settings(world: &World) -> Settings {
    let [anna, ben, ..] = &world.phones[..] else { panic!("two phones") };
    let of = |phone: &crate::world::Phone| phone.replica.access().unwrap().settings();
    assert_eq!(of(anna), of(ben));
    of(anna)
}

#[test]
fn what_two_coordinators_change_of_the_settings_both_stands() {
    let (mut world, hugo) = circle();
    world.set_online(BEN, false);
    world.tell(BEN, caregivers(true));
    world.tell(ANNA, heir(hugo));
    world.pass(60_000);
    world.restart(BEN);
    world.set_online(BEN, true);
    world.pass(120_000);
    assert_eq!(settings(&world), Settings { caregivers_invite: true, heir: Some(hugo) });
    let ben = &world.phones[BEN].replica;
    assert_eq!((ben.wishes().len(), ben.status()), (0, SharingStatus::AllShared));
}

#[test]
fn what_somebody_else_changed_to_the_same_meanwhile_is_not_signed_again() {
    let (mut world, hugo) = circle();
    world.set_online(BEN, false);
    world.tell(BEN, heir(hugo));
    world.tell(ANNA, heir(hugo));
    world.pass(60_000);
    let head = world.phones[ANNA].replica.access().unwrap().head();
    world.set_online(BEN, true);
    world.pass(120_000);
    assert_eq!(world.phones[ANNA].replica.access().unwrap().head(), head);
    assert!(world.phones[BEN].replica.wishes().is_empty());
}

#[test]
fn an_heir_who_was_taken_out_keeps_nobody_from_changing_the_rest() {
    let (mut world, hugo) = circle();
    world.tell(ANNA, heir(hugo));
    world.tell(ANNA, Input::Remove { member: hugo });
    world.pass(60_000);
    world.tell(BEN, caregivers(true));
    world.pass(60_000);
    assert_eq!(settings(&world), Settings { caregivers_invite: true, heir: None });
}

/// Earlier builds stored the whole record.
#[test]
fn a_change_of_the_settings_that_an_earlier_build_stored_is_read_as_what_it_changes() {
    let (mut world, hugo) = circle();
    world.set_online(BEN, false);
    let key = world.phones[BEN].keys().intent(1);
    // Settings: caregivers may invite, no heir.
    let whole = minicbor::to_vec((8, [Settings { caregivers_invite: true, heir: None }])).unwrap();
    assert_eq!(whole, [0x82, 8, 0x81, 0x81, 0xf5]);
    world.phones[BEN].kv.insert(key, whole);
    world.restart(BEN);
    world.run();
    assert_eq!(world.phones[BEN].replica.wishes(), [(1, Wished::Settings)]);
    world.tell(ANNA, heir(hugo));
    world.set_online(BEN, true);
    world.pass(120_000);
    assert_eq!(settings(&world), Settings { caregivers_invite: true, heir: Some(hugo) });
}
