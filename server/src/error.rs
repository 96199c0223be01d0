//! The one error of the HTTP part: a status, a stable code, and a sentence for a person who reads logs.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kith_protocol::Refusal;
use minicbor::{Decode, Encode};

use crate::store::StoreError;

/// What an error answer's body holds: CBOR `[code, message]`. Codes never change their meaning; clients act on
/// the code and may show the message.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ErrorBody {
    /// A stable code, for example `rate_limited`.
    #[n(0)]
    pub code: String,
    /// What happened and what to do, in English.
    #[n(1)]
    pub message: String,
    /// With `moved` only: the host that keeps the circle now.
    #[n(2)]
    pub host: Option<String>,
}

/// Why a request was not served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    #[error("The request could not be read. Update the app if this goes on.")]
    Malformed,
    #[error("The request is larger than this server takes.")]
    TooLarge,
    #[error("Too many requests from this address. Please wait a little.")]
    RateLimited { wait_ms: u64 },
    #[error("Too many connections from this address. Close some, or wait a little.")]
    TooManySockets,
    #[error("This server does not keep that circle.")]
    UnknownCircle,
    #[error("This device or invitation is not known in that circle.")]
    UnknownParty,
    #[error("That circle moved to {0}, where this device may be known.")]
    Moved(String),
    #[error("The proof of identity did not match. Ask for a new challenge.")]
    BadProof,
    #[error("The challenge has expired or was used. Ask for a new one.")]
    ChallengeExpired,
    #[error("The session has ended. Ask for a new token.")]
    BadToken,
    #[error("This device may not do that.")]
    NotAllowed,
    #[error("There is no such pairing, or its time is over. Open a new one.")]
    UnknownPairing,
    #[error("Another device has answered this pairing already. Open a new one.")]
    PairingAnswered,
    #[error("The founding entry was refused: {0}.")]
    Found(Refusal),
    #[error("What was given back was refused: {0}.")]
    Returned(Refusal),
    #[error("There is nothing at this address.")]
    NotFound,
    #[error("This address does not take that method.")]
    MethodNotAllowed,
    #[error("This address speaks WebSocket only.")]
    UpgradeRequired,
    #[error("The server could not reach its store. Nothing was lost; try again in a moment.")]
    Unavailable,
}

impl ApiError {
    /// Every variant but those that carry what the protocol says, for the document that describes the API and for tests.
    pub const ALL: [Self; 16] = [
        Self::Malformed,
        Self::TooLarge,
        Self::RateLimited { wait_ms: 1000 },
        Self::TooManySockets,
        Self::UnknownCircle,
        Self::UnknownParty,
        Self::BadProof,
        Self::ChallengeExpired,
        Self::BadToken,
        Self::NotAllowed,
        Self::UnknownPairing,
        Self::PairingAnswered,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::UpgradeRequired,
        Self::Unavailable,
    ];

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::RateLimited { .. } => "rate_limited",
            Self::TooManySockets => "too_many_sockets",
            Self::UnknownCircle => "unknown_circle",
            Self::UnknownParty => "unknown_party",
            Self::Moved(_) => "moved",
            Self::BadProof => "bad_proof",
            Self::ChallengeExpired => "challenge_expired",
            Self::BadToken => "bad_token",
            Self::NotAllowed => "not_allowed",
            Self::UnknownPairing => "unknown_pairing",
            Self::PairingAnswered => "pairing_answered",
            Self::Found(refusal) | Self::Returned(refusal) => refusal.code(),
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::UpgradeRequired => "upgrade_required",
            Self::Unavailable => "unavailable",
        }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RateLimited { .. } | Self::TooManySockets => StatusCode::TOO_MANY_REQUESTS,
            Self::UnknownCircle | Self::UnknownPairing | Self::NotFound => StatusCode::NOT_FOUND,
            Self::UnknownParty | Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::Moved(_) => StatusCode::MISDIRECTED_REQUEST,
            Self::BadProof | Self::ChallengeExpired | Self::BadToken => StatusCode::UNAUTHORIZED,
            Self::PairingAnswered => StatusCode::CONFLICT,
            Self::Found(_) | Self::Returned(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What is sent.
    pub fn body(&self) -> ErrorBody {
        let host = if let Self::Moved(host) = self { Some(host.clone()) } else { None };
        ErrorBody { code: self.code().into(), message: self.to_string(), host }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        // The cause is for the operator's log; a client can only try again.
        tracing::error!(%error, "store");
        Self::Unavailable
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status(), minicbor::to_vec(self.body()).unwrap_or_default()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
        match self {
            Self::RateLimited { wait_ms } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_ms.div_ceil(1000).max(1)));
            }
            Self::UpgradeRequired => {
                headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            }
            _ => {}
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_pinned() {
        let table: Vec<String> =
            ApiError::ALL.iter().map(|e| format!("{} {} {e}", e.status().as_u16(), e.code())).collect();
        insta::assert_json_snapshot!(table);
    }
}
