//! Kith's look is stated once, in `shared/tokens.toml`; this makes CSS, Swift and Kotlin from it.
//!
//! xtask and the web bundler both include this file. The tests hold every pair of colours that meets on a screen
//! to its contrast, in every theme.

use anyhow::{Context, bail};
use serde::Deserialize;
use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

/// `shared/tokens.toml`, read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tokens {
    /// Theme name → colour name → `#RRGGBB`.
    theme: BTreeMap<String, BTreeMap<String, String>>,
    /// CSS pixels.
    space: BTreeMap<String, u32>,
    /// CSS pixels.
    radius: BTreeMap<String, u32>,
    /// CSS pixels at 100 % text.
    #[serde(rename = "type")]
    text: BTreeMap<String, u32>,
    /// CSS pixels.
    touch: BTreeMap<String, u32>,
    /// Milliseconds.
    motion: BTreeMap<String, u32>,
}

const THEMES: [&str; 3] = ["light", "dark", "night"];
const HEAD: &str = "Made from shared/tokens.toml by `cargo xtask tokens`; change it there.";

/// Where the web bundler finds its CSS, under the repository's root.
pub const CSS: &str = "target/tokens.css";

/// Writes the three files; none of them is committed.
pub fn generate(root: &Path) -> anyhow::Result<()> {
    let tokens = read(root)?;
    write_file(&root.join(CSS), &css(&tokens)?)?;
    write_file(&root.join("ios/Generated/Tokens.swift"), &swift(&tokens)?)?;
    write_file(&root.join("android/core/generated/org/kith/tokens/Tokens.kt"), &kotlin(&tokens)?)
}

/// Reads `shared/tokens.toml` under the repository's root.
fn read(root: &Path) -> anyhow::Result<Tokens> {
    let path = root.join("shared/tokens.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let tokens: Tokens = toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
    let names = |theme: &str| tokens.theme.get(theme).map(|colours| colours.keys().collect::<Vec<_>>());
    for theme in THEMES {
        if names(theme).is_none() || names(theme) != names("light") {
            bail!("theme {theme} does not have the colours of theme light");
        }
    }
    for colour in tokens.theme.values().flat_map(BTreeMap::values) {
        rgb(colour)?;
    }
    Ok(tokens)
}

/// CSS custom properties: lengths of text in rem, so that they grow with the person's setting.
///
/// `data-theme` on the root element chooses; without it the system's choice of light or dark holds.
fn css(tokens: &Tokens) -> anyhow::Result<String> {
    let mut out = format!("/* {HEAD} */\n");
    let colours = |out: &mut String, theme: &str| -> anyhow::Result<()> {
        writeln!(out, "  color-scheme: {};", if theme == "light" { "light" } else { "dark" })?;
        for (name, value) in &tokens.theme[theme] {
            writeln!(out, "  --{name}: {value};")?;
        }
        Ok(())
    };
    writeln!(out, ":root, [data-theme=light] {{")?;
    colours(&mut out, "light")?;
    for (prefix, group) in [("space", &tokens.space), ("radius", &tokens.radius), ("touch", &tokens.touch)] {
        for (name, pixels) in group {
            writeln!(out, "  --{prefix}-{name}: {pixels}px;")?;
        }
    }
    for (name, pixels) in &tokens.text {
        writeln!(out, "  --text-{name}: {}rem;", f64::from(*pixels) / 16.0)?;
    }
    for (name, ms) in &tokens.motion {
        writeln!(out, "  --motion-{name}: {ms}ms;")?;
    }
    writeln!(out, "}}\n@media (prefers-color-scheme: dark) {{ :root:not([data-theme]) {{")?;
    colours(&mut out, "dark")?;
    writeln!(out, "}} }}")?;
    for theme in ["dark", "night"] {
        writeln!(out, "[data-theme={theme}] {{")?;
        colours(&mut out, theme)?;
        writeln!(out, "}}")?;
    }
    Ok(out)
}

fn swift(tokens: &Tokens) -> anyhow::Result<String> {
    let mut out = format!("// {HEAD}\n\n/// Colours as 0xRRGGBB.\npublic struct Palette: Sendable {{\n");
    for name in tokens.theme["light"].keys() {
        writeln!(out, "  public let {}: UInt32", camel(name))?;
    }
    writeln!(out, "}}\n\npublic enum Tokens {{")?;
    for theme in THEMES {
        let fields = palette(tokens, theme, ": ")?;
        writeln!(out, "  public static let {theme} = Palette(\n    {})", fields.join(",\n    "))?;
    }
    for (group, values, kind) in groups(tokens) {
        writeln!(out, "  /// {kind}.\n  public enum {group} {{")?;
        for (name, value) in values {
            writeln!(out, "    public static let {}: Double = {value}", camel(name))?;
        }
        writeln!(out, "  }}")?;
    }
    writeln!(out, "}}")?;
    Ok(out)
}

fn kotlin(tokens: &Tokens) -> anyhow::Result<String> {
    let mut out = format!("// {HEAD}\n\npackage org.kith.tokens\n\n/** Colours as 0xAARRGGBB. */\n");
    writeln!(out, "data class Palette(")?;
    for name in tokens.theme["light"].keys() {
        writeln!(out, "    val {}: Long,", camel(name))?;
    }
    writeln!(out, ")\n\nobject Tokens {{")?;
    for theme in THEMES {
        let fields = palette(tokens, theme, " = ")?.join(",\n        ").replace("0x", "0xFF");
        writeln!(out, "    val {theme} = Palette(\n        {fields},\n    )")?;
    }
    for (group, values, kind) in groups(tokens) {
        writeln!(out, "\n    /** {kind}. */\n    object {group} {{")?;
        for (name, value) in values {
            writeln!(out, "        const val {} = {value}", camel(name))?;
        }
        writeln!(out, "    }}")?;
    }
    writeln!(out, "}}")?;
    Ok(out)
}

fn palette(tokens: &Tokens, theme: &str, between: &str) -> anyhow::Result<Vec<String>> {
    let field = |(name, value): (&String, &String)| {
        let [red, green, blue] = rgb(value)?;
        Ok(format!("{}{between}0x{red:02X}{green:02X}{blue:02X}", camel(name)))
    };
    tokens.theme[theme].iter().map(field).collect()
}

fn groups(tokens: &Tokens) -> [(&'static str, &BTreeMap<String, u32>, &'static str); 5] {
    [
        ("Space", &tokens.space, "Points or dp"),
        ("Radius", &tokens.radius, "Points or dp"),
        ("Text", &tokens.text, "Points or sp at 100 %"),
        ("Touch", &tokens.touch, "Points or dp"),
        ("Motion", &tokens.motion, "Milliseconds"),
    ]
}

/// `on-teal` → `onTeal`.
fn camel(name: &str) -> String {
    let mut parts = name.split('-');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

fn rgb(colour: &str) -> anyhow::Result<[u8; 3]> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6);
    let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let [_, red, green, blue] = value.with_context(|| format!("{colour:?} is not #RRGGBB"))?.to_be_bytes();
    Ok([red, green, blue])
}

