//! The mailbox of a pairing and sessions by key: who may do what, on every store and across nodes.

use kith_protocol::{
    CircleStart, DeviceSecrets, PairingId, Refusal, Role, Stream,
    by_key::{KeyNonceRequest, KeyProof},
    kit::KitSeed,
    mailbox::{MAX_PAIRING_MS, PairingOpen, PairingOpened, PairingRead, PairingShown, PairingToken},
    message::Frame,
    session::{Nonce, Token},
};
use kith_server::{ApiError, store::Quota};

use super::{
    store::{on_every_store, world},
    support::{
        Person, World,
        process::Server,
        stores::{InPostgres, Place, fresh},
        world::HOST,
    },
};

on_every_store![
    one_answer_is_left_and_read,
    only_who_opened_it_reads_and_closes,
    a_mailbox_is_gone_after_its_time,
    few_at_a_time_and_no_name_twice,
    a_kit_finds_its_circle_by_eight_bytes,
    a_key_opens_a_session_once_its_device_is_in,
];

const ID: PairingId = PairingId([9; 16]);

async fn open(world: &World, token: &[u8], id: PairingId, lasts_ms: u64) -> Result<u64, ApiError> {
    let body = PairingOpen { token: token.to_vec(), id, lasts_ms }.encode();
    let answer = world.service().open_pairing(&body, world.now()).await?;
    Ok(PairingOpened::decode(&answer).unwrap().left_ms)
}

async fn shown(world: &World, id: PairingId) -> Result<PairingShown, ApiError> {
    let answer = world.service().pairing(&id.text(), world.now()).await?;
    Ok(PairingShown::decode(&answer).unwrap())
}

async fn answer(world: &World, id: PairingId, body: &[u8]) -> Result<Vec<u8>, ApiError> {
    world.service().answer_pairing(&id.text(), body, world.now()).await
}

async fn read(world: &World, token: &[u8], id: PairingId) -> Result<Option<Vec<u8>>, ApiError> {
    let body = PairingToken { token: token.to_vec() }.encode();
    let answer = world.service().read_pairing(&id.text(), &body, world.now()).await?;
    Ok(PairingRead::decode(&answer).unwrap().answer)
}

async fn close(world: &World, token: &[u8], id: PairingId) -> Result<Vec<u8>, ApiError> {
    let body = PairingToken { token: token.to_vec() }.encode();
    world.service().close_pairing(&id.text(), &body, world.now()).await
}

async fn one_answer_is_left_and_read(place: impl Place) {
    let world = world(&place).await;
    let ann = world.founder(1).await;
    let token = world.token(&ann).await.unwrap();
    assert_eq!(shown(&world, ID).await, Err(ApiError::UnknownPairing));
    assert_eq!(answer(&world, ID, b"early").await, Err(ApiError::UnknownPairing));
    assert_eq!(open(&world, &token, ID, 600_000).await, Ok(600_000));
    let state = shown(&world, ID).await.unwrap();
    assert_eq!((state.circle, state.answered, state.left_ms), (ann.circle, false, 600_000));
    assert_eq!(read(&world, &token, ID).await, Ok(None));
    assert_eq!(answer(&world, ID, &[7; 1025]).await, Err(ApiError::TooLarge));
    assert_eq!(answer(&world, ID, &[]).await, Err(ApiError::Malformed));
    answer(&world, ID, &[7; 1024]).await.unwrap();
    answer(&world, ID, &[7; 1024]).await.expect("a retry of the same");
    assert_eq!(answer(&world, ID, b"me too").await, Err(ApiError::PairingAnswered));
    assert!(shown(&world, ID).await.unwrap().answered);
    world.pass(1000);
    assert_eq!(open(&world, &token, ID, 600_000).await, Ok(599_000), "opened again it stays as it is");
    assert_eq!(read(&world, &token, ID).await, Ok(Some(vec![7; 1024])));
    close(&world, &token, ID).await.unwrap();
    assert_eq!(read(&world, &token, ID).await, Err(ApiError::UnknownPairing));
    assert_eq!(answer(&world, ID, b"late").await, Err(ApiError::UnknownPairing));
}

