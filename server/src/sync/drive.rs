//! The loop between a session and the store: the only place where the one's questions become the other's calls.

use std::sync::Arc;

use axum::body::Bytes;
use kith_protocol::CircleId;

use super::{Answer, Input, News, Output, Question, Session};
use crate::store::{Store, StoreError};

/// What a session wants of the world besides the store, in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send this message to the client.
    Send(Bytes),
    /// From now on, bring this circle's news. The follower must exist before the rest is read, so it comes through
    /// the callback of [`drive`] as well as here.
    Follow(CircleId),
    /// Tell the circle's other sessions.
    Publish(Arc<News>),
    /// The session is over.
    Close,
}

/// Gives a session one input, and the store's answers to what it asks, until it wants no more. `follow` is called when
/// the session wants news of a circle, before the circle is read, so that nothing falls between.
pub async fn drive(
    store: &dyn Store,
    session: &mut Session,
    input: Input,
    now_ms: u64,
    mut follow: impl FnMut(CircleId) + Send,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut next = Some(input);
    while let Some(input) = next.take() {
        for output in session.handle(input, now_ms) {
            match output {
                Output::Send(bytes) => effects.push(Effect::Send(bytes)),
                Output::Follow(circle) => {
                    follow(circle);
                    effects.push(Effect::Follow(circle));
                }
                Output::Publish(news) => effects.push(Effect::Publish(news)),
                Output::Close => effects.push(Effect::Close),
                Output::Ask(question) => {
                    let answer = ask(store, question, now_ms).await.unwrap_or_else(|error| {
                        tracing::error!(%error, "store");
                        Answer::Fault
                    });
                    next = Some(Input::Answer(answer));
                }
            }
        }
    }
    effects
}

async fn ask(store: &dyn Store, question: Question, now_ms: u64) -> Result<Answer, StoreError> {
    Ok(match question {
        Question::Token(hash) => Answer::Token(store.token(hash, now_ms).await?),
        Question::Circle(id) => Answer::Circle(store.circle(id).await?),
        Question::Access { circle, after, most } => Answer::Access(store.access(circle, after, most).await?),
        Question::Entries { circle, stream, after, most } => {
            Answer::Entries(store.entries(circle, stream, after, most).await?)
        }
        Question::Wraps { circle, recipients, after } => {
            let mut rows = Vec::new();
            for recipient in recipients {
                rows.extend(store.wraps(circle, recipient, after).await?);
            }
            rows.sort_by_key(|row| row.n);
            Answer::Wraps(rows)
        }
        Question::Perform(work) => Answer::Done(store.perform(work, now_ms).await?),
    })
}
