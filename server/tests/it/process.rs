//! The server as people run it: a process, HTTP, sockets, signals, what it logs.

use std::process::Command;

use kith_protocol::{Refusal, Stream, Wire, invite::InviteState, message::Frame};

use tokio::io::AsyncReadExt;

use super::support::{
    Person, hex_of,
    process::{Server, web_folder},
};

#[tokio::test]
async fn two_people_over_a_socket_and_over_requests() {
    let server = Server::start(&["--store", "sqlite:kith.db"]);
    let (mut ann, mut ben) = server.circle();
    let mut socket = server.socket().await;
    socket.catch_up(&server, &mut ben).await;
    let envelope = ann.seal(Stream::Care, "over a request");
    server.sync(&mut ann, vec![Frame::Submit(vec![envelope])]);
    ben.take(socket.hear().await.unwrap());
    assert_eq!(ben.read, [(Stream::Care, "over a request".to_owned())]);

    let mut live = server.socket().await;
    live.catch_up(&server, &mut ann).await;
    let envelope = ben.seal(Stream::Care, "over a socket");
    socket.say(&Frame::Submit(vec![envelope])).await;
    ben.take(socket.hear().await.unwrap());
    ben.take(socket.hear().await.unwrap());
    assert_eq!((ben.acks.len(), ben.stubs), (1, 1));
    ann.take(live.hear().await.unwrap());
    assert_eq!(ann.cursor(Stream::Care), ben.cursor(Stream::Care));
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    assert!(metrics.contains("\nkith_entries_taken_total 2\n"), "{metrics}");
    assert!(metrics.contains("\nkith_sockets_open 2\n"), "{metrics}");
}

#[test]
fn marked_as_restored_it_waits_for_everybody_from_the_next_start_on() {
    let server = Server::start(&["--store", "sqlite:kith.db"]);
    let (mut ann, mut ben) = server.circle();
    server.signal("-TERM");
    let (well, log, folder) = server.ended();
    assert!(well, "{log}");
    let marked = Command::new(env!("CARGO_BIN_EXE_kith-server"))
        .current_dir(folder.path())
        .args(["--store", "sqlite:kith.db", "--mark-restored"])
        .output()
        .unwrap();
    assert!(marked.status.success(), "{marked:?}");
    assert!(String::from_utf8_lossy(&marked.stdout).contains("every circle waits for its devices"));

    let server = Server::start_in(folder, &["--store", "sqlite:kith.db"]);
    server.sync(&mut ann, Vec::new());
    assert!(ann.waiting, "Ben has not said what he has");
    server.sync(&mut ben, Vec::new());
    assert!(!ben.waiting);
}

#[tokio::test]
async fn told_to_stop_it_closes_sockets_and_keeps_everything() {
    let server = Server::start(&["--store", "sqlite:kith.db"]);
    let (mut ann, _) = server.circle();
    let mut socket = server.socket().await;
    socket.catch_up(&server, &mut ann).await;
    let envelope = ann.seal(Stream::Care, "kept");
    socket.say(&Frame::Submit(vec![envelope])).await;
    ann.take(socket.hear().await.unwrap());
    ann.take(socket.hear().await.unwrap());
    server.signal("-TERM");
    assert_eq!(socket.hear().await.unwrap_err(), 1001);
    let (well, log, folder) = server.ended();
    assert!(well, "{log}");
    assert!(!folder.path().join("kith.db-wal").exists(), "all of it is in the file");

    let server = Server::start_in(folder, &["--store", "sqlite:kith.db"]);
    // The port has changed, and with it the host that devices sign.
    let mut ben = Person::founder(1).0;
    server.sync(&mut ben, Vec::new());
    assert_eq!(ben.read, [(Stream::Care, "kept".to_owned())]);
}

