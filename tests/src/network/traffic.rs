//! What a phone sent and got, for the budgets.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// HTTP requests that left the phone.
    pub requests: u64,
    /// Frames that left the phone on sockets.
    pub frames: u64,
    /// Bodies and frames, without headers of HTTP, WebSocket and TLS.
    pub bytes_up: u64,
    pub bytes_down: u64,
}

impl Traffic {
    /// What came on top since `before`.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            requests: self.requests - before.requests,
            frames: self.frames - before.frames,
            bytes_up: self.bytes_up - before.bytes_up,
            bytes_down: self.bytes_down - before.bytes_down,
        }
    }
}

pub fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
