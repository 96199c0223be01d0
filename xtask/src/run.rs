//! Starting other programs: what is run is said first, and a failure names it.

use crate::{count::Counts, repo};
use anyhow::{Context, Result, bail};
use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

/// A program to run from the repository's root.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(repo::root());
    command
}

/// Cargo with these arguments: the same cargo that runs xtask.
pub fn cargo<I, S>(arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Runs it with its output on the terminal; an error when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    say(command);
    let status = command.status().with_context(|| format!("{} could not be started", shown(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// Like [`run`], and counts the tests that its standard output tells of.
pub fn counted(command: &mut Command, counts: &mut Counts) -> Result<()> {
    say(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} could not be started", shown(command)))?;
    if let Some(stdout) = child.stdout.take() {
        let mut reader = BufReader::new(stdout);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            std::io::stdout().write_all(&line)?;
            counts.read(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// What it writes to standard output, without the last line break.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{} could not be started", shown(command)))?;
    if !output.status.success() {
        bail!("{} failed ({}): {}", shown(command), output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// Whether it can be run and succeeds; its output is not shown.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn say(command: &Command) {
    println!("$ {}", shown(command));
}

/// As a person would type it; of a script, the first line.
fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let mut words = vec![program.rsplit('/').next().unwrap_or(&program).to_owned()];
    words.extend(command.get_args().map(|argument| match argument.to_string_lossy().split_once('\n') {
        Some((first, _)) => format!("'{first} …'"),
        None => argument.to_string_lossy().into_owned(),
    }));
    words.join(" ")
}
