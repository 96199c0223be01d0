//! Joining: what a link's holder may see and do, and when keys are handed out.

use kith_protocol::{Refusal, Role, Stream, invite::InviteState, message::Frame};

use super::{
    store::{on_every_store, world},
    support::{Person, stores::Place},
};

on_every_store![
    a_direct_link_lets_in_at_once,
    a_pending_join_gets_no_keys_before_it_is_admitted,
    an_invitation_reads_access_and_posts_one_join,
    who_was_removed_is_shut_out,
];

async fn a_direct_link_lets_in_at_once(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let state = async |id: &str| {
        InviteState::decode(&world.service().invite(id, world.now()).await.unwrap()).unwrap()
    };
    let (invited, submitted) = ann.invite(Role::Helper, 1, true, world.now());
    assert_eq!(state(&invited.id.text()).await, InviteState::Unknown);
    world.submit(&mut ann, submitted).await;
    let id = invited.id.text();
    assert_eq!((state(&id).await, state(&id).await), (InviteState::Open, InviteState::Open));
    let mut ben = Person::guest(2, ann.circle, invited);
    world.sync(&mut ben, Vec::new()).await;
    assert_eq!(ben.wraps_got, 0, "keys are for whoever's Join was accepted");
    let join = ben.join(world.now());
    world.sync(&mut ben, vec![Frame::SubmitAccess(join)]).await;
    assert_eq!(state(&id).await, InviteState::Used);
    world.sync(&mut ann, Vec::new()).await;
    ben.log = ann.log.clone();
    ben.device = ben.log().device_by_key(&ben.secrets.public().sign).unwrap().number;
    world.sync(&mut ben, Vec::new()).await;
    assert!(ben.keyring.key(Stream::Commons, 1).is_some());
    assert!(ben.keyring.key(Stream::Care, 1).is_none(), "a helper does not read care");
    let envelope = ben.seal(Stream::Commons, "glad to help");
    assert_eq!(world.sync(&mut ben, vec![Frame::Submit(vec![envelope])]).await, []);
    assert_eq!(state("not-an-id").await, InviteState::Unknown);
}

async fn a_pending_join_gets_no_keys_before_it_is_admitted(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let (invited, submitted) = ann.invite(Role::Caregiver, 1, false, world.now());
    world.submit(&mut ann, submitted).await;
    let mut ben = Person::guest(2, ann.circle, invited);
    world.sync(&mut ben, Vec::new()).await;
    let join = ben.join(world.now());
    world.sync(&mut ben, vec![Frame::SubmitAccess(join)]).await;
    let before = ann.wraps_got;
    world.sync(&mut ann, Vec::new()).await;
    assert!(ann.wraps_got > before, "the name of who waits");
    ben.log = ann.log.clone();
    ben.device = ben.log().device_by_key(&ben.secrets.public().sign).unwrap().number;
    world.sync(&mut ben, Vec::new()).await;
    assert_eq!(ben.wraps_got, 0);
    let pending = ann.log().pending_joins()[0].member;
    let admit = ann.act(world.now(), |author, rng| author.admit(pending, rng));
    world.submit(&mut ann, admit).await;
    world.sync(&mut ben, Vec::new()).await;
    assert_eq!(ben.wraps_got, 3);
    let envelope = ben.seal(Stream::Care, "here");
    assert_eq!(world.sync(&mut ben, vec![Frame::Submit(vec![envelope])]).await, []);
}

async fn an_invitation_reads_access_and_posts_one_join(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let (invited, submitted) = ann.invite(Role::Friend, 1, true, world.now());
    world.submit(&mut ann, submitted).await;
    let note = ann.seal(Stream::Commons, "private to the circle");
    world.sync(&mut ann, vec![Frame::Submit(vec![note.clone()])]).await;
    let mut guest = Person::guest(2, ann.circle, invited.clone());
    let refused =
        world.sync(&mut guest, vec![Frame::Submit(vec![note]), Frame::SubmitWraps(Vec::new())]).await;
    assert_eq!(refused, [Refusal::Forbidden, Refusal::Forbidden]);
    assert_eq!((guest.log().head(), guest.raw.len()), (2, 0));
    let leave = ann.act(world.now(), |author, rng| author.rotate_keys(&[Stream::Commons], rng));
    let refused = world.sync(&mut guest, vec![Frame::SubmitAccess(leave)]).await;
    assert_eq!(refused.len(), 1, "nothing but a Join: {refused:?}");
    let mut second = Person::guest(3, ann.circle, invited);
    world.sync(&mut second, Vec::new()).await;
    let (one, two) = (guest.join(world.now()), second.join(world.now()));
    let token = world.token(&second).await.unwrap();
    world.sync(&mut guest, vec![Frame::SubmitAccess(one)]).await;
    let answer = world.post(vec![second.hello(&token, false), Frame::SubmitAccess(two)]).await;
    assert!(matches!(answer[..], [Frame::Refused(_, Refusal::Forbidden)]), "used up: {answer:?}");
}

async fn who_was_removed_is_shut_out(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let mut ben = world.joined(&mut ann, 2, Role::Caregiver).await;
    let token = world.token(&ben).await.unwrap();
    let member = ben.log().member_of(ben.device).unwrap();
    let remove = ann.act(world.now(), |author, rng| author.remove(member, rng));
    world.submit(&mut ann, remove).await;
    let envelope = ben.seal(Stream::Care, "still here?");
    let answer = world.post(vec![ben.hello(&token, false), Frame::Submit(vec![envelope])]).await;
    let end = ann.log().device(ben.device).unwrap().until;
    let [Frame::Welcome(_), Frame::Access(access), Frame::Refused(_, Refusal::Forbidden)] = &answer[..]
    else {
        panic!("{answer:?}")
    };
    assert_eq!(
        Some(access.from + access.records.len() as u64 - 1),
        end,
        "told of its end, and of nothing after"
    );
    assert_eq!(ann.log().epoch(Stream::Care), 2);
    let envelope = ann.seal(Stream::Care, "under the new key");
    assert_eq!(world.sync(&mut ann, vec![Frame::Submit(vec![envelope])]).await, []);
}
