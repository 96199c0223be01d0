//! `cargo xtask up`: the whole of Kith on this machine, from nothing to an address to open.

use crate::{
    repo,
    run::{cargo, program, run},
    web::{self, Profile},
};
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    os::unix::process::CommandExt,
    thread::sleep,
    time::{Duration, Instant},
};

#[derive(clap::Args)]
pub struct Options {
    /// Fill the server with a circle to look at, and print its links.
    #[arg(long)]
    demo: bool,
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Build the web app and the server as they are shipped (small and fast; takes minutes longer).
    #[arg(long)]
    release: bool,
}

#[derive(clap::Args)]
pub struct DemoOptions {
    #[arg(long, default_value_t = 8787)]
    port: u16,
}

/// Builds everything, then becomes the server: Ctrl-C, or a signal to this process, stops it.
pub fn up(options: &Options) -> Result<()> {
    web::bundle(if options.release { Profile::Web } else { Profile::WebTest })?;
    let profile = if options.release { "release" } else { "dev" };
    // Cargo's own lines are the progress of the longest steps.
    run(&mut cargo(["build", "--package", "kith-server", "--profile", profile]))?;
    if options.demo {
        run(&mut cargo(["build", "--package", "kith-tests", "--bin", "demo"]))?;
        program(env::current_exe()?).args(["demo", "--port", &options.port.to_string()]).spawn()?;
    }
    let data = repo::target_dir().join("up");
    fs::create_dir_all(&data)?;
    let address = address(options.port);
    println!("Kith is at http://localhost:{} (data in {}). Ctrl-C stops it.", options.port, data.display());
    let built = if options.release { "release/kith-server" } else { "debug/kith-server" };
    let fault = program(repo::target_dir().join(built))
        .arg(format!("--listen={address}"))
        .arg(format!("--store=sqlite:{}", data.join("kith.db").display()))
        .arg("--web")
        .arg(repo::path("web/dist"))
        // One address, this machine, is everybody here; the demo's five phones send a year in a minute.
        .args(["--requests-per-second=10000", "--request-burst=10000"])
        .env("KITH_LOG", env::var("KITH_LOG").unwrap_or_else(|_| "warn".into()))
        .exec();
    Err(fault).context("the server could not be started")
}

/// Waits until the server answers, then fills it.
pub fn demo(options: &DemoOptions) -> Result<()> {
    let address = address(options.port);
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        if start.elapsed() > Duration::from_mins(1) {
            bail!("no server at {address}: start one with `cargo xtask up --port {}`", options.port);
        }
        sleep(Duration::from_millis(100));
    }
    let mut command = cargo(["run", "--quiet", "--package", "kith-tests", "--bin", "demo", "--"]);
    run(command.arg("--server").arg(format!("http://localhost:{}", options.port)))
}

fn address(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}
