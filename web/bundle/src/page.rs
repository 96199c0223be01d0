//! Fills the blanks of a file: `{{name}}`.

use anyhow::bail;

/// Every blank must have a value, and every value a blank.
pub fn fill(text: &str, values: &[(&str, &str)]) -> anyhow::Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut used = vec![false; values.len()];
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { bail!("a blank without an end") };
        let Some(place) = values.iter().position(|(known, _)| *known == name) else {
            bail!("no value for {name}")
        };
        out.push_str(before);
        out.push_str(values[place].1);
        used[place] = true;
        rest = after;
    }
    out.push_str(rest);
    match used.iter().position(|used| !used) {
        Some(place) => bail!("no blank for {}", values[place].0),
        None => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn blanks_are_filled_once_each_and_values_are_not_read_again() {
        let filled = fill("a {{x}} b {{y}} c {{x}}", &[("x", "{{y}}"), ("y", "2")]).unwrap();
        assert_eq!(filled, "a {{y}} b 2 c {{y}}");
    }

    #[test]
    fn a_blank_without_a_value_and_a_value_without_a_blank_are_faults() {
        assert!(fill("{{z}}", &[]).is_err());
        assert!(fill("nothing", &[("x", "1")]).is_err());
        assert!(fill("{{x", &[("x", "1")]).is_err());
    }
}
