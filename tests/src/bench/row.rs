//! One measured number beside its budget.

use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub name: &'static str,
    /// None when there was nothing to measure.
    pub value: Option<f64>,
    pub unit: &'static str,
    pub budget: Option<f64>,
    /// None without a budget or a value.
    pub holds: Option<bool>,
}

impl Row {
    /// A number that must not be larger than its budget.
    pub fn at_most(name: &'static str, value: f64, unit: &'static str, budget: f64) -> Self {
        Self { name, value: Some(value), unit, budget: Some(budget), holds: Some(value <= budget) }
    }

    /// A number to know.
    pub fn plain(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self { name, value: Some(value), unit, budget: None, holds: None }
    }

    /// What could not be measured here.
    pub fn missing(name: &'static str, unit: &'static str, budget: f64) -> Self {
        Self { name, value: None, unit, budget: Some(budget), holds: None }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts and sizes far below 2^52")]
pub fn number(n: u64) -> f64 {
    n as f64
}

/// The value below which so many thousandths of the samples lie.
pub fn quantile(samples: &mut [u64], thousandths: usize) -> u64 {
    samples.sort_unstable();
    let at = (samples.len() * thousandths).div_ceil(1000).saturating_sub(1);
    samples.get(at).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_sample_and_the_last_one_at_the_end() {
        let mut samples: Vec<u64> = (1..=200).rev().collect();
        assert_eq!(quantile(&mut samples, 500), 100);
        assert_eq!(quantile(&mut samples, 990), 198);
        assert_eq!(quantile(&mut samples, 1000), 200);
        assert_eq!(quantile(&mut [], 990), 0);
    }
}
