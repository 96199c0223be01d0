//! The parts of the test run, in the order in which they run: what is quick and tells most comes first.

use super::{api, browser, kotlin, lint, server, simulate, swift, unit, web};
use crate::count::Counts;
use anyhow::Result;
use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Formatting, clippy, and cargo-deny where it is installed.
    Lint,
    /// Every native crate but the server and the simulation.
    Unit,
    /// The server on all three stores, PostgreSQL included, and as a process.
    Server,
    /// Junk at every route of the API, by its `OpenAPI` document.
    Api,
    /// Real cores and real sessions against a hostile network: some hundred seeds.
    Simulate,
    /// The web app builds and is bundled.
    Web,
    /// Real Chromium against the real server.
    Browser,
    /// The Kotlin bridge on a JVM against the real core and server.
    Kotlin,
    /// The Swift bridge against the real core and server.
    Swift,
}

impl Part {
    pub fn all() -> &'static [Self] {
        Self::value_variants()
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Unit => "unit",
            Self::Server => "server",
            Self::Api => "api",
            Self::Simulate => "simulate",
            Self::Web => "web",
            Self::Browser => "browser",
            Self::Kotlin => "kotlin",
            Self::Swift => "swift",
        }
    }

    pub fn run(self, counts: &mut Counts) -> Result<()> {
        match self {
            Self::Lint => lint::run(),
            Self::Unit => unit::run(counts),
            Self::Server => server::run(counts),
            Self::Api => api::run(counts),
            Self::Simulate => simulate::run(counts),
            Self::Web => web::run(),
            Self::Browser => browser::run(counts),
            Self::Kotlin => kotlin::run(counts),
            Self::Swift => swift::run(counts),
        }
    }
}
