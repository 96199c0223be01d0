//! What an operator can set, by flag or by `KITH_*` variable; `--help` is made from this file.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use clap::{Args, Parser, ValueEnum};

/// The server of Kith: it orders, stores and relays a care circle's sealed entries, and cannot read them.
///
/// One binary serves the API, the WebSocket and the web app on one port.
#[derive(Clone, Debug, Parser)]
#[command(name = "kith-server", version, max_term_width = 100)]
pub struct Config {
    /// Address and port to listen on. Port 0 takes a free one; the bound address is printed as one line on stdout.
    #[arg(long, env = "KITH_LISTEN", default_value = "127.0.0.1:8420")]
    pub listen: SocketAddr,

    /// Where circles are kept: `memory:` (lost at exit), `sqlite:PATH`, or `postgres://USER:PASSWORD@HOST/NAME`.
    #[arg(long, env = "KITH_STORE", default_value = "sqlite:kith.db", hide_env_values = true)]
    pub store: StoreUrl,

    /// Folder with the web app (what `cargo xtask web` makes). Without it only the API is served.
    #[arg(long, env = "KITH_WEB")]
    pub web: Option<PathBuf>,

    /// Host name that devices dial and sign, for example `kith.example.org`. Without it the request's Host header is taken.
    #[arg(long, env = "KITH_HOST")]
    pub host: Option<String>,

    /// Take a client's address from the last X-Forwarded-For value. Only behind a proxy that sets it.
    #[arg(long, env = "KITH_TRUST_PROXY")]
    pub trust_proxy: bool,

    /// The store was just restored from a backup: makes every circle wait until its devices have said what they have, for
    /// 24 hours at most, and exits. Stop the server, restore, run this once, start the server.
    #[arg(long, env = "KITH_MARK_RESTORED")]
    pub mark_restored: bool,

    /// Seconds that open requests and sockets get to finish after SIGTERM.
    #[arg(long, env = "KITH_SHUTDOWN_SECONDS", default_value_t = 10)]
    pub shutdown_seconds: u64,

    /// Seconds between looks at what other nodes changed, for whatever they did not manage to tell. Only with several nodes.
    #[arg(long, env = "KITH_POLL_SECONDS", default_value_t = 15)]
    pub poll_seconds: u64,

    /// How log lines are written, on stderr.
    #[arg(long, env = "KITH_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// Which log lines are written, in the syntax of tracing's `EnvFilter`.
    #[arg(long, env = "KITH_LOG", default_value = "info")]
    pub log: String,

    #[command(flatten)]
    pub limits: Limits,
}

