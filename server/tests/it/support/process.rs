//! The server as a process on a free port, and clients as they are outside: HTTP and a WebSocket.

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::JoinHandle,
};

use futures::{SinkExt, StreamExt};
use kith_protocol::{
    Wire,
    message::{Frame, Frames},
    session::{Nonce, NonceRequest, Proof, Token},
};
use kith_server::ErrorBody;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

use super::Person;

/// A running server, stopped when dropped.
pub struct Server {
    child: Child,
    pub address: String,
    /// What devices sign.
    host: String,
    log: Option<JoinHandle<String>>,
    pub folder: TempDir,
}

/// An answer to a request.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The stable code of an error.
    pub fn code(&self) -> String {
        minicbor::decode::<ErrorBody>(&self.body).unwrap().code
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Server {
    pub fn start(flags: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), flags)
    }

    /// In this folder, so that a server can be started again where one stopped.
    pub fn start_in(folder: TempDir, flags: &[&str]) -> Self {
        Self::start_by(&[], folder, flags)
    }

    /// By a command that ends by becoming the server: its arguments go on with the server's.
    pub fn start_by(command: &[&str], folder: TempDir, flags: &[&str]) -> Self {
        let line = [command, &[env!("CARGO_BIN_EXE_kith-server")]].concat();
        let mut child = Command::new(line[0])
            .args(&line[1..])
            .args(["--listen", "127.0.0.1:0"])
            .args(flags)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut errors = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            errors.read_to_string(&mut log).unwrap();
            log
        });
        let Some(address) = line.trim().strip_prefix("listening on http://").map(str::to_owned) else {
            child.kill().unwrap();
            panic!("{line}{}", log.join().unwrap());
        };
        Self { child, host: address.clone(), address, log: Some(log), folder }
    }

    /// For a server that was told its host.
    pub fn answering_to(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Waits for its end: exit status, log, and the folder it ran in.
    pub fn ended(mut self) -> (bool, String, TempDir) {
        let status = self.child.wait().unwrap();
        let log = self.log.take().unwrap().join().unwrap();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        (status.success(), log, folder)
    }

    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .build()
            .into();
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = agent.run(request.body(body).unwrap()).unwrap();
        let body = response.body_mut().with_config().limit(16 << 20).read_to_vec().unwrap();
        Answer { status: response.status().as_u16(), headers: response.headers().clone(), body }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], &[])
    }

    pub fn post(&self, path: &str, body: &[u8]) -> Answer {
        self.request("POST", path, &[("content-type", "application/cbor")], body)
    }

    pub fn token(&self, person: &Person) -> Vec<u8> {
        let request = NonceRequest { circle: person.circle.prefix(), party: person.party() };
        let nonce = Nonce::decode(&self.post("/v1/challenge", &request.encode()).body).unwrap();
        let proof =
            Proof::sign(nonce.circle, person.party(), nonce.nonce, &self.host, &person.session_secrets());
        Token::decode(&self.post("/v1/token", &proof.encode()).body).unwrap().token
    }

    /// `POST /v1/sync` with Hello and these frames; the person takes in what comes back.
    pub fn sync(&self, person: &mut Person, frames: Vec<Frame>) {
        let token = self.token(person);
        let mut all = vec![person.hello(&token, false)];
        all.extend(frames);
        let answer = self.post("/v1/sync", &Frames(all).encode());
        assert_eq!(answer.status, 200);
        for frame in Frames::decode(&answer.body).unwrap().0 {
            person.take(frame);
        }
    }

    /// A circle of two.
    pub fn circle(&self) -> (Person, Person) {
        let (mut ann, submitted) = Person::founder(1);
        assert_eq!(self.post("/v1/circles", &submitted.encode()).status, 200);
        self.sync(&mut ann, Vec::new());
        let ben = self.joined(&mut ann, 2);
        (ann, ben)
    }

    /// One more in the circle, a caregiver, who has caught up.
    pub fn joined(&self, by: &mut Person, seed: u8) -> Person {
        let now = by.log().head_stamp();
        let (invited, submitted) = by.invite(kith_protocol::Role::Caregiver, 1, true, now);
        self.sync(by, vec![Frame::SubmitAccess(submitted)]);
        let mut guest = Person::guest(seed, by.circle, invited);
        self.sync(&mut guest, Vec::new());
        let join = guest.join(now);
        self.sync(&mut guest, vec![Frame::SubmitAccess(join)]);
        self.sync(by, Vec::new());
        (guest.log, guest.records) = (by.log.clone(), by.records.clone());
        guest.device = guest.log().device_by_key(&guest.secrets.public().sign).unwrap().number;
        self.sync(&mut guest, Vec::new());
        guest
    }

    pub async fn socket(&self) -> Socket {
        let url = format!("ws://{}/v1/socket", self.address);
        Socket(tokio_tungstenite::connect_async(url).await.unwrap().0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client's socket.
pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn say(&mut self, frame: &Frame) {
        self.0.send(Message::Binary(Wire::encode(frame).into())).await.unwrap();
    }

    /// The next frame; or the code with which the server closed.
    pub async fn hear(&mut self) -> Result<Frame, u16> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Binary(bytes))) => return Ok(Frame::decode(&bytes).unwrap()),
                Some(Ok(Message::Close(Some(close)))) => return Err(close.code.into()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Whether it could be handed to a server that may be gone.
    pub async fn try_say(&mut self, frame: &Frame) -> bool {
        self.0.send(Message::Binary(Wire::encode(frame).into())).await.is_ok()
    }

    /// The next frame; none when the server is gone.
    pub async fn try_hear(&mut self) -> Option<Frame> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Binary(bytes))) => return Some(Frame::decode(&bytes).unwrap()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }

    /// Says Hello and takes everything up to `CaughtUp`.
    pub async fn catch_up(&mut self, server: &Server, person: &mut Person) {
        let token = server.token(person);
        self.say(&person.hello(&token, true)).await;
        person.caught_up = false;
        while !person.caught_up {
            person.take(self.hear().await.unwrap());
        }
    }
}

/// A web folder with a few files.
pub fn web_folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    std::fs::create_dir_all(dist.join("assets")).unwrap();
    let files: [(&str, &[u8]); 9] = [
        ("index.html", b"<!doctype html><title>Kith</title>"),
        ("sw.js", b"// worker"),
        ("kith.webmanifest", b"{}"),
        ("assets/kith-0a1b2c3d4e5f.js", b"export {}"),
        ("assets/kith-0a1b2c3d4e5f.js.br", b"brotli"),
        ("assets/kith-0a1b2c3d4e5f.js.gz", b"gzip"),
        ("assets/kith-0a1b2c3d4e5f_bg.wasm", b"\0asm"),
        ("../secret.txt", b"secret"),
        (".env", b"secret"),
    ];
    for (name, content) in files {
        std::fs::write(dist.join(name), content).unwrap();
    }
    (folder, dist)
}
