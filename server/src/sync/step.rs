//! What a session has still to do, one thing after the other; each may need one answer of the store.

use std::sync::Arc;

use kith_protocol::{
    CircleId, Cursor, Party, Stream, Wrap,
    envelope::SealedEnvelope,
    message::{HandBack, Hello, SubmitAccess},
};

use super::news::News;

/// Something to do.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Who is it?
    Hello(Hello),
    /// The token was good: now the circle.
    Open(Hello, CircleId, Party),
    /// Read the circle, and with it the rights, again.
    Refresh,
    /// Say what there is.
    Welcome,
    /// The device has more than the server: remember it.
    Missing(Vec<Cursor>),
    /// Send access records up to the head.
    Access,
    /// Send wraps.
    Wraps,
    /// Send a page of a stream.
    Page(Stream),
    /// A round has ended.
    RoundEnd,
    /// Set the places again from which pages are wanted.
    More(Vec<Cursor>),
    Submit(Vec<SealedEnvelope>),
    SubmitAccess(SubmitAccess),
    SubmitWraps(Vec<Wrap>),
    HandBack(HandBack),
    /// Something was committed.
    News(Arc<News>),
}
