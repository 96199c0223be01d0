//! How many sockets an address holds open: a guard that is counted while it lives.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

use super::bucket::whole;

/// Open sockets by address.
#[derive(Debug)]
pub struct SocketCounts {
    most: usize,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    left: Arc<Notify>,
}

/// One counted socket; dropping it counts it out.
#[derive(Debug)]
pub struct SocketGuard {
    address: IpAddr,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    left: Arc<Notify>,
}

impl SocketCounts {
    /// At most `most` an address.
    pub fn new(most: usize) -> Self {
        Self { most, open: Arc::default(), left: Arc::default() }
    }

    /// Counts one in; `None` when the address holds as many as it may.
    pub fn enter(&self, address: IpAddr) -> Option<SocketGuard> {
        let address = whole(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let held = open.get(&address).copied().unwrap_or(0);
        if held >= self.most {
            return None;
        }
        open.insert(address, held + 1);
        Some(SocketGuard { address, open: Arc::clone(&self.open), left: Arc::clone(&self.left) })
    }

    /// Waits until no socket is open.
    pub async fn emptied(&self) {
        loop {
            let left = self.left.notified();
            if self.open.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
                return;
            }
            left.await;
        }
    }
}

impl Drop for SocketGuard {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&self.address) {
            Some(held) if *held > 1 => *held -= 1,
            _ => {
                open.remove(&self.address);
            }
        }
        drop(open);
        self.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_its_place_back_when_a_socket_closes() {
        let counts = SocketCounts::new(1);
        let one = "192.0.2.1".parse().unwrap();
        let first = counts.enter(one);
        assert!(first.is_some());
        assert!(counts.enter(one).is_none());
        assert!(counts.enter("192.0.2.2".parse().unwrap()).is_some());
        drop(first);
        assert!(counts.enter(one).is_some());
        assert!(counts.open.lock().unwrap().is_empty());
    }
}
