//! Opening a replica: a handful of reads, whatever is in it. No document is loaded.

use std::collections::{BTreeMap, BTreeSet};

use kith_protocol::access::{AccessLog, AccessRecord};
use kith_protocol::invite::InviteLink;
use kith_protocol::keyring::Keyring;
use kith_protocol::kit::Kit;
use kith_protocol::pairing::PairingLink;
use kith_protocol::{DeviceNumber, DeviceSecrets, MemberNumber, Stream};

use crate::cbor::from_bytes;
use crate::engine::documents::Documents;
use crate::engine::invited::Invited;
use crate::engine::lack::Lack;
use crate::engine::lane::{Lane, Outgoing};
use crate::engine::member::{Founded, Member, NoRoom};
use crate::engine::moving::Home;
use crate::engine::network::Network;
use crate::engine::newcomer::{Come, Newcomer, Way};
use crate::engine::offering::Offer;
use crate::engine::proposal::Proposals;
use crate::engine::run::{Room, Surroundings, Wish};
use crate::engine::trouble::Trouble;
use crate::engine::wraps::Giving;
use crate::keys::{last_number, stream_of};
use crate::record::{
    Applying, STATE_VERSION, StoredCursor, StoredFault, StoredHome, StoredOffer, StoredPending, StoredSealed,
    StoredStage, StoredState,
};
use crate::wish_record::{Intent, StoredSent};

/// What a replica is when it was opened.
pub(crate) enum Stage {
    /// There is nothing in storage.
    Absent,
    /// A link was opened.
    Invited(Box<Invited>),
    /// Another device, or a kit, is to let this one in.
    Newcomer(Box<Newcomer>),
    /// Founder, waiting member or member.
    Member(Box<Member>),
}

