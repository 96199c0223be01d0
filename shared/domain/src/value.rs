//! The value of a field between its stored scalar and what a form and a row need; and what may be stored.

use kith_document::Scalar;

use crate::{Amount, FieldKind, FieldSpec, Happened, Kind, Member};

/// Longest single line and longest text, in characters.
pub const MAX_LINE: usize = 200;
pub const MAX_TEXT: usize = 8_000;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Amount(Amount),
    /// 0 to 10.
    Scale(u8),
    Choice(String),
    Choices(Vec<String>),
    YesNo(bool),
    Time(Happened),
    Minutes(u32),
    Member(Member),
    /// 0 to 4.
    Quarters(u8),
    /// Something that this build cannot place: shown as it is, never changed by itself.
    Other(Scalar),
}

/// Why a value cannot be kept in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("a value is needed")]
    Missing,
    #[error("the text is too long")]
    TooLong,
    #[error("the number is out of range")]
    OutOfRange,
    #[error("not one of the choices")]
    NotAChoice,
    #[error("not a value for this field")]
    WrongKind,
    #[error("there is no such field")]
    NoSuchField,
}

impl Value {
    /// As it is stored.
    pub fn to_scalar(&self) -> Scalar {
        match self {
            Self::Text(text) | Self::Choice(text) => Scalar::Text(text.clone()),
            Self::Amount(amount) => Scalar::Text(amount.to_string()),
            Self::Scale(number) | Self::Quarters(number) => Scalar::Int(i64::from(*number)),
            Self::Choices(codes) => Scalar::Text(codes.join(" ")),
            Self::YesNo(truth) => Scalar::Bool(*truth),
            Self::Time(time) => Scalar::Text(time.to_string()),
            Self::Minutes(number) | Self::Member(number) => Scalar::Int(i64::from(*number)),
            Self::Other(scalar) => scalar.clone(),
        }
    }

    /// As a field of `kind` reads it; [`Value::Other`] where it does not fit.
    pub fn read(kind: FieldKind, scalar: &Scalar) -> Self {
        Self::fitting(kind, scalar).unwrap_or_else(|| Self::Other(scalar.clone()))
    }

    fn fitting(kind: FieldKind, scalar: &Scalar) -> Option<Self> {
        let below = |most: u8| small(scalar).and_then(|n| u8::try_from(n).ok()).filter(|n| *n <= most);
        Some(match kind {
            FieldKind::Text | FieldKind::LongText | FieldKind::Medicine => {
                Self::Text(scalar.as_text()?.to_owned())
            }
            FieldKind::Number { .. } => Self::Amount(Amount::parse(scalar.as_text()?)?),
            FieldKind::Scale => Self::Scale(below(10)?),
            FieldKind::Choice { .. } => Self::Choice(scalar.as_text()?.to_owned()),
            FieldKind::Choices { .. } => {
                Self::Choices(scalar.as_text()?.split_whitespace().map(str::to_owned).collect())
            }
            FieldKind::YesNo => match scalar {
                Scalar::Bool(truth) => Self::YesNo(*truth),
                _ => return None,
            },
            FieldKind::Time => Self::Time(Happened::parse(scalar.as_text()?)?),
            FieldKind::Duration { max } => Self::Minutes(small(scalar).filter(|minutes| *minutes <= max)?),
            FieldKind::Person => match scalar {
                Scalar::Text(name) => Self::Text(name.clone()),
                number => Self::Member(small(number)?),
            },
            FieldKind::Fraction => Self::Quarters(below(4)?),
        })
    }

    /// Whether it may be kept in a field.
    pub fn check(&self, field: &FieldSpec) -> Result<(), Fault> {
        match (field.kind, self) {
            (FieldKind::LongText, Self::Text(text)) => length(text, MAX_TEXT, field.required),
            (FieldKind::Text | FieldKind::Medicine | FieldKind::Person, Self::Text(text)) => {
                length(text, MAX_LINE, field.required)
            }
            (FieldKind::Number { unit, min, max, decimals, .. }, Self::Amount(amount)) => {
                let scaled = amount.at(decimals).ok_or(Fault::OutOfRange)?;
                if amount.unit != unit {
                    return Err(Fault::WrongKind);
                }
                within((min..=max).contains(&scaled))
            }
            (FieldKind::Scale, Self::Scale(score)) => within(*score <= 10),
            (FieldKind::Fraction, Self::Quarters(quarters)) => within(*quarters <= 4),
            (FieldKind::Duration { max }, Self::Minutes(minutes)) => within(*minutes <= max),
            (FieldKind::Choice { options }, Self::Choice(code)) => chosen(options, code),
            (FieldKind::Choices { options }, Self::Choices(codes)) => {
                codes.iter().try_for_each(|code| chosen(options, code))
            }
            (FieldKind::YesNo, Self::YesNo(_))
            | (FieldKind::Time, Self::Time(_))
            | (FieldKind::Person, Self::Member(_)) => Ok(()),
            _ => Err(Fault::WrongKind),
        }
    }
}

impl Kind {
    /// Reads a stored field; fields that the kind does not have are [`Value::Other`].
    pub fn read(&self, field: &str, scalar: &Scalar) -> Value {
        self.field(field).map_or_else(|| Value::Other(scalar.clone()), |spec| Value::read(spec.kind, scalar))
    }
}

fn small(scalar: &Scalar) -> Option<u32> {
    match scalar {
        Scalar::Int(number) => u32::try_from(*number).ok(),
        Scalar::Uint(number) => u32::try_from(*number).ok(),
        _ => None,
    }
}

pub(crate) fn length(text: &str, most: usize, required: bool) -> Result<(), Fault> {
    if required && text.trim().is_empty() {
        return Err(Fault::Missing);
    }
    if text.chars().count() > most { Err(Fault::TooLong) } else { Ok(()) }
}

fn within(inside: bool) -> Result<(), Fault> {
    if inside { Ok(()) } else { Err(Fault::OutOfRange) }
}

fn chosen(options: &[&str], code: &str) -> Result<(), Fault> {
    if options.contains(&code) { Ok(()) } else { Err(Fault::NotAChoice) }
}
