//! Serving the web app's files.

mod files;
mod headers;
mod path;

pub use files::serve;
