//! Live sessions, run without a runtime over the memory store: who hears what, and what ends a session.

use std::sync::Arc;

use futures::executor::block_on;
use kith_protocol::{Refusal, Role, Stream, Wire, message::Frame};
use kith_server::{
    MemoryStore, Session,
    store::Quota,
    sync::{Answer, Effect, Input, News, Output, PageLimits, Question, drive},
};

use super::support::{Person, World, world::HOST};

/// A person whose session is open.
struct Live {
    person: Person,
    session: Session,
    follows: bool,
    closed: bool,
    frames: Vec<Frame>,
    bytes: Vec<axum::body::Bytes>,
}

/// Live sessions around one store, with news carried by hand.
struct Room {
    world: World,
}

impl Room {
    fn new() -> Self {
        Self { world: World::new(Arc::new(MemoryStore::new(Quota::default()))) }
    }

    fn give(&self, live: &mut Live, input: Input) -> Vec<Arc<News>> {
        let now_ms = self.world.now();
        let follows = &mut live.follows;
        let effects =
            block_on(drive(&*self.world.store, &mut live.session, input, now_ms, |_| *follows = true));
        let mut news = Vec::new();
        for effect in effects {
            match effect {
                Effect::Send(bytes) => {
                    let frame = Frame::decode(&bytes).unwrap();
                    live.frames.push(frame.clone());
                    live.bytes.push(bytes);
                    live.person.take(frame);
                }
                Effect::Publish(piece) => news.push(piece),
                Effect::Close => live.closed = true,
                Effect::Follow(_) => {}
            }
        }
        news
    }

    fn say(&self, live: &mut Live, frame: &Frame) -> Vec<Arc<News>> {
        live.frames.clear();
        live.bytes.clear();
        self.give(live, Input::Received(Wire::encode(frame).into()))
    }

    fn open(&self, person: Person) -> Live {
        let token = block_on(self.world.token(&person)).unwrap();
        let hello = person.hello(&token, true);
        let session = Session::new(HOST, PageLimits::default());
        let mut live =
            Live { person, session, follows: false, closed: false, frames: Vec::new(), bytes: Vec::new() };
        assert!(self.say(&mut live, &hello).is_empty());
        live
    }

    fn circle_of_three(&self) -> [Live; 3] {
        let mut ann = block_on(self.world.founder(1));
        let ben = block_on(self.world.joined(&mut ann, 2, Role::Caregiver));
        let cat = block_on(self.world.joined(&mut ann, 3, Role::Friend));
        [ann, ben, cat].map(|person| self.open(person))
    }
}

fn tell(room: &Room, news: &[Arc<News>], to: &mut Live) {
    to.frames.clear();
    to.bytes.clear();
    for piece in news {
        assert!(room.give(to, Input::News(Arc::clone(piece))).is_empty());
    }
}

#[test]
fn what_is_committed_reaches_who_may_read_it_once_encoded() {
    let room = Room::new();
    let [mut ann, mut ben, mut cat] = room.circle_of_three();
    assert!(ann.follows && ben.person.caught_up);
    let submit = Frame::Submit(vec![ann.person.seal(Stream::Care, "care")]);
    let news = room.say(&mut ann, &submit);
    assert!(matches!(ann.frames[..], [Frame::Acked(_), Frame::Entries(_)]), "{:?}", ann.frames);
    assert_eq!(ann.person.stubs, 1);
    tell(&room, &news, &mut ben);
    tell(&room, &news, &mut cat);
    assert_eq!(ben.person.read, [(Stream::Care, "care".into())]);
    assert!(cat.frames.is_empty(), "a friend does not even hear that there was something");
    assert_eq!(
        ben.bytes[0].as_ptr(),
        news[0].pieces[0].whole.as_ptr(),
        "the very bytes that were encoded once"
    );
    tell(&room, &news, &mut ann);
    assert!(ann.frames.is_empty(), "its own news come to it only once");
}

#[test]
fn news_may_be_lost_or_come_in_any_order() {
    let room = Room::new();
    let [mut ann, mut ben, _] = room.circle_of_three();
    let mut news = Vec::new();
    for n in 0..4 {
        let submit = Frame::Submit(vec![ann.person.seal(Stream::Care, &n.to_string())]);
        news.extend(room.say(&mut ann, &submit));
    }
    tell(&room, &news[2..3], &mut ben);
    assert_eq!(ben.person.read.len(), 3, "the gap was read from the store");
    tell(&room, &news[..2], &mut ben);
    assert!(ben.frames.is_empty());
    room.give(&mut ben, Input::Missed);
    assert_eq!(ben.person.read.len(), 4);
    tell(&room, &news[3..], &mut ben);
    assert!(ben.frames.is_empty());
}