async fn only_who_opened_it_reads_and_closes(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let mut gone = world.joined(&mut ann, 2, Role::Caregiver).await;
    let ben = world.joined(&mut ann, 3, Role::Caregiver).await;
    let (invited, submitted) = ann.invite(Role::Friend, 1, true, world.now());
    world.submit(&mut ann, submitted).await;
    let guest = Person::guest(4, ann.circle, invited);
    let stranger = world.founder(5).await;
    let own = world.token(&ann).await.unwrap();
    world.sync(&mut gone, Vec::new()).await;
    let removed = world.token(&gone).await.unwrap();
    let member = gone.log().member_of(gone.device).unwrap();
    let remove = ann.act(world.now(), |author, rng| author.remove(member, rng));
    world.submit(&mut ann, remove).await;
    open(&world, &own, ID, 600_000).await.unwrap();
    answer(&world, ID, b"sealed").await.unwrap();
    let table = [
        ("no token", Vec::new(), ApiError::BadToken),
        ("a made up one", vec![1; 32], ApiError::BadToken),
        ("another member's", world.token(&ben).await.unwrap(), ApiError::NotAllowed),
        ("a removed member's", removed, ApiError::NotAllowed),
        ("an invitation's", world.token(&guest).await.unwrap(), ApiError::NotAllowed),
        ("another circle's", world.token(&stranger).await.unwrap(), ApiError::NotAllowed),
    ];
    for (who, token, expected) in table {
        assert_eq!(read(&world, &token, ID).await, Err(expected.clone()), "{who} reads");
        assert_eq!(close(&world, &token, ID).await, Err(expected.clone()), "{who} closes");
        assert_eq!(open(&world, &token, ID, 1000).await, Err(expected), "{who} opens it again");
    }
    assert_eq!(read(&world, &own, ID).await, Ok(Some(b"sealed".to_vec())));
    world.pass(kith_protocol::session::TOKEN_MS);
    assert_eq!(open(&world, &own, PairingId([8; 16]), 1000).await, Err(ApiError::BadToken), "expired");
}

async fn a_mailbox_is_gone_after_its_time(place: impl Place) {
    let world = world(&place).await;
    let ann = world.founder(1).await;
    let token = world.token(&ann).await.unwrap();
    let left = open(&world, &token, ID, u64::MAX).await;
    assert_eq!(left, Ok(MAX_PAIRING_MS), "however long was asked for");
    world.pass(MAX_PAIRING_MS - 1);
    assert!(shown(&world, ID).await.is_ok());
    world.pass(1);
    assert_eq!(shown(&world, ID).await, Err(ApiError::UnknownPairing));
    assert_eq!(answer(&world, ID, b"late").await, Err(ApiError::UnknownPairing));
    let token = world.token(&ann).await.unwrap();
    assert_eq!(read(&world, &token, ID).await, Err(ApiError::UnknownPairing));
    open(&world, &token, ID, 1000).await.expect("a fresh one by the old name");
    assert_eq!(read(&world, &token, ID).await, Ok(None), "nothing of the old one is in it");
}

async fn few_at_a_time_and_no_name_twice(place: impl Place) {
    let world = world(&place).await;
    let ann = world.founder(1).await;
    let other = world.founder(2).await;
    let (token, others) = (world.token(&ann).await.unwrap(), world.token(&other).await.unwrap());
    let ids: Vec<_> = (1..=4).map(|n| PairingId([n; 16])).collect();
    for id in &ids {
        open(&world, &token, *id, 600_000).await.unwrap();
        world.pass(1);
    }
    assert_eq!(shown(&world, ids[0]).await, Err(ApiError::UnknownPairing), "the oldest made room");
    for id in &ids[1..] {
        assert_eq!(shown(&world, *id).await.unwrap().circle, ann.circle);
    }
    assert_eq!(open(&world, &others, ids[2], 600_000).await, Err(ApiError::NotAllowed));
    assert_eq!(shown(&world, ids[2]).await.unwrap().circle, ann.circle);
}

