//! The disk is full: writes are refused and nothing of them stays, reads go on, and once there is room writes go on too,
//! without a restart. Twice for real: a limit on the size of files (any user may set it, EFBIG), and a small file system
//! that is filled up (where this user may mount one, ENOSPC).

use std::{
    fs::{File, remove_file},
    io::Write,
    path::PathBuf,
    process::Command,
};

use kith_protocol::{
    Refusal, Role, Stream,
    message::{Frame, Frames, Subject},
    session::{Nonce, NonceRequest, Proof, Token},
};

use super::support::{
    Person,
    process::{Server, Socket},
};

const STORE: [&str; 4] = ["--store", "sqlite:kith.db", "--frames-per-second", "100000"];

/// Says it and hears what the server answers first.
async fn answer(socket: &mut Socket, person: &mut Person, frame: Frame) -> Frame {
    socket.say(&frame).await;
    let answer = socket.hear().await.unwrap();
    person.take(answer.clone());
    answer
}

async fn refused_and_then_taken(server: &Server, fill: impl Fn(), make_room: impl Fn()) {
    let (mut ann, mut ben) = server.circle();
    let (mut socket, mut listening) = (server.socket().await, server.socket().await);
    socket.catch_up(server, &mut ann).await;
    listening.catch_up(server, &mut ben).await;
    fill();

    // What still fits is taken; then comes the first that is not.
    let mut taken = 0;
    let envelope = loop {
        let envelope = ann.seal(Stream::Care, &format!("{taken}"));
        match answer(&mut socket, &mut ann, Frame::Submit(vec![envelope.clone()])).await {
            Frame::Acked(_) => ann.take(socket.hear().await.unwrap()),
            Frame::Refused(Subject::Session, Refusal::Fault) => break envelope,
            other => panic!("{other:?}"),
        }
        taken += 1;
        assert!(taken < 1000, "it does not get full");
    };
    let (_, invite) = ann.invite(Role::Friend, 1, true, ann.log().head_stamp());
    for frame in [Frame::SubmitAccess(invite.clone()), Frame::Submit(vec![envelope.clone()])] {
        let again = answer(&mut socket, &mut ann, frame).await;
        assert!(matches!(again, Frame::Refused(Subject::Session, Refusal::Fault)), "{again:?}");
    }
    let founding = Person::founder(7).1.encode();
    let refused = server.post("/v1/circles", &founding);
    assert_eq!((refused.status, refused.code()), (503, "unavailable".into()));

    assert_eq!(server.get("/readyz").status, 200, "it reads");
    while ben.read.len() < taken {
        ben.take(listening.hear().await.unwrap());
    }
    // A session that is opened now: its challenge gives one token, as ever.
    let request = NonceRequest { circle: ben.circle.prefix(), party: ben.party() };
    let nonce = Nonce::decode(&server.post("/v1/challenge", &request.encode()).body).unwrap();
    let proof = Proof::sign(nonce.circle, ben.party(), nonce.nonce, &server.address, &ben.secrets).encode();
    let reader = Token::decode(&server.post("/v1/token", &proof).body).unwrap().token;
    assert_eq!(server.post("/v1/token", &proof).code(), "challenge_expired");
    let mut newcomer = Person::founder(1).0;
    let body = Frames(vec![newcomer.hello(&reader, false)]).encode();
    for frame in Frames::decode(&server.post("/v1/sync", &body).body).unwrap().0 {
        // The wraps are Ben's.
        if matches!(frame, Frame::Access(_)) {
            newcomer.take(frame);
        } else if let Frame::Entries(page) = frame {
            assert_eq!(page.entries.len(), taken, "what was acknowledged, and nothing of what was refused");
        }
    }
    assert_eq!(newcomer.log().head(), ann.log().head());

    make_room();
    assert!(matches!(answer(&mut socket, &mut ann, Frame::Submit(vec![envelope])).await, Frame::Acked(_)));
    ann.take(socket.hear().await.unwrap());
    assert!(matches!(
        answer(&mut socket, &mut ann, Frame::SubmitAccess(invite)).await,
        Frame::AccessAcked(_)
    ));
    assert_eq!(server.post("/v1/circles", &founding).status, 200);
    while ben.read.len() <= taken {
        ben.take(listening.hear().await.unwrap());
    }
    assert_eq!(ben.cursor(Stream::Care), ann.cursor(Stream::Care));
    assert_eq!(server.post("/v1/token", &proof).code(), "challenge_expired", "with room too");
    server.token(&ben);
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn no_file_may_grow() {
    // Ignored signals stay ignored: the write fails instead of ending the process.
    let command = ["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""];
    let server = Server::start_by(&command, tempfile::tempdir().unwrap(), &STORE);
    let limit = |bytes: &str| {
        let id = server.id().to_string();
        run(Command::new("prlimit").args(["--pid", &id, &format!("--fsize={bytes}:unlimited")]));
    };
    let log = server.folder.path().join("kith.db-wal");
    let as_it_is = || limit(&std::fs::metadata(&log).unwrap().len().to_string());
    refused_and_then_taken(&server, as_it_is, || limit("unlimited")).await;
}

#[tokio::test]
async fn the_disk_is_full() {
    // In a mount namespace of its own, which goes with the process. Who is not root needs one for users as well.
    let alone: &[&str] = &["unshare", "--mount"];
    let mapped: &[&str] = &["unshare", "--mount", "--map-root-user"];
    let works = |command: &&[&str]| {
        let mount = ["sh", "-c", "mount -t tmpfs tmpfs /mnt"];
        Command::new(command[0])
            .args(&command[1..])
            .args(mount)
            .output()
            .is_ok_and(|done| done.status.success())
    };
    let Some(command) = [alone, mapped].into_iter().find(works) else {
        eprintln!("nothing may be mounted here: only the limit on the size of files was tried");
        return;
    };
    let mount = "mount -t tmpfs -o size=4m tmpfs \"$PWD\" && cd \"$PWD\" && exec \"$0\" \"$@\"";
    let command = [command, &["sh", "-c", mount]].concat();
    let server = Server::start_by(&command, tempfile::tempdir().unwrap(), &STORE);
    let filler = PathBuf::from(format!("/proc/{}/cwd/filler", server.id()));
    let fill = || {
        let mut file = File::create(&filler).unwrap();
        while file.write_all(&[7; 4096]).is_ok() {}
    };
    refused_and_then_taken(&server, fill, || remove_file(&filler).unwrap()).await;
}
