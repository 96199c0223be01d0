//! Brings what one session committed to the other live sessions of the circle. What it brings are hints: who misses some
//! reads from the store.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use kith_protocol::CircleId;
use tokio::sync::broadcast;

use super::News;

/// News that wait for a slow session; past it the session is told that it missed some.
const WAITING: usize = 16;

type Circles = HashMap<CircleId, broadcast::Sender<Arc<News>>>;

/// The live sessions by circle.
#[derive(Clone, Debug, Default)]
pub struct Hub {
    circles: Arc<Mutex<Circles>>,
}

/// One session's ear. Dropping it ends following.
#[derive(Debug)]
pub struct Follower {
    circle: CircleId,
    /// Taken when dropped, before the circle is looked at.
    news: Option<broadcast::Receiver<Arc<News>>>,
    hub: Hub,
}

/// What a follower heard.
#[derive(Clone, Debug)]
pub enum Heard {
    News(Arc<News>),
    /// Some were dropped.
    Missed,
}

impl Hub {
    /// From now on hears everything about the circle.
    pub fn follow(&self, circle: CircleId) -> Follower {
        let mut circles = self.circles.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = circles.entry(circle).or_insert_with(|| broadcast::channel(WAITING).0);
        Follower { circle, news: Some(sender.subscribe()), hub: self.clone() }
    }

    /// Tells everybody who follows the circle.
    pub fn publish(&self, news: Arc<News>) {
        let circles = self.circles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = circles.get(&news.circle.id()) {
            // Nobody listening is no error.
            let _ = sender.send(news);
        }
    }

    /// The circles that somebody follows.
    pub fn followed(&self) -> Vec<CircleId> {
        self.circles.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    /// Whether somebody follows this circle.
    pub fn is_followed(&self, circle: CircleId) -> bool {
        self.circles.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&circle)
    }
}

impl Follower {
    /// The next news.
    pub async fn hear(&mut self) -> Heard {
        let Some(news) = &mut self.news else { return std::future::pending().await };
        match news.recv().await {
            Ok(news) => Heard::News(news),
            Err(broadcast::error::RecvError::Lagged(_)) => Heard::Missed,
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut circles = self.hub.circles.lock().unwrap_or_else(PoisonError::into_inner);
        self.news = None;
        if circles.get(&self.circle).is_some_and(|sender| sender.receiver_count() == 0) {
            circles.remove(&self.circle);
        }
    }
}