#[test]
fn pages_wait_to_be_asked_for_and_news_wait_for_the_pages() {
    let room = Room::new();
    let [mut ann, ben, _] = room.circle_of_three();
    let texts: Vec<_> = (0..5).map(|n| n.to_string()).collect();
    let envelopes = texts.iter().map(|text| ann.person.seal(Stream::Care, text)).collect();
    room.say(&mut ann, &Frame::Submit(envelopes));
    let token = block_on(room.world.token(&ben.person)).unwrap();
    let hello = ben.person.hello(&token, true);
    let session = Session::new(HOST, PageLimits::new(2, 512_000));
    let mut ben = Live { session, ..ben };
    ben.person.caught_up = false;
    room.say(&mut ben, &hello);
    assert_eq!((ben.person.read.len(), ben.person.caught_up), (2, false));
    let submit = Frame::Submit(vec![ann.person.seal(Stream::Care, "5")]);
    let news = room.say(&mut ann, &submit);
    tell(&room, &news, &mut ben);
    assert!(ben.frames.is_empty(), "a page is owed first, and only when it is asked for");
    for read in [4, 6] {
        let more = Frame::More(std::mem::take(&mut ben.person.more));
        room.say(&mut ben, &more);
        assert_eq!(ben.person.read.len(), read);
    }
    assert!(ben.person.caught_up);
}

#[test]
fn a_long_batch_is_taken_in_parts_and_still_stops_at_its_first_refusal() {
    let room = Room::new();
    let [mut ann, mut ben, _] = room.circle_of_three();
    let all: Vec<_> = (0..200).map(|n| ann.person.seal(Stream::Care, &n.to_string())).collect();
    let mut torn = all.clone();
    torn.remove(10);
    room.say(&mut ann, &Frame::Submit(torn));
    assert_eq!(ann.person.acks.len(), 10);
    assert_eq!(ann.person.refused.len(), 1, "{:?}", ann.person.refused);
    let news = room.say(&mut ann, &Frame::Submit(all));
    assert_eq!(ann.person.acks.len(), 210, "those that were known are acknowledged again");
    tell(&room, &news, &mut ben);
    assert_eq!(ben.person.read.len(), 200);
}

#[test]
fn another_session_of_the_same_device_gets_the_bodies() {
    let room = Room::new();
    let [mut ann, _, _] = room.circle_of_three();
    let envelope = ann.person.seal(Stream::Care, "written by a restored copy of this device");
    let device = ann.person.device;
    let work = kith_server::store::Work::Envelopes {
        circle: ann.person.circle,
        device,
        host: HOST.into(),
        envelopes: vec![envelope],
    };
    let done = block_on(room.world.store.perform(work, room.world.now())).unwrap();
    let news = [Arc::new(News::of(done).unwrap())];
    tell(&room, &news, &mut ann);
    assert_eq!((ann.person.stubs, ann.person.read.len()), (0, 1));
}

#[test]
fn a_role_that_is_lost_or_won_changes_what_comes() {
    let room = Room::new();
    let [mut ann, mut ben, mut cat] = room.circle_of_three();
    let submit = Frame::Submit(vec![ann.person.seal(Stream::Care, "before")]);
    let news = room.say(&mut ann, &submit);
    tell(&room, &news, &mut ben);
    let member = cat.person.log().member_of(cat.person.device).unwrap();
    let now = room.world.now();
    let up = ann.person.act(now, |author, rng| author.set_role(member, Role::Professional, rng));
    let news = room.say(&mut ann, &Frame::SubmitAccess(up));
    tell(&room, &news, &mut cat);
    assert!(
        matches!(cat.frames[..], [Frame::Access(_), Frame::Wraps(_), Frame::Entries(_)]),
        "{:?}",
        cat.frames
    );
    assert_eq!(cat.person.read, [(Stream::Care, "before".into())]);

    let down = ann.person.act(now, |author, rng| author.set_role(member, Role::Friend, rng));
    let news = room.say(&mut ann, &Frame::SubmitAccess(down));
    tell(&room, &news, &mut cat);
    let submit = Frame::Submit(vec![ann.person.seal(Stream::Care, "after")]);
    let news = room.say(&mut ann, &submit);
    assert_eq!(ann.person.refused, []);
    tell(&room, &news, &mut cat);
    assert!(cat.frames.is_empty() && !cat.closed);

    let gone = ann.person.act(now, |author, rng| author.remove(member, rng));
    let news = room.say(&mut ann, &Frame::SubmitAccess(gone));
    tell(&room, &news, &mut cat);
    assert!(cat.closed);
    assert!(
        matches!(&cat.frames[..], [Frame::Access(access), Frame::Refused(_, Refusal::Forbidden)]
            if access.records.len() == 1),
        "the entry that ended it is the last thing it is sent: {:?}",
        cat.frames
    );
    let submit = cat.person.hello(&[0; 32], true);
    room.say(&mut cat, &submit);
    assert!(cat.frames.is_empty(), "nothing comes out of a closed session");
}

#[test]
fn a_batch_is_judged_by_rights_as_they_are() {
    let room = Room::new();
    let [mut ann, mut ben, _] = room.circle_of_three();
    let member = ben.person.log().member_of(ben.person.device).unwrap();
    let gone = ann.person.act(room.world.now(), |author, rng| author.remove(member, rng));
    room.say(&mut ann, &Frame::SubmitAccess(gone));
    // Ben's session has not heard of it.
    let submit = Frame::Submit(vec![ben.person.seal(Stream::Care, "too late")]);
    room.say(&mut ben, &submit);
    assert!(
        ben.closed && matches!(ben.frames[..], [Frame::Access(_), Frame::Refused(_, Refusal::Forbidden)]),
        "{:?}",
        ben.frames
    );
}

