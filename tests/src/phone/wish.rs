//! What a phone wants from the world outside it. Answers go back by the same number.

use crux_http::protocol::HttpRequest;

#[derive(Clone, Debug)]
pub enum Wish {
    /// Answer with `Phone::http_done`.
    Http { call: u64, request: HttpRequest },
    /// Answer with `Phone::socket_says`, any number of times, the last time with `Closed`.
    OpenSocket { socket: u64, url: String },
    /// No answer.
    SendFrame { socket: u64, frame: Vec<u8> },
    /// `Closed` follows.
    CloseSocket { socket: u64 },
}
