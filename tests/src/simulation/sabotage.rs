//! The safeguards of the product that can be switched off by name, to see that the simulation notices (ADR 0083).

use anyhow::{Context, Result};
use kith_document::sabotage::{self as document, Safeguard as Document};
use kith_protocol::sabotage::{self as protocol, Safeguard as Protocol};
use kith_replica::sabotage::{self as replica, Safeguard as Replica};

#[derive(Clone, Copy, Debug)]
enum Safeguard {
    Document(Document),
    Protocol(Protocol),
    Replica(Replica),
}

/// Every name, and what it switches off.
const ALL: [(&str, Safeguard); 21] = [
    ("guard-actor", Safeguard::Document(Document::Actor)),
    ("guard-seq", Safeguard::Document(Document::Seq)),
    ("guard-start-op", Safeguard::Document(Document::StartOp)),
    ("check-signature", Safeguard::Protocol(Protocol::Signature)),
    ("check-right", Safeguard::Protocol(Protocol::Right)),
    ("check-access", Safeguard::Protocol(Protocol::Access)),
    ("check-epoch", Safeguard::Protocol(Protocol::Epoch)),
    ("check-number", Safeguard::Protocol(Protocol::Number)),
    ("check-seen", Safeguard::Protocol(Protocol::Seen)),
    ("key-commitment", Safeguard::Protocol(Protocol::Commit)),
    ("nonce", Safeguard::Protocol(Protocol::Nonce)),
    ("rotation", Safeguard::Protocol(Protocol::Rotation)),
    ("chain", Safeguard::Replica(Replica::Chain)),
    ("raw-entries", Safeguard::Replica(Replica::Raw)),
    ("hand-back", Safeguard::Replica(Replica::HandBack)),
    ("resending", Safeguard::Replica(Replica::Resending)),
    ("rebase-scripts", Safeguard::Replica(Replica::Scripts)),
    ("drawer", Safeguard::Replica(Replica::Drawer)),
    ("loss-of-class", Safeguard::Replica(Replica::Loss)),
    ("clone-notice", Safeguard::Replica(Replica::CloneNotice)),
    ("stored-before-kept", Safeguard::Replica(Replica::Stored)),
];

/// The names, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.into_iter().map(|(name, _)| name)
}

/// Switches one safeguard off on this thread, or all on.
pub fn switch_off(name: Option<&str>) -> Result<()> {
    let find = |name: &str| {
        let found = ALL.into_iter().find(|(one, _)| *one == name).map(|(_, safeguard)| safeguard);
        found.with_context(|| format!("no safeguard {name}; there are {:?}", names().collect::<Vec<_>>()))
    };
    let chosen = name.map(find).transpose()?;
    document::switch_off(if let Some(Safeguard::Document(one)) = chosen { Some(one) } else { None });
    protocol::switch_off(if let Some(Safeguard::Protocol(one)) = chosen { Some(one) } else { None });
    replica::switch_off(if let Some(Safeguard::Replica(one)) = chosen { Some(one) } else { None });
    Ok(())
}