#[test]
fn a_live_session_asks_only_for_the_keys_that_came_since() {
    let room = Room::new();
    let [mut ann, mut ben, _] = room.circle_of_three();
    let store = &room.world.store;
    let before = block_on(store.circle(ann.person.circle)).unwrap().unwrap().last_wrap();
    let rotate = ann.person.act(room.world.now(), |author, rng| author.rotate_keys(&[Stream::Care], rng));
    let news = room.say(&mut ann, &Frame::SubmitAccess(rotate));
    let mut asked = Vec::new();
    let mut input = Input::News(Arc::clone(&news[0]));
    while let Some(Output::Ask(question)) = ben.session.handle(input, room.world.now()).pop() {
        input = Input::Answer(match question {
            Question::Access { circle, after, most } => {
                Answer::Access(block_on(store.access(circle, after, most)).unwrap())
            }
            Question::Wraps { after, .. } => {
                asked.push(after);
                Answer::Wraps(Vec::new())
            }
            other => panic!("{other:?}"),
        });
    }
    assert_eq!(asked, [before]);
}

#[test]
fn junk_ends_a_session_with_a_typed_refusal() {
    let room = Room::new();
    let ann = block_on(room.world.founder(1));
    let token = block_on(room.world.token(&ann)).unwrap();
    let hello = ann.hello(&token, true);
    let said = |frames: &[Vec<u8>]| {
        let mut session = Session::new(HOST, PageLimits::default());
        let mut last = None;
        for bytes in frames {
            let input = Input::Received(bytes.clone().into());
            let effects = block_on(drive(&*room.world.store, &mut session, input, room.world.now(), |_| {}));
            let sent = effects.into_iter().filter_map(|effect| match effect {
                Effect::Send(bytes) => Some(Frame::decode(&bytes).unwrap()),
                _ => None,
            });
            last = sent.last();
            if session.is_closed() {
                break;
            }
        }
        assert!(session.is_closed());
        match last {
            Some(Frame::Refused(_, refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    };
    let hello_bytes = Wire::encode(&hello);
    assert_eq!(said(&[b"junk".to_vec()]), Refusal::Malformed);
    assert_eq!(said(&[vec![]]), Refusal::Malformed);
    assert_eq!(said(&[vec![0x82, 0x18, 0x63, 0x80]]), Refusal::Newer);
    assert_eq!(said(&[vec![0; kith_protocol::message::MAX_FRAME_BYTES + 1]]), Refusal::TooLarge);
    assert_eq!(said(&[Wire::encode(&Frame::CaughtUp)]), Refusal::Token, "before Hello");
    assert_eq!(said(&[hello_bytes.clone(), hello_bytes.clone()]), Refusal::Malformed, "a second Hello");
    assert_eq!(said(&[hello_bytes.clone(), Wire::encode(&Frame::CaughtUp)]), Refusal::Malformed);
    let Frame::Hello(mut other) = hello else { unreachable!() };
    other.token = vec![7; 32];
    assert_eq!(said(&[Wire::encode(&Frame::Hello(other.clone()))]), Refusal::Token);
    other.token = token;
    other.versions = vec![99];
    assert_eq!(said(&[Wire::encode(&Frame::Hello(other))]), Refusal::Newer);
    // Cut anywhere, a Hello is junk and nothing worse.
    for cut in 0..hello_bytes.len() {
        assert_eq!(said(&[hello_bytes[..cut].to_vec()]), Refusal::Malformed);
    }
}

#[test]
fn no_change_of_a_byte_makes_a_session_panic() {
    let room = Room::new();
    let [mut ann, _, _] = room.circle_of_three();
    let token = block_on(room.world.token(&ann.person)).unwrap();
    let hello = Wire::encode(&ann.person.hello(&token, true));
    let now = room.world.now();
    let frames = [
        Wire::encode(&Frame::Submit(vec![ann.person.seal(Stream::Care, "x")])),
        Wire::encode(&Frame::SubmitAccess(ann.person.invite(Role::Friend, 1, true, now).1)),
        Wire::encode(&Frame::More(vec![ann.person.cursor(Stream::Care)])),
        Wire::encode(&ann.person.hand_back(Stream::Access)),
    ];
    for frame in frames {
        for at in 0..frame.len() {
            let mut session = Session::new(HOST, PageLimits::default());
            let mut bytes = frame.clone();
            bytes[at] = bytes[at].wrapping_add(1 + u8::try_from(at % 250).unwrap());
            for bytes in [hello.clone(), bytes] {
                let input = Input::Received(bytes.into());
                let effects = block_on(drive(&*room.world.store, &mut session, input, now, |_| {}));
                assert!(!effects.is_empty(), "every frame is answered");
            }
        }
    }
}
