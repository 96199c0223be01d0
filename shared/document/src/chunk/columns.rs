//! The columns of a change: which ones we know, and their run-length forms in both directions.

use std::cmp::Ordering;

use super::bytes::{Bytes, put_signed, put_unsigned};
use super::{ChunkError, MAX_RUN_TOTAL};

/// Column numbers: the column's id shifted by four, and its type. These are all that ops on maps use; a list's, a
/// mark's or a compressed column has another number and is refused.
pub(super) mod spec {
    pub(crate) const OBJ_ACTOR: u32 = 0x01;
    pub(crate) const OBJ_COUNTER: u32 = 0x02;
    pub(crate) const KEY: u32 = 0x15;
    pub(crate) const INSERT: u32 = 0x34;
    pub(crate) const ACTION: u32 = 0x42;
    pub(crate) const VALUE_META: u32 = 0x56;
    pub(crate) const VALUE: u32 = 0x57;
    pub(crate) const PRED_COUNT: u32 = 0x70;
    pub(crate) const PRED_ACTOR: u32 = 0x71;
    pub(crate) const PRED_COUNTER: u32 = 0x73;

    pub(crate) const KNOWN: [u32; 10] = [
        OBJ_ACTOR,
        OBJ_COUNTER,
        KEY,
        INSERT,
        ACTION,
        VALUE_META,
        VALUE,
        PRED_COUNT,
        PRED_ACTOR,
        PRED_COUNTER,
    ];
}

/// How many values the runs of a change may still stand for.
#[derive(Debug)]
pub(super) struct RunBudget(usize);

impl RunBudget {
    pub(super) fn new() -> Self {
        Self(MAX_RUN_TOTAL)
    }

    fn spend(&mut self, count: u64) -> Result<usize, ChunkError> {
        let count = usize::try_from(count).map_err(|_| ChunkError::Runs)?;
        self.0 = self.0.checked_sub(count).ok_or(ChunkError::Runs)?;
        Ok(count)
    }
}

/// Reads a run-length column: `n > 0`: the next value n times; `n < 0`: -n values; `0 n`: n nulls.
pub(super) fn read_runs<'a, T: Clone>(
    column: &'a [u8],
    budget: &mut RunBudget,
    value: impl Fn(&mut Bytes<'a>) -> Result<T, ChunkError>,
) -> Result<Vec<Option<T>>, ChunkError> {
    let mut bytes = Bytes::new(column);
    let mut values = Vec::new();
    while !bytes.is_empty() {
        let run = bytes.signed()?;
        match run.cmp(&0) {
            Ordering::Equal => {
                let count = budget.spend(bytes.unsigned()?)?;
                values.resize(values.len() + count, None);
            }
            Ordering::Greater => {
                let count = budget.spend(run.unsigned_abs())?;
                let repeated = value(&mut bytes)?;
                values.resize(values.len() + count, Some(repeated));
            }
            Ordering::Less => {
                for _ in 0..budget.spend(run.unsigned_abs())? {
                    values.push(Some(value(&mut bytes)?));
                }
            }
        }
    }
    Ok(values)
}

/// Reads a run-length column that has no nulls.
pub(super) fn read_full_runs<'a, T: Clone>(
    column: &'a [u8],
    budget: &mut RunBudget,
    value: impl Fn(&mut Bytes<'a>) -> Result<T, ChunkError>,
) -> Result<Vec<T>, ChunkError> {
    read_runs(column, budget, value)?.into_iter().collect::<Option<_>>().ok_or(ChunkError::ColumnLength)
}

/// Reads a column of differences, each to the value before, the first to 0.
pub(super) fn read_deltas(column: &[u8], budget: &mut RunBudget) -> Result<Vec<u64>, ChunkError> {
    let mut now = 0_i64;
    read_full_runs(column, budget, Bytes::signed)?
        .into_iter()
        .map(|delta| {
            now = now.checked_add(delta).ok_or(ChunkError::Number)?;
            u64::try_from(now).map_err(|_| ChunkError::Number)
        })
        .collect()
}

/// Reads the insert column, which on maps is false throughout: how many values it has.
pub(super) fn read_all_false(column: &[u8], budget: &mut RunBudget) -> Result<usize, ChunkError> {
    let mut bytes = Bytes::new(column);
    let count = if bytes.is_empty() { 0 } else { bytes.unsigned()? };
    if bytes.is_empty() { budget.spend(count) } else { Err(ChunkError::Column) }
}

/// Writes a run-length column the one way Automerge writes it: equal neighbours as a run, the others as literals.
pub(super) fn put_runs<T: PartialEq>(
    out: &mut Vec<u8>,
    values: &[Option<T>],
    put: impl Fn(&mut Vec<u8>, &T),
) {
    let mut literals: Vec<&T> = Vec::new();
    let flush = |out: &mut Vec<u8>, literals: &mut Vec<&T>| {
        if !literals.is_empty() {
            put_signed(out, -i64::try_from(literals.len()).unwrap_or(i64::MAX));
            literals.drain(..).for_each(|value| put(out, value));
        }
    };
    for run in values.chunk_by(|one, next| one == next) {
        match &run[0] {
            None => {
                flush(out, &mut literals);
                put_signed(out, 0);
                put_unsigned(out, run.len() as u64);
            }
            Some(value) if run.len() == 1 => literals.push(value),
            Some(value) => {
                flush(out, &mut literals);
                put_signed(out, i64::try_from(run.len()).unwrap_or(i64::MAX));
                put(out, value);
            }
        }
    }
    flush(out, &mut literals);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_come_back_and_count_against_the_budget() {
        let values = [Some(1_u64), Some(1), None, None, Some(2), Some(3), Some(3), Some(4), None];
        let mut out = Vec::new();
        put_runs(&mut out, &values, |out, value| put_unsigned(out, *value));
        assert_eq!(out, [2, 1, 0, 2, 0x7f, 2, 2, 3, 0x7f, 4, 0, 1]);
        let mut budget = RunBudget::new();
        assert_eq!(read_runs(&out, &mut budget, Bytes::unsigned).unwrap(), values);
        assert_eq!(budget.0, MAX_RUN_TOTAL - values.len());
    }

    #[test]
    fn a_few_bytes_cannot_stand_for_billions() {
        for run in [&[0xff, 0xff, 0xff, 0xff, 7, 1][..], &[0, 0xff, 0xff, 0xff, 0xff, 7], &[0xff, 0x5f]] {
            assert_eq!(
                read_runs(run, &mut RunBudget::new(), Bytes::unsigned),
                Err(ChunkError::Runs),
                "{run:?}"
            );
        }
        let mut most = Vec::new();
        put_signed(&mut most, i64::MIN);
        assert_eq!(read_runs(&most, &mut RunBudget::new(), Bytes::unsigned), Err(ChunkError::Runs));
    }

    #[test]
    fn deltas_that_overflow_or_fall_below_zero_are_refused() {
        let mut below = Vec::new();
        put_signed(&mut below, -1);
        put_signed(&mut below, -5);
        assert_eq!(read_deltas(&below, &mut RunBudget::new()), Err(ChunkError::Number));
        let mut over = Vec::new();
        put_signed(&mut over, 2);
        put_signed(&mut over, i64::MAX);
        assert_eq!(read_deltas(&over, &mut RunBudget::new()), Err(ChunkError::Number));
    }
}
