//! A PostgreSQL cluster of the test's own: in a temporary folder, on a unix socket, stopped when dropped.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// A running cluster with one database a test can fill.
pub struct Cluster {
    folder: TempDir,
    bin: PathBuf,
}

impl Cluster {
    /// Makes and starts one. Fails with the command to install PostgreSQL when it is missing.
    pub fn start() -> Self {
        let bin = find_bin();
        let folder = tempfile::Builder::new().prefix("kith-pg").tempdir_in("/tmp").unwrap();
        let cluster = Self { folder, bin };
        if am_root() {
            // initdb refuses root; Debian's package made this user.
            run(Command::new("chown").arg("postgres").arg(cluster.folder.path()));
        }
        run(cluster.command("initdb").args(["-A", "trust", "-U", "kith", "-N", "-D"]).arg(cluster.data()));
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=60 -c shared_buffers=16MB",
            cluster.folder.path().display()
        );
        run(cluster
            .command("pg_ctl")
            .arg("-D")
            .arg(cluster.data())
            .args(["-w", "-s", "-l"])
            .arg(cluster.folder.path().join("log"))
            .args(["-o", &options, "start"]));
        cluster
    }

    /// A new, empty database's URL.
    pub fn database(&self, name: &str) -> String {
        let socket = self.folder.path().display().to_string();
        run(self.command("createdb").args(["-h", &socket, "-U", "kith", name]));
        format!("postgres:///{name}?host={}&user=kith", socket.replace('/', "%2F"))
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let path = self.bin.join(program);
        let mut command = if am_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(self.folder.path()).env("LC_ALL", "C");
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self
            .command("pg_ctl")
            .arg("-D")
            .arg(self.data())
            .args(["-s", "-m", "immediate", "stop"])
            .output();
    }
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn am_root() -> bool {
    let output = run(Command::new("id").arg("-u"));
    output.stdout.trim_ascii() == b"0"
}

fn find_bin() -> PathBuf {
    let told =
        Command::new("pg_config").arg("--bindir").output().ok().filter(|output| output.status.success());
    let told = told.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path().join("bin"));
    told.into_iter()
        .chain(debian)
        .find(|bin: &PathBuf| Path::new(bin).join("initdb").exists())
        .expect("PostgreSQL is missing; on Debian: apt-get install -y postgresql")
}
