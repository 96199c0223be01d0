//! Who may open a session, and with what.

use crate::world::{DAY, HOST, World};
use kith_protocol::access::{Action, Settings};
use kith_protocol::session::Proof;
use kith_protocol::{CircleId, DeviceNumber, InviteId, Party, Refusal, Role};

#[test]
fn a_device_proves_itself_to_this_host_with_this_nonce() {
    let (mut world, founder, [helper]) = World::with([Role::Helper]);
    let party = Party::Device(helper.device);
    let proof = Proof::sign(world.log.circle(), party, [1; 32], HOST, &helper.secrets);
    proof.verify(&world.log, HOST, world.now).unwrap();
    assert_eq!(proof.verify(&world.log, "elsewhere.example", world.now), Err(Refusal::Signature));
    let other = Proof { nonce: [2; 32], ..proof };
    assert_eq!(other.verify(&world.log, HOST, world.now), Err(Refusal::Signature));
    let other = Proof { party: Party::Device(founder.device), ..proof };
    assert_eq!(other.verify(&world.log, HOST, world.now), Err(Refusal::Signature));
    let other = Proof { party: Party::Device(DeviceNumber(9)), ..proof };
    assert_eq!(other.verify(&world.log, HOST, world.now), Err(Refusal::Forbidden));
    let other = Proof { circle: CircleId([0; 32]), ..proof };
    assert_eq!(other.verify(&world.log, HOST, world.now), Err(Refusal::UnknownCircle));
    world.act(&helper, Action::Leave).unwrap();
    let end = world.log.device(helper.device).unwrap().until;
    assert_eq!(
        (proof.verify(&world.log, HOST, world.now), world.log.reads_access_to(helper.device)),
        (Ok(()), end)
    );
    world.act(&founder, Action::Settings(Settings { caregivers_invite: true, heir: None })).unwrap();
    assert_eq!(world.log.reads_access_to(helper.device), end, "to its end, and no further");
}

#[test]
fn an_open_invitation_opens_a_session_and_a_waiting_joiner_too() {
    let (mut world, founder) = World::found();
    let link = world.invite(&founder, Role::Caregiver, false).unwrap();
    let secrets = link.secret.secrets();
    let proof = Proof::sign(world.log.circle(), Party::Invitation(link.id), [1; 32], HOST, &secrets);
    proof.verify(&world.log, HOST, world.now).unwrap();
    assert_eq!(proof.verify(&world.log, HOST, world.now + 7 * DAY), Err(Refusal::Forbidden), "expired");
    let other = Proof { party: Party::Invitation(InviteId([0; 16])), ..proof };
    assert_eq!(other.verify(&world.log, HOST, world.now), Err(Refusal::Forbidden));
    let joiner = world.join(&link, "Nadia").unwrap();
    let waiting =
        Proof::sign(world.log.circle(), Party::Device(joiner.device), [1; 32], HOST, &joiner.secrets);
    waiting.verify(&world.log, HOST, world.now).unwrap();
    world.act(&founder, Action::CancelInvite(link.id, Vec::new())).unwrap();
    assert_eq!(proof.verify(&world.log, HOST, world.now), Err(Refusal::Forbidden), "cancelled");
    world.act(&founder, Action::Refuse(joiner.member())).unwrap();
    waiting.verify(&world.log, HOST, world.now).unwrap();
    assert_eq!(world.log.reads_access_to(joiner.device), Some(world.log.head()), "told that it was refused");
}
