//! A member whose phone was taken apart and whose keys now serve a program of the member's own.

use super::{
    forge::{Attack, attack},
    inside::Inside,
};
use crate::network::{Place, World};
use anyhow::{Context, Result};
use crux_http::protocol::HttpRequest;
use kith_protocol::{
    Party, Refusal, Stream, VERSION,
    message::{Frame, Frames, Hello},
    session::{Nonce, NonceRequest, Proof, Token},
};

/// Sends an attack to the true server, as a device that may be there.
pub fn send(world: &mut World, inside: &Inside, which: Attack) -> Result<()> {
    let (circle, party) = (inside.log.circle(), Party::Device(inside.device));
    let place = inside.log.moved_to().map_or(Place::First, Place::of);
    let nonce =
        post(world, place, "/v1/challenge", NonceRequest { circle: circle.prefix(), party }.encode())?;
    let nonce = Nonce::decode(&nonce)?.nonce;
    let token = post(
        world,
        place,
        "/v1/token",
        Proof::sign(circle, party, nonce, place.host(), &inside.secrets).encode(),
    )?;
    let token = Token::decode(&token)?.token;
    let reached = inside.state(Stream::Commons);
    let mut last = reached.device_seqs.get(&inside.device).copied().unwrap_or(0);
    for _ in 0..32 {
        let envelope = attack(inside, which, last)?;
        let cursors = vec![inside.log.cursor(), reached.cursor()];
        let hello = Hello { versions: vec![VERSION], token: token.clone(), cursors, live: false };
        let frames = Frames(vec![Frame::Hello(hello), Frame::Submit(vec![envelope])]);
        let answer = Frames::decode(&post(world, place, "/v1/sync", frames.encode())?)?;
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

fn post(world: &mut World, place: Place, path: &str, body: Vec<u8>) -> Result<Vec<u8>> {
    let url = format!("{}{path}", place.origin());
    let request = HttpRequest::post(url).header("content-type", "application/cbor").body(body).build();
    let response = world.ask_server(&request)?;
    Some(response).filter(|response| response.status < 300).map(|response| response.body).context("refused")
}