#[tokio::test]
async fn killed_it_keeps_what_it_acknowledged() {
    let server = Server::start(&["--store", "sqlite:kith.db"]);
    let (mut ann, _) = server.circle();
    let mut socket = server.socket().await;
    socket.catch_up(&server, &mut ann).await;
    for n in 0..20 {
        let envelope = ann.seal(Stream::Care, &n.to_string());
        socket.say(&Frame::Submit(vec![envelope])).await;
    }
    while ann.acks.len() < 10 {
        ann.take(socket.hear().await.unwrap());
    }
    server.signal("-KILL");
    let (_, _, folder) = server.ended();
    let server = Server::start_in(folder, &["--store", "sqlite:kith.db"]);
    let mut again = Person::founder(1).0;
    server.sync(&mut again, Vec::new());
    assert!(again.read.len() >= ann.acks.len(), "{} of {}", again.read.len(), ann.acks.len());
    assert!(again.cursor(Stream::Care).k >= ann.acks.last().unwrap().k);
}

#[tokio::test]
async fn junk_gets_a_typed_error() {
    let server = Server::start(&["--store", "memory:", "--max-body-bytes", "100000"]);
    for path in ["/v1/circles", "/v1/challenge", "/v1/token", "/v1/sync"] {
        for junk in [&b""[..], b"junk", &[0x9f, 0xff], &[0x9b; 9], &[0; 5000]] {
            let answer = server.post(path, junk);
            assert_eq!((answer.status, answer.code()), (400, "malformed".into()), "{path}");
        }
        let answer = server.post(path, &vec![0; 100_001]);
        assert_eq!((answer.status, answer.code()), (413, "too_large".into()));
        let answer = server.get(path);
        assert_eq!((answer.status, answer.code()), (405, "method_not_allowed".into()));
    }
    assert_eq!(server.get("/v1/nothing").code(), "not_found");
    let unknown = server.get("/v1/invites/AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(InviteState::decode(&unknown.body), Ok(InviteState::Unknown));
    let plain = server.get("/v1/socket");
    assert_eq!((plain.status, plain.header("upgrade")), (426, "websocket"), "not a WebSocket");
    assert_eq!(plain.code(), "upgrade_required");
    let stranger = Person::founder(3).0;
    let request =
        kith_protocol::session::NonceRequest { circle: stranger.circle.prefix(), party: stranger.party() };
    assert_eq!(server.post("/v1/challenge", &request.encode()).code(), "unknown_circle");
    let options = server.request("OPTIONS", "/v1/sync", &[("origin", "https://elsewhere.test")], &[]);
    assert_eq!((options.status, options.header("access-control-allow-origin")), (204, "*"));

    let mut socket = server.socket().await;
    socket.0.get_mut();
    futures::SinkExt::send(
        &mut socket.0,
        tokio_tungstenite::tungstenite::Message::Binary(vec![7; 99].into()),
    )
    .await
    .unwrap();
    assert!(matches!(socket.hear().await, Ok(Frame::Refused(_, Refusal::Malformed))));
    assert_eq!(socket.hear().await, Err(1008));
    let mut socket = server.socket().await;
    socket.say(&stranger.hello(&[1; 32], true)).await;
    assert!(matches!(socket.hear().await, Ok(Frame::Refused(_, Refusal::Token))));
    let mut socket = server.socket().await;
    futures::SinkExt::send(&mut socket.0, tokio_tungstenite::tungstenite::Message::text("hello"))
        .await
        .unwrap();
    assert_eq!(socket.hear().await, Err(1003));
}

#[tokio::test]
async fn limits_are_kept_and_said() {
    let server = Server::start(&[
        "--store",
        "memory:",
        "--requests-per-second",
        "0.001",
        "--request-burst",
        "6",
        "--circles-per-hour",
        "1",
        "--sockets-per-address",
        "1",
        "--hello-seconds",
        "1",
    ]);
    let (_, submitted) = Person::founder(1);
    assert_eq!(server.post("/v1/circles", &submitted.encode()).status, 200);
    let answer = server.post("/v1/circles", &Person::founder(2).1.encode());
    assert_eq!((answer.status, answer.code()), (429, "rate_limited".into()));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    let mut socket = server.socket().await;
    let url = format!("ws://{}/v1/socket", server.address);
    let second = tokio_tungstenite::connect_async(url).await.unwrap_err();
    assert!(matches!(second, tokio_tungstenite::tungstenite::Error::Http(answer) if answer.status() == 429));
    assert_eq!(socket.hear().await, Err(1000), "no Hello in time");
    server.get("/v1/nothing");
    server.get("/v1/nothing");
    assert_eq!(server.get("/v1/nothing").code(), "rate_limited");
    assert_eq!(server.get("/healthz").status, 200, "health is not limited");
}

#[tokio::test]
async fn whoever_answers_no_ping_is_let_go() {
    let server = Server::start(&["--store", "memory:", "--ping-seconds", "1"]);
    let (mut ann, mut ben) = server.circle();
    let (mut silent, mut live) = (server.socket().await, server.socket().await);
    silent.catch_up(&server, &mut ann).await;
    live.catch_up(&server, &mut ben).await;
    // From here on nobody reads that socket as one, so that no ping is answered: as if the phone were gone.
    let mut bare = silent.0.into_inner();
    let mut left = Vec::new();
    tokio::select! {
        end = bare.read_to_end(&mut left) => drop(end),
        heard = live.hear() => panic!("{heard:?}"),
    }
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    assert!(metrics.contains("\nkith_sockets_open 1\n"), "{metrics}");
    live.say(&Frame::More(Vec::new())).await;
    assert_eq!(live.hear().await, Ok(Frame::Heard), "who answers is kept");
}

#[test]
fn secrets_are_not_logged() {
    let server = Server::start(&["--store", "memory:", "--log", "trace", "--log-format", "json"]);
    let (mut ann, _) = server.circle();
    let token = server.token(&ann);
    let envelope = ann.seal(Stream::Care, "a body");
    let body = envelope.body.clone();
    let frames = vec![ann.hello(&token, false), Frame::Submit(vec![envelope])];
    server.post("/v1/sync", &Wire::encode(&kith_protocol::message::Frames(frames)));
    server.get("/i/AAAAAAAAAAAAAAAAAAAAAA?secret=hunter2");
    server.signal("-TERM");
    let (_, log, _) = server.ended();
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect();
    assert!(lines.iter().any(|line| line["message"] == "request"));
    let hex = |bytes: &[u8]| hex_of(bytes);
    let list = |bytes: &[u8]| bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    for secret in [&token[..8], &body[..8], &ann.secrets.to_bytes()[..8]] {
        for form in [hex(secret), list(secret), format!("{secret:?}")] {
            assert!(!log.contains(&form), "{form}");
        }
    }
    assert!(!log.contains("hunter2") && !log.contains("AAAAAAAAAAAAAAAAAAAAAA"));
}

#[test]
fn the_app_is_served_with_the_right_headers() {
    let (_folder, dist) = web_folder();
    let server = Server::start(&["--store", "memory:", "--web", dist.to_str().unwrap()]);
    let page = server.get("/");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), "no-cache");
    assert!(page.header("content-security-policy").contains("script-src 'self' 'wasm-unsafe-eval';"));
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(page.header("permissions-policy").starts_with("camera=(self)"));
    assert_eq!(server.get("/tasks/today").body, page.body, "the app's own paths");
    let etag = page.header("etag").to_owned();
    assert_eq!(server.request("GET", "/", &[("if-none-match", &etag)], &[]).status, 304);

    let script = "/assets/kith-0a1b2c3d4e5f.js";
    let best = server.request("GET", script, &[("accept-encoding", "gzip, br")], &[]);
    assert_eq!((best.header("content-encoding"), &best.body[..]), ("br", &b"brotli"[..]));
    assert_eq!(best.header("content-type"), "text/javascript; charset=utf-8");
    assert!(best.header("cache-control").contains("immutable"));
    assert_eq!(best.header("vary"), "accept-encoding");
    let plain = server.request("GET", script, &[("accept-encoding", "br;q=0")], &[]);
    assert_eq!((plain.header("content-encoding"), &plain.body[..]), ("", &b"export {}"[..]));
    let wasm = server.get("/assets/kith-0a1b2c3d4e5f_bg.wasm");
    assert_eq!(wasm.header("content-type"), "application/wasm");
    assert_eq!(server.get("/kith.webmanifest").header("content-type"), "application/manifest+json");
    assert_eq!(server.get("/sw.js").header("cache-control"), "no-cache");
    assert_eq!(server.get("/i/AAAA").header("cache-control"), "no-store");
    assert_eq!(server.request("HEAD", "/", &[], &[]).body.len(), 0);
    assert_eq!(server.post("/", b"x").status, 405);
    for path in
        ["/missing.js", "/.env", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%5c..%5csecret.txt"]
    {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
}
