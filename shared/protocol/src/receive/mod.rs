//! What a client makes of what the server sends. Three outcomes, never mixed: a server's fault halts the stream,
//! what cannot be read yet parks it, what is void counts and adds nothing.

mod entry;
mod handback;
mod state;
mod verdict;
mod verify;

pub use entry::{ReaderView, leads_to, receive_access, receive_entry, seen_places};
pub use handback::receive_handback;
pub use state::StreamState;
pub use verdict::{Park, ServerFault, Verdict};
