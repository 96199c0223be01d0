//! A quantity and its unit as one value, so that no two edits can mix the number of one with the unit of another.

/// A decimal number and the unit it was typed in: `2.5 mg` is 25 with one decimal.
///
/// Stored as that text, with a point and no trailing zeros: a version that does not know the field still shows the
/// right number (ADR 0050).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// The number times ten to the power of `decimals`.
    pub scaled: i64,
    /// 0 to 6.
    pub decimals: u32,
    /// A code such as `ml`; may be empty.
    pub unit: String,
}

const MAX_DECIMALS: usize = 6;

impl Amount {
    /// A whole number of `unit`.
    pub fn whole(number: i64, unit: &str) -> Self {
        Self { scaled: number, decimals: 0, unit: unit.to_owned() }
    }

    /// The number scaled to `decimals` places; none when digits would be lost or it does not fit.
    pub fn at(&self, decimals: u32) -> Option<i64> {
        let mut scaled = self.scaled;
        for _ in self.decimals..decimals {
            scaled = scaled.checked_mul(10)?;
        }
        for _ in decimals..self.decimals {
            if scaled % 10 != 0 {
                return None;
            }
            scaled /= 10;
        }
        Some(scaled)
    }

    /// Reads the stored text; none for anything that [`Amount`]'s Display would not write.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
        let (sign, digits) = number.strip_prefix('-').map_or((1, number), |digits| (-1, digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(part) || part.len() > MAX_DECIMALS || whole.len() > 12
        {
            return None;
        }
        let scaled: i64 = format!("{whole}{part}").parse().ok()?;
        let amount =
            Self { scaled: sign * scaled, decimals: u32::try_from(part.len()).ok()?, unit: unit.to_owned() };
        (amount.to_string() == text).then_some(amount)
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let decimals = usize::try_from(self.decimals).unwrap_or(0);
        let digits = format!("{:0width$}", self.scaled.unsigned_abs(), width = decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        let part = part.trim_end_matches('0');
        let sign = if self.scaled < 0 { "-" } else { "" };
        let point = if part.is_empty() { "" } else { "." };
        write!(out, "{sign}{whole}{point}{part}")?;
        if self.unit.is_empty() { Ok(()) } else { write!(out, " {}", self.unit) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_reads_as_people_write_it() {
        for (scaled, decimals, text) in
            [(200, 0, "200 ml"), (25, 1, "2.5 ml"), (250, 2, "2.5 ml"), (5, 2, "0.05 ml"), (-5, 1, "-0.5 ml")]
        {
            assert_eq!(Amount { scaled, decimals, unit: "ml".into() }.to_string(), text);
        }
        assert_eq!(Amount::parse("2.5 ml").and_then(|amount| amount.at(2)), Some(250));
        assert_eq!(Amount::parse("2.5 ml").and_then(|amount| amount.at(0)), None);
    }

    #[test]
    fn what_display_would_not_write_is_not_an_amount() {
        for text in
            ["", "ml", "2,5 ml", "2.50 ml", "02 ml", "1e3", "-0", "--1", "9999999999999 ml", "2. ml", ".5"]
        {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_comes_back_as_the_same_number(scaled in -999_999_999_i64..999_999_999, decimals in 0_u32..=6) {
            let amount = Amount { scaled, decimals, unit: "mg".into() };
            prop_assert_eq!(Amount::parse(&amount.to_string()).and_then(|read| read.at(decimals)), Some(scaled));
        }
    }
}
