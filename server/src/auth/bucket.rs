//! Token buckets by address: who asks too fast waits, and the table of who asked cannot fill the memory.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

/// Addresses remembered at once. Past it, full buckets are forgotten first, then all.
const REMEMBERED: usize = 65_536;

/// Allows `per_second` on average and `burst` at once, for each address.
#[derive(Debug)]
pub struct Buckets {
    per_second: f64,
    burst: f64,
    levels: Mutex<HashMap<IpAddr, Bucket>>,
}

/// One address's allowance.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    level: f64,
    at_ms: u64,
}

impl Bucket {
    /// A full bucket.
    pub fn full(burst: f64, now_ms: u64) -> Self {
        Self { level: burst, at_ms: now_ms }
    }

    /// Takes one. `Err` says after how many milliseconds there is one to take.
    pub fn take(&mut self, per_second: f64, burst: f64, now_ms: u64) -> Result<(), u64> {
        self.refill(per_second, burst, now_ms);
        if self.level >= 1.0 {
            self.level -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - self.level) / per_second.max(1e-6) * 1000.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to an hour")]
        Err(wait.ceil().clamp(1.0, 3_600_000.0) as u64)
    }

    fn refill(&mut self, per_second: f64, burst: f64, now_ms: u64) {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since the last request")]
        let passed = now_ms.saturating_sub(self.at_ms) as f64 / 1000.0;
        self.level = (self.level + passed * per_second).min(burst);
        self.at_ms = now_ms.max(self.at_ms);
    }
}

impl Buckets {
    /// Buckets that start full.
    pub fn new(per_second: f64, burst: f64) -> Self {
        Self { per_second, burst, levels: Mutex::default() }
    }

    /// Takes one from the address's bucket. `Err` says after how many milliseconds to come again.
    pub fn take(&self, address: IpAddr, now_ms: u64) -> Result<(), u64> {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        if levels.len() >= REMEMBERED {
            levels.retain(|_, bucket| {
                bucket.refill(self.per_second, self.burst, now_ms);
                bucket.level < self.burst
            });
            if levels.len() >= REMEMBERED {
                levels.clear();
            }
        }
        levels.entry(whole(address)).or_insert_with(|| Bucket::full(self.burst, now_ms)).take(
            self.per_second,
            self.burst,
            now_ms,
        )
    }
}

/// The address as it is counted: IPv4 as it is, IPv6 by its /64, which is what one subscriber is given.
pub fn whole(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_then_the_average_counts() {
        let buckets = Buckets::new(2.0, 3.0);
        let one = "192.0.2.1".parse().unwrap();
        assert_eq!((0..3).map(|_| buckets.take(one, 1000)).collect::<Vec<_>>(), vec![Ok(()); 3]);
        assert_eq!(buckets.take(one, 1000), Err(500));
        assert_eq!(buckets.take("192.0.2.2".parse().unwrap(), 1000), Ok(()));
        assert_eq!(buckets.take(one, 1500), Ok(()));
        assert!(buckets.take(one, 1500).is_err());
        assert!(buckets.take(one, 0).is_err(), "a clock that goes back gives nothing");
    }

    #[test]
    fn one_subscriber_is_one_address() {
        let buckets = Buckets::new(0.0, 1.0);
        assert!(buckets.take("2001:db8::1".parse().unwrap(), 0).is_ok());
        assert!(buckets.take("2001:db8::2".parse().unwrap(), 0).is_err());
        assert!(buckets.take("2001:db8:0:1::2".parse().unwrap(), 0).is_ok());
        assert_eq!(whole("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1".parse::<IpAddr>().unwrap());
    }
}
