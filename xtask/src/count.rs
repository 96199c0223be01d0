//! Counting tests in what the runners print: libtest, Playwright, Maven's Surefire, Swift Testing, and our own
//! programs' `N passed, M failed`.

use std::ops::AddAssign;

/// How many tests ran, and how they ended. Tests that a runner left out count as nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Counts {
    /// Takes one line of a runner's output.
    pub fn read(&mut self, line: &str) {
        let line = without_colours(line);
        let line = line.trim();
        let found = libtest(line)
            .or_else(|| surefire(line))
            .or_else(|| swift_testing(line))
            .or_else(|| ours(line))
            .or_else(|| playwright(line));
        *self += found.unwrap_or_default();
    }
}

/// `test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`
fn libtest(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix("test result: ")?;
    let rest = rest.strip_prefix("ok. ").or_else(|| rest.strip_prefix("FAILED. "))?;
    Some(Counts { passed: before(rest, "passed")?, failed: before(rest, "failed")? })
}

/// `[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 0`: a module's sum. A class's line tells its time too.
fn surefire(line: &str) -> Option<Counts> {
    let (_, rest) = line.split_once("Tests run: ")?;
    if rest.contains("Time elapsed") {
        return None;
    }
    let number = |label: &str| -> Option<u64> {
        let (_, rest) = rest.split_once(label)?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    let run: u64 = rest.split(',').next()?.trim().parse().ok()?;
    let failed = number("Failures: ")? + number("Errors: ")?;
    Some(Counts { passed: run.saturating_sub(failed + number("Skipped: ")?), failed })
}

/// `✔ Test "a thing" passed after 0.002 seconds.`: one test. The sum of a run does not tell how many failed.
fn swift_testing(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix(['✔', '✘', '◇'])?.trim_start().strip_prefix("Test ")?;
    if rest.starts_with("run with ") || rest.starts_with("case ") {
        return None;
    }
    let passed = rest.contains(" passed after ");
    let failed = rest.contains(" failed after ");
    Some(Counts { passed: u64::from(passed), failed: u64::from(failed && !passed) })
}

/// `200 passed, 0 failed`
fn ours(line: &str) -> Option<Counts> {
    let (passed, failed) = line.split_once(" passed, ")?;
    Some(Counts { passed: passed.parse().ok()?, failed: failed.strip_suffix(" failed")?.parse().ok()? })
}

/// `12 passed (31.4s)` and `1 failed`, each on a line of its own at the end of a run.
fn playwright(line: &str) -> Option<Counts> {
    let (number, rest) = line.split_once(' ')?;
    let number = number.parse().ok()?;
    match rest.split(" (").next()? {
        "passed" => Some(Counts { passed: number, failed: 0 }),
        // A test that passes only when tried again is a failing test.
        "failed" | "flaky" | "interrupted" | "did not run" => Some(Counts { passed: 0, failed: number }),
        _ => None,
    }
}

/// The number before a word, in `; 3 failed; …`.
fn before(text: &str, word: &str) -> Option<u64> {
    let (head, _) = text.split_once(&format!(" {word}"))?;
    head.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // CSI sequences end with a letter; `ESC ( B` is three characters.
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(lines: &str) -> (u64, u64) {
        let mut counts = Counts::default();
        lines.lines().for_each(|line| counts.read(line));
        (counts.passed, counts.failed)
    }

    #[test]
    fn libtest_with_and_without_colours() {
        let lines = "running 13 tests\n\
            test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(count(lines), (15, 2));
    }

    #[test]
    fn surefire_counts_modules_not_classes() {
        let lines = "[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in CoreTest\n\
            [ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! -- in B\n\
            [ERROR] Tests run: 6, Failures: 1, Errors: 1, Skipped: 1";
        assert_eq!(count(lines), (3, 2));
    }

    #[test]
    fn swift_counts_tests_not_runs_suites_or_issues() {
        let lines = "◇ Test \"a thing\" started.\n\
            ✘ Test \"a thing\" recorded an issue at B.swift:3:5: Expectation failed: 1 passed after 2\n\
            ✔ Test sealed() passed after 0.002 seconds.\n\
            ✘ Test \"a thing\" failed after 0.003 seconds with 1 issue.\n\
            ✔ Suite Storage passed after 0.003 seconds.\n\
            ✘ Test run with 2 tests failed after 0.003 seconds with 1 issue.";
        assert_eq!(count(lines), (2, 1));
    }

    #[test]
    fn playwright_and_our_own_programs() {
        assert_eq!(count("  1 failed\n  12 passed (31.4s)\n  1 flaky"), (12, 2));
        assert_eq!(count("200 passed, 1 failed"), (200, 1));
        assert_eq!(count("the 2 passed messages, 3 failed"), (0, 0));
    }
}
