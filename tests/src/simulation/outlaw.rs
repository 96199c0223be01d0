//! A member whose phone was taken apart and whose keys now serve a program of the member's own.

use super::{
    forge::{Attack, attack},
    inside::Inside,
};
use crate::network::{Place, World};
use anyhow::{Context, Result};
use crux_http::protocol::HttpRequest;
use kith_protocol::{
    DeviceNumber, Party, Refusal, Stream, VERSION, Wrap,
    access::Author,
    message::{Frame, Frames, Hello, SubmitAccess},
    session::{Nonce, NonceRequest, Proof, Token},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// Sends an attack to the true server, as a device that may be there.
pub fn send(world: &mut World, inside: &Inside, which: Attack) -> Result<()> {
    let token = open_session(world, inside)?;
    let reached = inside.state(Stream::Commons);
    let mut last = reached.device_seqs.get(&inside.device).copied().unwrap_or(0);
    for _ in 0..32 {
        let envelope = attack(inside, which, last)?;
        let cursors = vec![inside.log.cursor(), reached.cursor()];
        let hello = Hello { versions: vec![VERSION], token: token.clone(), cursors, live: false };
        let frames = Frames(vec![Frame::Hello(hello), Frame::Submit(vec![envelope])]);
        let answer = Frames::decode(&post(world, place_of(inside), "/v1/sync", frames.encode())?)?;
        let refusal = answer.0.into_iter().find_map(|frame| match frame {
            Frame::Refused(_, refusal) => Some(refusal),
            _ => None,
        });
        // Numbers that were used by an earlier attack are passed over, unless that is the attack.
        last = match refusal {
            Some(Refusal::Gap(before)) if which != Attack::NumberGap => before,
            Some(Refusal::Different(..)) if which != Attack::NumberAgain => last + 1,
            _ => return Ok(()),
        };
    }
    Ok(())
}

/// Gives the circle new keys of all that it shares, and one device keys that nobody agreed on.
pub fn rotate_badly(world: &mut World, inside: &Inside, device: DeviceNumber) -> Result<()> {
    let Inside { log, secrets, keyring, .. } = inside;
    let mut rng = ChaCha20Rng::seed_from_u64(u64::from(device.0));
    let author = Author { log, device: inside.device, secrets, keyring, now_ms: world.now() };
    let mut made = author.rotate_keys(&Stream::SHARED, &mut rng)?;
    let party = Party::Device(device);
    let to = log.seal_key(party).context("no such device")?;
    for wrap in made.wraps.iter_mut().filter(|wrap| wrap.recipient == party) {
        *wrap = Wrap::seal(&log.circle(), party, &to, wrap.subject, &[9; 32], &mut rng)?;
    }
    let token = open_session(world, inside)?;
    let hello = Hello { versions: vec![VERSION], token, cursors: vec![log.cursor()], live: false };
    let submitted = SubmitAccess { signed: made.signed, wraps: made.wraps };
    let frames = Frames(vec![Frame::Hello(hello), Frame::SubmitAccess(submitted)]);
    let Frames(answer) = Frames::decode(&post(world, place_of(inside), "/v1/sync", frames.encode())?)?;
    let acked = answer.iter().any(|frame| matches!(frame, Frame::AccessAcked(_)));
    acked.then_some(()).with_context(|| format!("not taken: {answer:?}"))
}

/// The token of a session of this device.
fn open_session(world: &mut World, inside: &Inside) -> Result<Vec<u8>> {
    let (circle, party) = (inside.log.circle(), Party::Device(inside.device));
    let place = place_of(inside);
    let nonce =
        post(world, place, "/v1/challenge", NonceRequest { circle: circle.prefix(), party }.encode())?;
    let nonce = Nonce::decode(&nonce)?.nonce;
    let token = post(
        world,
        place,
        "/v1/token",
        Proof::sign(circle, party, nonce, place.host(), &inside.secrets).encode(),
    )?;
    Ok(Token::decode(&token)?.token)
}

/// The server where the circle is kept, as far as they know.
fn place_of(inside: &Inside) -> Place {
    inside.log.moved_to().map_or(Place::First, Place::of)
}

fn post(world: &mut World, place: Place, path: &str, body: Vec<u8>) -> Result<Vec<u8>> {
    let url = format!("{}{path}", place.origin());
    let request = HttpRequest::post(url).header("content-type", "application/cbor").body(body).build();
    let response = world.ask_server(&request)?;
    Some(response).filter(|response| response.status < 300).map(|response| response.body).context("refused")
}
