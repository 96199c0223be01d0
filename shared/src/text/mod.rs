//! Every word a person reads, in one source for all shells (Fluent), and the forms of times and numbers.

mod clock;
mod locale;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

pub use clock::{Clock, capitalised};
pub use locale::Locale;

/// The texts of one language variant.
pub struct Text {
    pub locale: Locale,
    bundle: FluentBundle<FluentResource>,
}

impl Text {
    pub fn new(locale: Locale) -> Self {
        let language: LanguageIdentifier = locale.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // The marks that isolate bidirectional text confuse screen readers and tests alike; both languages are left to right.
        bundle.set_use_isolating(false);
        for source in locale.sources() {
            let resource = match FluentResource::try_new((*source).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { locale, bundle }
    }

    /// The text of `key`; the key itself when there is none (a test sees to it that there is).
    pub fn get(&self, key: &str) -> String {
        self.format(key, None)
    }

    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// The text of `key` with its variables filled in.
    pub fn with(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        let mut filled = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            match value {
                Argument::Words(words) => filled.set(*name, (*words).to_owned()),
                Argument::Count(count) => filled.set(*name, *count),
            }
        }
        self.format(key, Some(&filled))
    }

    fn format(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut faults = Vec::new();
        self.bundle.format_pattern(pattern, arguments, &mut faults).into_owned()
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new(Locale::default())
    }
}

/// A variable of a text.
#[derive(Clone, Copy, Debug)]
pub enum Argument<'a> {
    Words(&'a str),
    /// Chooses the plural form.
    Count(i64),
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(words: &'a str) -> Self {
        Self::Words(words)
    }
}

impl<'a> From<&'a String> for Argument<'a> {
    fn from(words: &'a String) -> Self {
        Self::Words(words)
    }
}

impl From<i64> for Argument<'_> {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Argument<'_> {
    fn from(count: usize) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Argument<'_> {
    fn from(count: u32) -> Self {
        Self::Count(i64::from(count))
    }
}

#[cfg(test)]
mod tests;
