//! The command line: `cargo xtask --help` is made from this file.

use crate::{bench, codegen, fuzz, repo, screenshots, simulate, test, tokens, up, web};
use clap::{Parser, Subcommand};

/// Everything a developer of Kith runs. Missing tools are installed on Debian as root; elsewhere the one command
/// to run is printed.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the web app and the server, and runs them on this machine.
    Up(up::Options),
    /// Fills the server that `cargo xtask up` started with the demo's circle, and prints its links.
    Demo(up::DemoOptions),
    /// Runs the tests: all parts, or those named. The last line is `N passed, M failed`.
    Test(test::Options),
    /// Measures the budgets (DESIGN.md, section 9), in an optimised build.
    Bench(bench::Options),
    /// Runs real cores and real sessions against a hostile network, one seed after the other.
    Simulate(simulate::Options),
    /// Runs the fuzz targets under libFuzzer; an input that does harm is written to tests/fuzz/artifacts.
    Fuzz(fuzz::Options),
    /// Builds the web app into web/dist.
    Web(web::Options),
    /// Takes pictures of the web app's screens into tests/browser/out, and renews README's pictures.
    Screenshots,
    /// Writes the bindings and types of the core for Swift and Kotlin (not committed).
    Codegen,
    /// Writes colours, sizes and distances for CSS, Swift and Kotlin from shared/tokens.toml (not committed).
    Tokens,
}

/// Reads the arguments and does what they say.
pub fn run() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Up(options) => up::up(&options),
        Command::Demo(options) => up::demo(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Simulate(options) => simulate::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Web(options) => web::run(&options),
        Command::Screenshots => screenshots::run(),
        Command::Codegen => codegen::all(),
        Command::Tokens => tokens::generate(repo::root()),
    }
}