fn write_file(path: &Path, text: &str) -> anyhow::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().context("a file has a folder")?)?;
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        read(here.ancestors().find(|folder| folder.join("shared/tokens.toml").exists()).unwrap()).unwrap()
    }

    /// WCAG 2.2, relative luminance.
    fn luminance(colour: &str) -> f64 {
        let [red, green, blue] = rgb(colour).unwrap().map(|byte| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// What lies on what, and how far apart it must be: every pair that `web/style` and the phones draw.
    const PAIRS: [(&[&str], &[&str], f64); 6] = [
        (&["ink"], &["paper", "card", "teal-wash", "amber-wash", "brick-wash", "leaf-wash", "hair"], 7.0),
        (&["soft"], &["paper", "card"], 4.5),
        (&["teal", "amber", "brick", "leaf"], &["paper", "card"], 4.5),
        (&["on-teal"], &["teal"], 4.5),
        (&["on-brick"], &["brick"], 4.5),
        (&["edge", "teal", "ink"], &["paper", "card"], 3.0),
    ];

    #[test]
    fn every_pair_that_meets_on_a_screen_can_be_read_in_every_theme() {
        let tokens = tokens();
        let mut faults = Vec::new();
        for theme in THEMES {
            let colours = &tokens.theme[theme];
            let mut check = |front: &str, back: &str, least: f64| {
                let found = contrast(&colours[front], &colours[back]);
                if found < least {
                    faults.push(format!("{theme}: {front} on {back} is {found:.2}, wants {least}"));
                }
            };
            for (fronts, backs, least) in PAIRS {
                for front in fronts {
                    for back in backs {
                        check(front, back, least);
                    }
                }
            }
            for tone in ["teal", "amber", "brick", "leaf"] {
                check(tone, &format!("{tone}-wash"), 4.5);
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn contrast_is_the_one_of_wcag() {
        assert!((contrast("#000000", "#FFFFFF") - 21.0).abs() < 1e-9);
        assert!((contrast("#767676", "#FFFFFF") - 4.54).abs() < 0.01);
    }

    #[test]
    fn text_is_large_and_targets_fit_a_thumb() {
        let tokens = tokens();
        assert!(tokens.text["body"] >= 17 && tokens.text["small"] >= 13);
        assert!(tokens.touch["least"] >= 48);
        assert!(tokens.motion["ms"] < 200);
    }

    #[test]
    fn each_language_has_every_colour_of_every_theme() {
        let tokens = tokens();
        let (css, swift, kotlin) = (css(&tokens).unwrap(), swift(&tokens).unwrap(), kotlin(&tokens).unwrap());
        for (name, value) in &tokens.theme["night"] {
            assert!(css.contains(&format!("--{name}: {value};")));
            let digits = value.trim_start_matches('#').to_ascii_uppercase();
            assert!(swift.contains(&format!("{}: 0x{digits}", camel(name))));
            assert!(kotlin.contains(&format!("{} = 0xFF{digits}", camel(name))));
        }
        assert!(css.contains("--text-body: 1.0625rem;"));
    }
}
