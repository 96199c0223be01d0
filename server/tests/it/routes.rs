//! Every route of the API, asked by those who have no right to: each is refused with the code that clients act on. A
//! route that is not in the table fails the test.

use kith_protocol::{
    CircleStart, DeviceSecrets, PairingId, Stream,
    by_key::{KeyNonceRequest, KeyProof},
    mailbox::{PairingOpen, PairingToken},
    message::{Frame, Frames},
    returning::Return,
    session::{Nonce, NonceRequest, Proof},
};
use kith_server::API;

use super::support::{
    Person,
    process::{Answer, Server},
};

const ID: PairingId = PairingId([9; 16]);

/// Who asks for what is Ann's: somebody without a token, another member, a member that was removed, and somebody with a
/// good token of another circle.
const STRANGERS: [&str; 4] = ["nobody", "another member", "a removed member", "another circle's"];

/// What a route answers them.
enum Expected {
    /// The same for everybody, and served: who asks needs no right.
    Open,
    /// In the order of [`STRANGERS`].
    Guarded([&'static str; 4]),
}
use Expected::{Guarded, Open};

const TABLE: [(&str, Expected); 19] = [
    ("/v1/about", Open),
    // Limited by address.
    ("/v1/circles", Open),
    // Limited likewise; what is given is verified, and gives nobody a right.
    ("/v1/circles/return", Open),
    // What it gives is worth nothing without the device's key.
    ("/v1/challenge", Open),
    // Who was removed may open a session that sends the entry which says so, and nothing else.
    ("/v1/token", Guarded(["401 bad_proof", "401 bad_proof", "200", "401 challenge_expired"])),
    ("/v1/challenge/key", Open),
    ("/v1/token/key", Guarded(["403 unknown_party", "401 bad_proof", "200", "403 unknown_party"])),
    ("/v1/sync", Guarded(["token", "wrong_device", "forbidden", "signature"])),
    ("/v1/socket", Guarded(["token", "wrong_device", "forbidden", "signature"])),
    // Four states, told to whoever knows 16 random bytes.
    ("/v1/invites/{id}", Open),
    ("/v1/pairings", Guarded(["401 bad_token", "403 not_allowed", "403 not_allowed", "403 not_allowed"])),
    // Whoever knows the name of a mailbox may see that it is there, and leave an answer.
    ("/v1/pairings/{id}", Open),
    ("/v1/pairings/{id}/answer", Open),
    (
        "/v1/pairings/{id}/read",
        Guarded(["401 bad_token", "403 not_allowed", "403 not_allowed", "403 not_allowed"]),
    ),
    (
        "/v1/pairings/{id}/close",
        Guarded(["401 bad_token", "403 not_allowed", "403 not_allowed", "403 not_allowed"]),
    ),
    ("/healthz", Open),
    ("/readyz", Open),
    ("/metrics", Open),
    ("/openapi.json", Open),
];

/// Ann's circle, and those who ask.
struct Stage {
    server: Server,
    ann: Person,
    /// In the order of [`STRANGERS`]; nobody says Hello as Ann would.
    people: [Person; 4],
    tokens: [Vec<u8>; 4],
    /// An entry of Ann's that was never sent.
    envelope: kith_protocol::envelope::SealedEnvelope,
}

impl Stage {
    fn new() -> Self {
        let server = Server::start(&["--store", "memory:"]);
        let (mut ann, ben) = server.circle();
        let mut gone = server.joined(&mut ann, 3);
        let written = ann.seal(Stream::Care, "not for everybody");
        let (mut eve, submitted) = Person::founder(8);
        assert_eq!(server.post("/v1/circles", &submitted.encode()).status, 200);
        server.sync(&mut eve, Vec::new());
        server.sync(&mut gone, Vec::new());
        let tokens = [Vec::new(), server.token(&ben), server.token(&gone), server.token(&eve)];
        let member = gone.log().member_of(gone.device).unwrap();
        let remove = ann.act(ann.log().head_stamp(), |author, rng| author.remove(member, rng));
        server.sync(&mut ann, vec![Frame::Submit(vec![written]), Frame::SubmitAccess(remove)]);
        server.sync(&mut ann, Vec::new());
        assert_eq!(ann.refused, []);
        let body = PairingOpen { token: server.token(&ann), id: ID, lasts_ms: 600_000 }.encode();
        assert_eq!(server.post("/v1/pairings", &body).status, 200);
        let envelope = ann.seal(Stream::Care, "sent by somebody else");
        let mut nobody = Person::founder(1).0;
        nobody.log.clone_from(&ann.log);
        Self { server, ann, people: [nobody, ben, gone, eve], tokens, envelope }
    }

    fn nonce(&self, person: &Person) -> Nonce {
        let request = NonceRequest { circle: person.circle.prefix(), party: person.party() };
        Nonce::decode(&self.server.post("/v1/challenge", &request.encode()).body).unwrap()
    }

    fn key_nonce(&self) -> Nonce {
        let request = KeyNonceRequest { circle: CircleStart::new(&self.ann.circle.0[..16]).unwrap() };
        Nonce::decode(&self.server.post("/v1/challenge/key", &request.encode()).body).unwrap()
    }

    fn frames(&self, who: usize, live: bool) -> Vec<Frame> {
        let hello = self.people[who].hello(&self.tokens[who], live);
        vec![hello, Frame::Submit(vec![self.envelope.clone()])]
    }

    /// What the server answers.
    async fn ask(&self, path: &str, who: usize) -> String {
        let (server, token) = (&self.server, self.tokens[who].clone());
        let with_token = || PairingToken { token: token.clone() }.encode();
        let mailbox = format!("/v1/pairings/{}", ID.text());
        let answer = match path {
            "/v1/circles" => server.post(path, &Person::founder(20).1.encode()),
            "/v1/circles/return" => {
                let (circle, records) = (self.ann.circle, self.ann.records.clone());
                server.post(path, &Return { circle, from: 1, records }.encode())
            }
            "/v1/challenge" => {
                let request = NonceRequest { circle: self.ann.circle.prefix(), party: self.ann.party() };
                server.post(path, &request.encode())
            }
            "/v1/token" => server.post(path, &self.proof(who).encode()),
            "/v1/challenge/key" => {
                let request = KeyNonceRequest { circle: CircleStart::new(&self.ann.circle.0[..16]).unwrap() };
                server.post(path, &request.encode())
            }
            "/v1/token/key" => server.post(path, &self.key_proof(who).encode()),
            "/v1/sync" => {
                let answer = server.post(path, &Frames(self.frames(who, false)).encode());
                return refusals(&Frames::decode(&answer.body).unwrap().0, who);
            }
            "/v1/socket" => return self.over_a_socket(who).await,
            "/v1/invites/{id}" => server.get("/v1/invites/AAAAAAAAAAAAAAAAAAAAAA"),
            "/v1/pairings" => {
                server.post(path, &PairingOpen { token: token.clone(), id: ID, lasts_ms: 1000 }.encode())
            }
            "/v1/pairings/{id}" => server.get(&mailbox),
            "/v1/pairings/{id}/answer" => server.post(&format!("{mailbox}/answer"), b"sealed"),
            "/v1/pairings/{id}/read" => server.post(&format!("{mailbox}/read"), &with_token()),
            "/v1/pairings/{id}/close" => server.post(&format!("{mailbox}/close"), &with_token()),
            "/v1/about" | "/healthz" | "/readyz" | "/metrics" | "/openapi.json" => server.get(path),
            _ => panic!("nobody has said who may ask for {path}: it belongs into the table"),
        };
        status_and_code(&answer)
    }

    /// Of being Ann; of the removed one, of being itself.
    fn proof(&self, who: usize) -> Proof {
        let (ann, nonce) = (&self.ann, self.nonce(&self.ann));
        let sign = |person: &Person, nonce: &Nonce, secrets: &DeviceSecrets| {
            Proof::sign(nonce.circle, person.party(), nonce.nonce, &self.server.address, secrets)
        };
        match who {
            0 => sign(ann, &nonce, &DeviceSecrets::from_bytes(&[5; 64])),
            1 => sign(ann, &nonce, &self.people[1].secrets),
            2 => sign(&self.people[2], &self.nonce(&self.people[2]), &self.people[2].secrets),
            _ => {
                // Its own challenge, answered for Ann's circle.
                let nonce = Nonce { circle: ann.circle, ..self.nonce(&self.people[3]) };
                sign(&self.people[3], &nonce, &self.people[3].secrets)
            }
        }
    }

    fn key_proof(&self, who: usize) -> KeyProof {
        let nonce = self.key_nonce();
        let sign = |secrets: &DeviceSecrets| {
            KeyProof::sign(nonce.circle, nonce.nonce, &self.server.address, secrets)
        };
        match who {
            0 => sign(&DeviceSecrets::from_bytes(&[5; 64])),
            1 => KeyProof { key: self.ann.secrets.public().sign, ..sign(&self.people[1].secrets) },
            _ => sign(&self.people[who].secrets),
        }
    }

    async fn over_a_socket(&self, who: usize) -> String {
        let mut socket = self.server.socket().await;
        for frame in self.frames(who, true) {
            // It may have been closed after the first.
            socket.try_say(&frame).await;
        }
        let mut frames = Vec::new();
        while !frames.iter().any(|frame| matches!(frame, Frame::Refused(..))) {
            frames.push(socket.hear().await.unwrap());
        }
        refusals(&frames, who)
    }
}

fn status_and_code(answer: &Answer) -> String {
    match answer.status {
        200 => "200".into(),
        status => format!("{status} {}", answer.code()),
    }
}

/// The codes of what was refused. To who does not belong no entry may come.
fn refusals(frames: &[Frame], who: usize) -> String {
    let entries = frames.iter().any(|frame| matches!(frame, Frame::Entries(_)));
    assert!(!entries || who == 1, "{} is sent entries", STRANGERS[who]);
    let codes = frames.iter().filter_map(|frame| match frame {
        Frame::Refused(_, refusal) => Some(refusal.code()),
        _ => None,
    });
    codes.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn who_has_no_right_is_refused_on_every_route() {
    let stage = Stage::new();
    let paths: Vec<_> = API.iter().map(|(_, path)| *path).collect();
    assert_eq!(
        TABLE.map(|(path, _)| path)[..],
        paths[..],
        "the table has every route, in the order of the API"
    );
    for (path, expected) in TABLE {
        for (who, name) in STRANGERS.iter().enumerate() {
            let answer = stage.ask(path, who).await;
            let expected = match &expected {
                Open => "200",
                Guarded(codes) => codes[who],
            };
            assert_eq!(answer, expected, "{path} asked by {name}");
        }
    }
    let mut ann = stage.ann;
    stage.server.sync(&mut ann, Vec::new());
    assert_eq!(ann.cursor(Stream::Care).k, 1, "nothing of what they sent was kept");
    let body = PairingToken { token: stage.server.token(&ann) }.encode();
    let mailbox = format!("/v1/pairings/{}", ID.text());
    assert_eq!(
        stage.server.post(&format!("{mailbox}/read"), &body).status,
        200,
        "nor was anything taken away"
    );
}
