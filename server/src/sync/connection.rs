//! Moves frames between a WebSocket and a session: pings, limits, closing. No rule of sync is here.

use std::{future::pending, pin::pin, sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, WebSocket, close_code},
};
use futures::SinkExt;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until, timeout};

use super::{Effect, Follower, Heard, Input, Session, drive};
use crate::{
    auth::{Bucket, SocketGuard},
    state::AppState,
};

/// Why a connection ends; the code of the close frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The client closed, or is gone.
    Gone,
    /// The session is over; a frame has said why.
    Session,
    /// The server stops.
    Stopping,
    /// The client was silent for too long, or did not say Hello.
    Silent,
    /// A text message, where only binary ones belong.
    Unsupported,
}

/// Runs until either side ends it. `_guard` counts the socket while it lives.
pub async fn run_connection(socket: WebSocket, state: AppState, host: String, _guard: SocketGuard) {
    state.metrics.sockets_open.up();
    let mut connection = Connection::new(socket, state, host);
    let end = connection.run().await;
    let code = match end {
        End::Gone => None,
        End::Session => Some(close_code::POLICY),
        End::Stopping => Some(close_code::AWAY),
        End::Silent => Some(close_code::NORMAL),
        End::Unsupported => Some(close_code::UNSUPPORTED),
    };
    if let Some(code) = code {
        let frame = Message::Close(Some(CloseFrame { code, reason: "".into() }));
        let _ = timeout(connection.patience, connection.socket.send(frame)).await;
    }
    connection.state.metrics.sockets_open.down();
    tracing::debug!(?end, "socket closed");
}

struct Connection {
    socket: WebSocket,
    session: Session,
    follower: Option<Follower>,
    frames: Bucket,
    state: AppState,
    /// How long a client may take to read what it is sent, and to give a sign of life.
    patience: Duration,
}

impl Connection {
    fn new(socket: WebSocket, state: AppState, host: String) -> Self {
        let limits = state.config.limits;
        Self {
            socket,
            session: Session::new(host, state.page_limits()),
            follower: None,
            frames: Bucket::full(limits.frames_per_second * 4.0, state.now_ms()),
            patience: Duration::from_secs(limits.ping_seconds.saturating_mul(2).max(1)),
            state,
        }
    }

    async fn run(&mut self) -> End {
        let limits = self.state.config.limits;
        let every = Duration::from_secs(limits.ping_seconds.max(1));
        let mut ping = interval_at(Instant::now() + every, every);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let hello_by = Instant::now() + Duration::from_secs(limits.hello_seconds);
        let mut heard_at = Instant::now();
        let state = self.state.clone();
        let mut stopped = pin!(state.stopped());
        let mut hello_late = pin!(sleep_until(hello_by));
        loop {
            let next = tokio::select! {
                message = self.socket.recv() => {
                    heard_at = Instant::now();
                    match message {
                        Some(Ok(Message::Binary(bytes))) => self.received(bytes).await,
                        Some(Ok(Message::Text(_))) => Err(End::Unsupported),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
                    }
                }
                heard = hear(&mut self.follower) => match heard {
                    Heard::News(news) => self.give(Input::News(news)).await,
                    Heard::Missed => self.give(Input::Missed).await,
                },
                _ = ping.tick() => {
                    if heard_at.elapsed() > self.patience {
                        Err(End::Silent)
                    } else {
                        self.send(vec![Message::Ping(Bytes::new())]).await
                    }
                }
                () = &mut hello_late, if !self.session.is_open() => Err(End::Silent),
                () = &mut stopped => Err(End::Stopping),
            };
            if let Err(end) = next {
                return end;
            }
        }
    }

    /// A client that sends faster than it may is read more slowly.
    async fn received(&mut self, bytes: Bytes) -> Result<(), End> {
        let rate = self.state.config.limits.frames_per_second;
        while let Err(wait_ms) = self.frames.take(rate, rate * 4.0, self.state.now_ms()) {
            sleep(Duration::from_millis(wait_ms)).await;
        }
        self.state.metrics.frames_in.up();
        self.give(Input::Received(bytes)).await
    }

    async fn give(&mut self, input: Input) -> Result<(), End> {
        let hub = &self.state.hub;
        let mut follower = None;
        let now_ms = self.state.now_ms();
        let follow = |circle| follower = Some(hub.follow(circle));
        let effects = drive(&*self.state.store, &mut self.session, input, now_ms, follow).await;
        if follower.is_some() {
            self.follower = follower;
        }
        let mut messages = Vec::new();
        for effect in effects {
            match effect {
                Effect::Send(bytes) => messages.push(Message::Binary(bytes)),
                Effect::Publish(news) => self.state.publish(Arc::clone(&news)),
                Effect::Follow(_) | Effect::Close => {}
            }
        }
        self.state.metrics.frames_out.add(messages.len() as u64);
        self.send(messages).await?;
        if self.session.is_closed() { Err(End::Session) } else { Ok(()) }
    }

    /// Writes all, then flushes once. A client that does not read for too long is gone.
    async fn send(&mut self, messages: Vec<Message>) -> Result<(), End> {
        if messages.is_empty() {
            return Ok(());
        }
        let sending = async {
            for message in messages {
                self.socket.feed(message).await?;
            }
            self.socket.flush().await
        };
        match timeout(self.patience, sending).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

async fn hear(follower: &mut Option<Follower>) -> Heard {
    match follower {
        Some(follower) => follower.hear().await,
        None => pending().await,
    }
}