async fn by_key(world: &World, secrets: &DeviceSecrets, nonce: &Nonce) -> Result<Vec<u8>, ApiError> {
    let proof = KeyProof::sign(nonce.circle, nonce.nonce, HOST, secrets);
    let body = world.service().key_token(&proof.encode(), world.now(), world.random()).await?;
    Ok(Token::decode(&body).unwrap().token)
}

async fn key_nonce(world: &World, start: &[u8]) -> Result<Nonce, ApiError> {
    let request = KeyNonceRequest { circle: CircleStart::new(start).unwrap() };
    let body = world.service().key_challenge(&request.encode(), world.now(), world.random()).await?;
    Ok(Nonce::decode(&body).unwrap())
}

async fn a_kit_finds_its_circle_by_eight_bytes(place: impl Place) {
    let world = world(&place).await;
    let ann = world.founder(1).await;
    let other = world.founder(2).await;
    for length in 8..=16 {
        let nonce = key_nonce(&world, &ann.circle.0[..length]).await.unwrap();
        assert_eq!(nonce.circle, ann.circle, "{length} bytes");
    }
    assert_eq!(key_nonce(&world, &other.circle.0[..8]).await.unwrap().circle, other.circle);
    assert_eq!(key_nonce(&world, &[0x55; 8]).await, Err(ApiError::UnknownCircle));
    let short = [&[0x81, 0x47][..], &ann.circle.0[..7]].concat();
    let refused = world.service().key_challenge(&short, world.now(), world.random()).await;
    assert_eq!(refused, Err(ApiError::Malformed), "seven bytes are not enough");
}

async fn a_key_opens_a_session_once_its_device_is_in(place: impl Place) {
    let world = world(&place).await;
    let mut ann = world.founder(1).await;
    let seed = KitSeed([3; 16]);
    let secrets = seed.secrets(&ann.circle);
    let nonce = key_nonce(&world, &ann.circle.0[..8]).await.unwrap();
    assert_eq!(by_key(&world, &secrets, &nonce).await, Err(ApiError::UnknownParty));
    let member = ann.log().member_of(ann.device).unwrap();
    let consent = kith_protocol::access::consent(&secrets, &ann.circle, member);
    let add = ann.act(world.now(), |author, rng| author.add_device(secrets.public(), true, consent, rng));
    world.submit(&mut ann, add).await;
    let mut forged = KeyProof::sign(nonce.circle, nonce.nonce, HOST, &ann.secrets);
    forged.key = secrets.public().sign;
    let refused = world.service().key_token(&forged.encode(), world.now(), world.random()).await;
    assert_eq!(refused, Err(ApiError::BadProof));
    let elsewhere = KeyProof::sign(nonce.circle, nonce.nonce, "evil.test", &secrets);
    let refused = world.service().key_token(&elsewhere.encode(), world.now(), world.random()).await;
    assert_eq!(refused, Err(ApiError::BadProof), "signed for another host");
    let token = by_key(&world, &secrets, &nonce).await.expect("the nonce that was refused before serves now");
    assert_eq!(by_key(&world, &secrets, &nonce).await, Err(ApiError::ChallengeExpired), "and once");

    let mut kit = Person::founder(1).0;
    (kit.secrets, kit.circle) = (secrets.clone(), ann.circle);
    for frame in world.post(vec![kit.hello(&token, false)]).await {
        kit.take(frame);
    }
    assert!(kit.keyring.key(Stream::Care, 1).is_some(), "it was given the keys");
    kit.log.clone_from(&ann.log);
    kit.device = kit.log().device_by_key(&secrets.public().sign).unwrap().number;
    let envelope = kit.seal(Stream::Care, "a kit writes nothing");
    let answer = world.post(vec![kit.hello(&token, false), Frame::Submit(vec![envelope])]).await;
    let head = kit.log().head();
    assert!(answer.iter().any(|f| matches!(f, Frame::Refused(_, Refusal::NoRight(at)) if *at == head)));

    let nonce = key_nonce(&world, &ann.circle.0[..16]).await.unwrap();
    world.pass(kith_server::CHALLENGE_MS);
    assert_eq!(by_key(&world, &secrets, &nonce).await, Err(ApiError::ChallengeExpired));
}

