//! Counters that `/metrics` shows in Prometheus' text format. Atomics, so that counting costs nothing worth naming.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// One counter or gauge.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub fn up(&self) {
        self.add(1);
    }

    /// So many more.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Relaxed);
    }

    /// One fewer (gauges only).
    pub fn down(&self) {
        self.0.fetch_sub(1, Relaxed);
    }

    /// Its value now.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// All that is counted. Fields are in the order in which they are shown.
#[derive(Debug, Default)]
pub struct Metrics {
    pub requests: Count,
    pub requests_refused: Count,
    pub rate_limited: Count,
    pub sockets_open: Count,
    pub frames_in: Count,
    pub frames_out: Count,
    pub circles_founded: Count,
    pub tokens_issued: Count,
    pub entries_taken: Count,
    pub commits: Count,
}

impl Metrics {
    /// The page that `/metrics` answers with, version 0.0.4 of the text format.
    pub fn render(&self) -> String {
        let rows = [
            ("kith_requests_total", "counter", "HTTP requests answered", &self.requests),
            (
                "kith_requests_refused_total",
                "counter",
                "HTTP requests answered with an error",
                &self.requests_refused,
            ),
            (
                "kith_rate_limited_total",
                "counter",
                "Requests refused for coming too fast",
                &self.rate_limited,
            ),
            ("kith_sockets_open", "gauge", "WebSockets that are open", &self.sockets_open),
            ("kith_frames_in_total", "counter", "Sync frames received", &self.frames_in),
            ("kith_frames_out_total", "counter", "Sync frames sent", &self.frames_out),
            ("kith_circles_founded_total", "counter", "Circles founded", &self.circles_founded),
            ("kith_tokens_issued_total", "counter", "Tokens issued", &self.tokens_issued),
            ("kith_entries_taken_total", "counter", "Sealed entries committed", &self.entries_taken),
            ("kith_commits_total", "counter", "Commits that live sessions were told of", &self.commits),
        ];
        let mut page = String::with_capacity(2048);
        for (name, kind, help, count) in rows {
            let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {}", count.get());
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_each_counter_with_its_value() {
        let metrics = Metrics::default();
        metrics.entries_taken.add(3);
        metrics.sockets_open.up();
        metrics.sockets_open.down();
        let page = metrics.render();
        assert!(page.contains("\nkith_entries_taken_total 3\n"), "{page}");
        assert!(page.contains("\nkith_sockets_open 0\n"), "{page}");
    }
}