/// Opens what is in storage.
#[expect(clippy::too_many_lines, reason = "a line for each thing that is read")]
pub(crate) async fn open(around: &Surroundings, wish: &Wish) -> Result<Stage, Trouble> {
    let (port, keys) = (&around.port, &around.keys);
    let wanted = vec![
        keys.state(),
        keys.device(),
        keys.keyring(),
        keys.link(),
        keys.access_log(),
        keys.applying(),
        keys.fault(),
        keys.way(),
        keys.offer(),
        keys.home(),
    ];
    let mut values = port.read(wanted).await?.into_iter();
    let mut value = || values.next().flatten();
    let (state, device, keyring, link) = (value(), value(), value(), value());
    let (log, applying, fault) = (value(), value(), value());
    let (way, offer, home) = (value(), value(), value());
    let Some(state) = state else { return Ok(Stage::Absent) };
    let state = read_state(&state)?;
    let secrets = match device {
        Some(bytes) => {
            let bytes = bytes.as_slice().try_into().map_err(|_| Trouble::Damaged("this device's keys"))?;
            Some(DeviceSecrets::from_bytes(bytes))
        }
        None => None,
    };
    let link = link.and_then(|bytes| InviteLink::parse(std::str::from_utf8(&bytes).ok()?).ok());
    let (device, founded) = match state.stage {
        StoredStage::Invited { name, expected } => {
            let link = link.ok_or(Trouble::Damaged("the invitation's link"))?;
            return Ok(Stage::Invited(Box::new(Invited::new(around.clone(), link, secrets, name, expected))));
        }
        StoredStage::Pairing { about, answered, until } => {
            let come = Come { about, answered, until };
            return newcomer(around, way, &state.host, secrets, come);
        }
        StoredStage::Restoring => return newcomer(around, way, &state.host, secrets, Come::default()),
        StoredStage::Founded { signed, wraps, at } => (DeviceNumber(1), Some(Founded { signed, wraps, at })),
        StoredStage::Member { device } => (device, None),
    };
    let secrets = secrets.ok_or(Trouble::Damaged("this device's keys"))?;
    let log = match &founded {
        Some(founded) => AccessLog::found(&founded.signed, founded.at).ok(),
        None => match log.and_then(|bytes| AccessLog::from_bytes(&bytes).ok()) {
            Some(log) => Some(log),
            None => verify_again(around).await?,
        },
    };
    let log = log.ok_or(Trouble::Damaged("who belongs to this circle"))?;
    let keyring = match keyring {
        Some(bytes) => {
            Keyring::from_bytes(&bytes).map_err(|_| Trouble::Damaged("the keys of this circle"))?
        }
        None => Keyring::default(),
    };
    let home = home.and_then(|bytes| from_bytes::<StoredHome>(&bytes));
    let host = home.as_ref().and_then(|home| home.host.clone()).unwrap_or(state.host);
    let mine = log.member_of(device).ok_or(Trouble::Damaged("who this device belongs to"))?;
    let intents = intents(around, &log).await?;
    let sent = sent(around, &intents, log.head()).await?;
    let mut opened = Member {
        port: port.clone(),
        keys: keys.clone(),
        listing: around.listing.clone(),
        host,
        home: Home::stored(home),
        circle: log.circle(),
        device,
        mine,
        secrets,
        keyring,
        link,
        log,
        founded,
        lanes: lanes(around).await?,
        documents: Documents::default(),
        intents,
        names: names(around).await?,
        network: Network::new(around.transport),
        next_drawer: 1,
        in_drawer: 0,
        next_intent: 1,
        newer: false,
        full: wish.storage == Room::Full,
        no_room: NoRoom::default(),
        fault: fault.and_then(|bytes| from_bytes::<StoredFault>(&bytes)).map(|fault| (&fault).into()),
        proposals: Proposals::sent_before(sent),
        current: false,
        more: BTreeSet::new(),
        back: Vec::new(),
        giving: Giving::default(),
        lack: Lack::default(),
        careful: None,
        aside: None,
        offer: offer.and_then(|bytes| from_bytes::<StoredOffer>(&bytes)).and_then(Offer::stored),
        wound_up: false,
        applying: applying.and_then(|bytes| from_bytes::<Applying>(&bytes)),
    };
    let drawers = port.scan(keys.drawers()).await?;
    opened.in_drawer = drawers.len();
    opened.next_drawer = drawers.last().and_then(|(key, _)| last_number(key)).map_or(1, |last| last + 1);
    opened.next_intent = opened.intents.last_key_value().map_or(1, |(last, _)| last + 1);
    Ok(Stage::Member(Box::new(opened)))
}

/// What the replica is, if this build can read it.
fn read_state(bytes: &[u8]) -> Result<StoredState, Trouble> {
    // The version first: what another build has stored may have any other shape behind it.
    let mut decoder = minicbor::Decoder::new(bytes);
    match decoder.array().and_then(|_| decoder.u32()) {
        Ok(version) if version > STATE_VERSION => return Err(Trouble::Newer),
        Ok(version) if version < STATE_VERSION => return Err(Trouble::Older),
        _ => {}
    }
    from_bytes(bytes).ok_or(Trouble::Damaged("what this circle is on this device"))
}

fn newcomer(
    around: &Surroundings,
    way: Option<Vec<u8>>,
    host: &str,
    secrets: Option<DeviceSecrets>,
    come: Come,
) -> Result<Stage, Trouble> {
    let way = way.and_then(|bytes| parse_way(&bytes, host));
    let way = way.ok_or(Trouble::Damaged("how this device is to come in"))?;
    let secrets = secrets.ok_or(Trouble::Damaged("this device's keys"))?;
    Ok(Stage::Newcomer(Box::new(Newcomer::new(around.clone(), way, secrets, come))))
}

fn parse_way(bytes: &[u8], host: &str) -> Option<Way> {
    let text = std::str::from_utf8(bytes).ok()?;
    let link = PairingLink::parse(text).map(Way::Pairing).ok();
    link.or_else(|| Kit::parse(text, host).map(Way::Kit).ok())
}