#[tokio::test]
async fn opened_on_one_node_and_answered_on_another() {
    let place = fresh::<InPostgres>();
    let one = world(&place).await;
    let two = one.with(place.open(Quota::default()).await);
    let ann = one.founder(1).await;
    let token = one.token(&ann).await.unwrap();
    open(&one, &token, ID, 600_000).await.unwrap();
    assert_eq!(shown(&two, ID).await.unwrap().circle, ann.circle);
    let both = futures::join!(answer(&two, ID, b"by two"), answer(&one, ID, b"by one"));
    assert!(matches!(
        both,
        (Ok(_), Err(ApiError::PairingAnswered)) | (Err(ApiError::PairingAnswered), Ok(_))
    ));
    let first = if both.0.is_ok() { b"by two".to_vec() } else { b"by one".to_vec() };
    assert_eq!(read(&one, &token, ID).await, Ok(Some(first.clone())));
    assert_eq!(read(&two, &token, ID).await, Ok(Some(first)));
    close(&two, &token, ID).await.unwrap();
    assert_eq!(shown(&one, ID).await, Err(ApiError::UnknownPairing));
}

#[test]
fn over_http_with_stable_codes_and_a_limit_for_those_without_a_token() {
    let server = Server::start(&["--store", "memory:", "--lookups-per-hour", "7"]);
    let (ann, _) = server.circle();
    let token = server.token(&ann);
    let path = format!("/v1/pairings/{}", ID.text());
    let post = |path: &str, body: Vec<u8>| {
        let answer = server.post(path, &body);
        if answer.status == 200 { (200, String::new()) } else { (answer.status, answer.code()) }
    };
    let open = |token: &[u8]| PairingOpen { token: token.to_vec(), id: ID, lasts_ms: 600_000 }.encode();
    let with = |token: &[u8]| PairingToken { token: token.to_vec() }.encode();
    assert_eq!(post("/v1/pairings", open(&[1; 32])), (401, "bad_token".into()));
    assert_eq!(post("/v1/pairings", vec![0xff]), (400, "malformed".into()));
    assert_eq!(server.get(&path).code(), "unknown_pairing");
    assert_eq!(post("/v1/pairings", open(&token)), (200, String::new()));
    assert_eq!(server.get(&path).status, 200);
    assert_eq!(post(&format!("{path}/answer"), vec![7; 1025]), (413, "too_large".into()));
    assert_eq!(post(&format!("{path}/answer"), b"mine".to_vec()), (200, String::new()));
    assert_eq!(post(&format!("{path}/answer"), b"mine too".to_vec()), (409, "pairing_answered".into()));
    assert_eq!(post("/v1/challenge/key", vec![0x80]), (400, "malformed".into()));
    let request = KeyNonceRequest { circle: CircleStart::new(&ann.circle.0[..8]).unwrap() };
    let nonce = Nonce::decode(&server.post("/v1/challenge/key", &request.encode()).body).unwrap();
    assert_eq!(server.get(&path).code(), "rate_limited", "the eighth look within the hour");
    assert_eq!(post(&format!("{path}/read"), with(&[1; 32])), (401, "bad_token".into()));
    let read = server.post(&format!("{path}/read"), &with(&token));
    assert_eq!(PairingRead::decode(&read.body).unwrap().answer, Some(b"mine".to_vec()));
    let stranger = DeviceSecrets::from_bytes(&[5; 64]);
    let proof = KeyProof::sign(nonce.circle, nonce.nonce, &server.address, &stranger);
    assert_eq!(post("/v1/token/key", proof.encode()), (403, "unknown_party".into()));
    assert_eq!(post(&format!("{path}/close"), with(&token)), (200, String::new()));
    assert_eq!(post(&format!("{path}/close"), with(&token)), (404, "unknown_pairing".into()));
    assert_eq!(server.get("/v1/pairings").code(), "method_not_allowed");
}
