//! Whose request it is, for limits: the peer's address, or what a trusted proxy says it was.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, connect_info::Connected},
    http::{HeaderMap, request::Parts},
    serve::IncomingStream,
};

use crate::{listener::Listener, state::AppState};

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, Listener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// The client's address.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// With `trust_proxy` the last X-Forwarded-For value counts: the one that our own proxy appended.
    pub fn of(peer: Option<IpAddr>, headers: &HeaderMap, trust_proxy: bool) -> Self {
        let forwarded = || {
            let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            last.rsplit(',').next()?.trim().parse().ok()
        };
        let address = if trust_proxy { forwarded().or(peer) } else { peer };
        Self(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<Peer>>().map(|info| info.0.0.ip());
        Ok(Self::of(peer, &parts.headers, state.config.trust_proxy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_header_counts_only_behind_a_trusted_proxy() {
        let address: IpAddr = "192.0.2.9".parse().unwrap();
        let peer = Some(address);
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "203.0.113.1, 198.51.100.7".parse().unwrap());
        assert_eq!(ClientAddress::of(peer, &headers, false).0, address);
        assert_eq!(ClientAddress::of(peer, &headers, true).0, "198.51.100.7".parse::<IpAddr>().unwrap());
        headers.insert("x-forwarded-for", "junk".parse().unwrap());
        assert_eq!(ClientAddress::of(peer, &headers, true).0, address);
    }
}