/// The access stream once more from its entries, when what it amounted to cannot be read.
async fn verify_again(around: &Surroundings) -> Result<Option<AccessLog>, Trouble> {
    let records = around.port.scan(around.keys.access_all()).await?;
    let records: Option<Vec<AccessRecord>> =
        records.iter().map(|(_, value)| AccessRecord::decode(value).ok()).collect();
    Ok(records.and_then(|records| AccessLog::verify_all(&records).ok()))
}

async fn lanes(around: &Surroundings) -> Result<BTreeMap<Stream, Lane>, Trouble> {
    let (port, keys) = (&around.port, &around.keys);
    let mut lanes: BTreeMap<Stream, Lane> = BTreeMap::new();
    for (_, value) in port.scan(keys.cursors()).await? {
        let cursor: StoredCursor =
            from_bytes(&value).ok_or(Trouble::Damaged("how far this circle was read"))?;
        let lane = lane(&mut lanes, cursor.state.stream);
        (lane.state, lane.heard) = (cursor.state, cursor.heard);
    }
    for (key, value) in port.scan(keys.pendings()).await? {
        let edit = from_bytes::<StoredPending>(&value).zip(last_number(&key));
        let (edit, n) = edit.ok_or(Trouble::Damaged("what waits to be shared"))?;
        let stream = stream_of(&edit.document).ok_or(Trouble::Damaged("what waits to be shared"))?;
        let lane = lane(&mut lanes, stream);
        lane.next_pending = n + 1;
        lane.pending.insert(n, edit);
    }
    for (key, value) in port.scan(keys.outbox()).await? {
        let sealed = from_bytes::<StoredSealed>(&value).zip(last_number(&key));
        let (sealed, device_seq) = sealed.ok_or(Trouble::Damaged("what waits to be shared"))?;
        let header =
            sealed.envelope.read_header().map_err(|_| Trouble::Damaged("what waits to be shared"))?;
        let outgoing = Outgoing { epoch: header.epoch, sealed, sent: false, acked: None };
        lane(&mut lanes, header.stream).outbox.insert(device_seq, outgoing);
    }
    Ok(lanes)
}

fn lane(lanes: &mut BTreeMap<Stream, Lane>, stream: Stream) -> &mut Lane {
    lanes.entry(stream).or_insert_with(|| Lane::new(stream))
}

async fn intents(around: &Surroundings, log: &AccessLog) -> Result<BTreeMap<u64, Intent>, Trouble> {
    let stored = around.port.scan(around.keys.intents()).await?;
    let intent = |value: &[u8]| Some(from_bytes::<Intent>(value)?.since(log));
    let intents = stored.iter().map(|(key, value)| Some((last_number(key)?, intent(value)?)));
    intents.collect::<Option<_>>().ok_or(Trouble::Damaged("what is to be done about the members"))
}

/// The wishes that were sent before the app was closed and may stand behind this head of the access stream.
async fn sent(
    around: &Surroundings,
    intents: &BTreeMap<u64, Intent>,
    head: u64,
) -> Result<BTreeSet<u64>, Trouble> {
    // Without a wish there is no mark.
    if intents.is_empty() {
        return Ok(BTreeSet::new());
    }
    let stored = around.port.scan(around.keys.sents()).await?;
    let unsure = stored.iter().filter_map(|(key, value)| {
        // What cannot be read counts as sent: that a wish waits longer loses nothing.
        let at = from_bytes::<StoredSent>(value).map_or(head, |sent| sent.head);
        last_number(key).filter(|n| at >= head && intents.contains_key(n))
    });
    Ok(unsure.collect())
}

async fn names(around: &Surroundings) -> Result<BTreeMap<MemberNumber, String>, Trouble> {
    let stored = around.port.scan(around.keys.names()).await?;
    let name = |(key, value): &(Vec<u8>, Vec<u8>)| {
        let number = u32::try_from(last_number(key)?).ok()?;
        Some((MemberNumber(number), String::from_utf8(value.clone()).ok()?))
    };
    Ok(stored.iter().filter_map(name).collect())
}
