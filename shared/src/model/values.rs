//! Between what a form holds and what the domain keeps.

use crate::event::{FieldValue, Moment};
use kith_domain::{Amount, ClockNote, FieldKind, FieldSpec, Happened, Value, When, WhenError};
use kith_zones::Zone;

/// A field's value for a form.
pub fn to_form(spec: &FieldSpec, value: &Value) -> FieldValue {
    match value {
        Value::Text(text) => FieldValue::Text(text.clone()),
        Value::Amount(amount) => match spec.kind {
            FieldKind::Number { decimals, .. } => {
                amount.at(decimals).map_or(FieldValue::Empty, FieldValue::Number)
            }
            _ => FieldValue::Text(amount.to_string()),
        },
        Value::Scale(number) | Value::Quarters(number) => FieldValue::Number(i64::from(*number)),
        Value::Minutes(minutes) => FieldValue::Number(i64::from(*minutes)),
        Value::Choice(code) => FieldValue::Chosen(vec![code.clone()]),
        Value::Choices(codes) => FieldValue::Chosen(codes.clone()),
        Value::YesNo(truth) => FieldValue::Flag(*truth),
        Value::Time(time) => happened_to_form(*time),
        Value::Member(member) => FieldValue::Chosen(vec![member.to_string()]),
        Value::Other(_) => FieldValue::Empty,
    }
}

pub fn happened_to_form(time: Happened) -> FieldValue {
    FieldValue::Moment(Moment::Local(time.local().format("%Y-%m-%dT%H:%M").to_string()))
}

/// What a form holds as the domain's value; none when nothing was entered, an error for a time that cannot be.
pub fn from_form(
    spec: &FieldSpec,
    value: &FieldValue,
    now_ms: u64,
    zone: Zone,
) -> Result<Option<Value>, WhenError> {
    let small = |number: i64| u8::try_from(number).ok();
    Ok(match (spec.kind, value) {
        (
            FieldKind::Text | FieldKind::LongText | FieldKind::Medicine | FieldKind::Person,
            FieldValue::Text(text),
        ) => {
            let text = text.trim();
            (!text.is_empty()).then(|| Value::Text(text.to_owned()))
        }
        (FieldKind::Person, FieldValue::Chosen(chosen)) => {
            chosen.first().and_then(|member| member.parse().ok()).map(Value::Member)
        }
        (FieldKind::Number { unit, decimals, .. }, FieldValue::Number(scaled)) => {
            Some(Value::Amount(Amount { scaled: *scaled, decimals, unit: unit.to_owned() }))
        }
        (FieldKind::Scale, FieldValue::Number(number)) => small(*number).map(Value::Scale),
        (FieldKind::Fraction, FieldValue::Number(number)) => small(*number).map(Value::Quarters),
        (FieldKind::Fraction, FieldValue::Chosen(chosen)) => {
            chosen.first().and_then(|quarters| quarters.parse().ok()).map(Value::Quarters)
        }
        (FieldKind::Duration { .. }, FieldValue::Number(minutes)) => {
            u32::try_from(*minutes).ok().map(Value::Minutes)
        }
        (FieldKind::Choice { .. }, FieldValue::Chosen(chosen)) => chosen.first().cloned().map(Value::Choice),
        (FieldKind::Choices { .. }, FieldValue::Chosen(chosen)) => {
            (!chosen.is_empty()).then(|| Value::Choices(chosen.clone()))
        }
        (FieldKind::YesNo, FieldValue::Flag(truth)) => Some(Value::YesNo(*truth)),
        (FieldKind::Time, FieldValue::Moment(_)) => Some(Value::Time(when(value, now_ms, zone)?.0)),
        _ => None,
    })
}

/// A moment that a person chose, and what the clock did then.
pub fn when(value: &FieldValue, now_ms: u64, zone: Zone) -> Result<(Happened, Option<ClockNote>), WhenError> {
    let when = match value {
        FieldValue::Moment(Moment::MinutesAgo(minutes)) => When::MinutesAgo(*minutes),
        FieldValue::Moment(Moment::Local(local)) => When::Local(local.clone()),
        FieldValue::Moment(Moment::Day(day)) => When::Local(format!("{day}T12:00")),
        _ => When::Now,
    };
    let resolved = when.resolve(now_ms, zone)?;
    Ok((resolved.happened, resolved.note))
}
