//! Schemathesis over the `OpenAPI` document of a running server: junk at every route, and no answer but those described.

use crate::{
    count::Counts,
    repo,
    run::{cargo, program, run as run_command},
    tools,
};
use anyhow::{Context as _, Result};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Pinned: another version asks other questions.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

pub fn run(counts: &mut Counts) -> Result<()> {
    let schemathesis = set_up()?;
    run_command(&mut cargo(["build", "--quiet", "--package", "kith-server"]))?;
    let server = Server::start()?;
    let mut command = program(schemathesis);
    command.args(["run", &format!("{}/openapi.json", server.url)]);
    command.args(["--max-examples", "60", "--phases", "coverage,fuzzing", "--seed", "1", "--no-color"]);
    // What a body must hold to be taken is more than a schema can say.
    command.args(["--exclude-checks", "positive_data_acceptance"]);
    command
        .current_dir(repo::target_dir())
        .env("SCHEMATHESIS_HOOKS", repo::path("server/tests/api/hooks.py"));
    run_command(&mut command)?;
    counts.passed += 1;
    Ok(())
}

/// A Python of its own under target/, with schemathesis in it.
fn set_up() -> Result<PathBuf> {
    let folder = repo::target_dir().join("schemathesis");
    let program_in = |name: &str| folder.join("bin").join(name);
    if !installed(&folder) {
        tools::need(&tools::PYTHON)?;
        run_command(program("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        run_command(program(program_in("pip")).args(["install", "--quiet", SCHEMATHESIS]))?;
        std::fs::write(folder.join("version"), SCHEMATHESIS)?;
    }
    Ok(program_in("schemathesis"))
}

fn installed(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("version")).is_ok_and(|version| version == SCHEMATHESIS)
}

/// The server on a free port, stopped when dropped.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start() -> Result<Self> {
        let mut child = Command::new(repo::debug_dir().join("kith-server"))
            .args(["--store", "memory:", "--listen", "127.0.0.1:0", "--log", "error"])
            .args(["--requests-per-second", "100000", "--request-burst", "1000000"])
            .args(["--circles-per-hour", "1000000", "--lookups-per-hour", "1000000"])
            .stdout(Stdio::piped())
            .spawn()
            .context("the server could not be started")?;
        let stdout = child.stdout.take().context("the server's output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ").context("the server did not listen")?.to_owned();
        Ok(Self { child, url })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