/// Limits that keep one client, or one circle, from using up what all share. Going over one is answered with
/// a typed error that says which; nothing is lost by it, a client keeps what it could not send.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Largest sealed entry, in bytes.
    #[arg(long, env = "KITH_MAX_ENTRY_BYTES", default_value_t = 70_000)]
    pub max_entry_bytes: usize,

    /// Largest request body, and largest frame on a socket, in bytes.
    #[arg(long, env = "KITH_MAX_BODY_BYTES", default_value_t = 1_048_576)]
    pub max_body_bytes: usize,

    /// What one circle may store of sealed entries, in MiB.
    #[arg(long, env = "KITH_CIRCLE_QUOTA_MIB", default_value_t = 256)]
    pub circle_quota_mib: u64,

    /// What one circle may store of access entries and wrapped keys, in MiB; a quarter of it is the coordinators' alone.
    #[arg(long, env = "KITH_ACCESS_QUOTA_MIB", default_value_t = 64)]
    pub access_quota_mib: u64,

    /// Largest page of entries that is sent at once: number of entries (at most 512).
    #[arg(long, env = "KITH_PAGE_ENTRIES", default_value_t = 512)]
    pub page_entries: usize,

    /// Largest page of entries that is sent at once: bytes (at most 512000).
    #[arg(long, env = "KITH_PAGE_BYTES", default_value_t = 512_000)]
    pub page_bytes: usize,

    /// TCP connections at once, over all addresses.
    #[arg(long, env = "KITH_MAX_CONNECTIONS", default_value_t = 20_000)]
    pub max_connections: usize,

    /// Sockets at once from one address (an IPv6 /64 counts as one).
    #[arg(long, env = "KITH_SOCKETS_PER_ADDRESS", default_value_t = 256)]
    pub sockets_per_address: usize,

    /// Requests a second from one address, on average.
    #[arg(long, env = "KITH_REQUESTS_PER_SECOND", default_value_t = 20.0)]
    pub requests_per_second: f64,

    /// Requests that one address may make at once before the average counts.
    #[arg(long, env = "KITH_REQUEST_BURST", default_value_t = 200.0)]
    pub request_burst: f64,

    /// Circles that one address may found in an hour.
    #[arg(long, env = "KITH_CIRCLES_PER_HOUR", default_value_t = 60.0)]
    pub circles_per_hour: f64,

    /// Times an hour that one address may look up or answer a pairing, or a circle by the beginning of its id.
    #[arg(long, env = "KITH_LOOKUPS_PER_HOUR", default_value_t = 240.0)]
    pub lookups_per_hour: f64,

    /// Frames a second on one socket; a faster client is slowed, not refused.
    #[arg(long, env = "KITH_FRAMES_PER_SECOND", default_value_t = 50.0)]
    pub frames_per_second: f64,

    /// Seconds between pings on a socket; one that has been silent for twice as long is closed.
    #[arg(long, env = "KITH_PING_SECONDS", default_value_t = 30)]
    pub ping_seconds: u64,

    /// Seconds that a new socket has to say Hello.
    #[arg(long, env = "KITH_HELLO_SECONDS", default_value_t = 10)]
    pub hello_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        #[derive(Parser)]
        struct Alone {
            #[command(flatten)]
            limits: Limits,
        }
        Alone::parse_from(["kith-server"]).limits
    }
}

impl Limits {
    /// A circle's quota of sealed entries, in bytes.
    pub fn circle_quota_bytes(&self) -> u64 {
        self.circle_quota_mib.saturating_mul(1 << 20)
    }

    /// A circle's quota of access entries and wraps, in bytes.
    pub fn access_quota_bytes(&self) -> u64 {
        self.access_quota_mib.saturating_mul(1 << 20)
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Where circles are kept. Its Debug form leaves out the address, which may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// In this process, for tests and trials.
    Memory,
    /// A file.
    Sqlite(PathBuf),
    /// A database that several nodes share; the whole URL.
    Postgres(String),
}

/// `--store` was none of the three forms.
#[derive(Debug, thiserror::Error)]
#[error("expected memory:, sqlite:PATH or postgres://…")]
pub struct UnknownStore;

impl FromStr for StoreUrl {
    type Err = UnknownStore;

    fn from_str(text: &str) -> Result<Self, UnknownStore> {
        if matches!(text, "memory" | "memory:") {
            return Ok(Self::Memory);
        }
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err(UnknownStore) } else { Ok(Self::Sqlite(path.into())) };
        }
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return Ok(Self::Postgres(text.into()));
        }
        Err(UnknownStore)
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_store_is_read_and_a_password_is_never_shown() {
        assert_eq!("memory:".parse::<StoreUrl>().unwrap(), StoreUrl::Memory);
        assert_eq!("sqlite:kith.db".parse::<StoreUrl>().unwrap(), StoreUrl::Sqlite("kith.db".into()));
        assert_eq!("sqlite:///var/k.db".parse::<StoreUrl>().unwrap(), StoreUrl::Sqlite("/var/k.db".into()));
        let url: StoreUrl = "postgres://kith:hunter2@db/kith".parse().unwrap();
        assert_eq!(format!("{url:?}"), "postgres");
        for junk in ["", "sqlite:", "mysql://x", "kith.db"] {
            assert!(junk.parse::<StoreUrl>().is_err(), "{junk}");
        }
    }

    #[test]
    fn every_flag_has_a_variable_and_a_help_text() {
        use clap::CommandFactory;
        for argument in Config::command().get_arguments() {
            let name = argument.get_id().as_str();
            if matches!(name, "help" | "version") {
                continue;
            }
            let variable = argument.get_env().and_then(|v| v.to_str()).unwrap_or_default();
            assert!(variable.starts_with("KITH_"), "{name} has no KITH_ variable");
            assert!(argument.get_help().is_some(), "{name} has no help");
        }
    }
}
