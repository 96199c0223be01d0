//! Who changed what, and when, latest first.

use super::{
    BlockView, Tone,
    log::listed,
    parts::{self, row, section},
};
use crate::model::{Membership, Model};
use kith_document::Scalar;
use kith_domain::HistoryChange;

/// The history of an entry or a task, once it was read; nothing before.
pub fn section_of(
    model: &Model,
    membership: &Membership,
    id: &str,
    label: &dyn Fn(&str) -> String,
) -> Option<BlockView> {
    let item = id.split_once('.').map(|(_, item)| item)?;
    let ops = membership.history_of(item);
    let changes = kith_domain::history(&ops, &membership.roster());
    let rows: Vec<_> = changes
        .iter()
        .enumerate()
        .rev()
        .map(|(place, change)| {
            let when = change.clock.or(change.stamp).map(|at| model.clock().ago(at)).unwrap_or_default();
            let mut detail = when;
            if change.stamp.is_none() {
                detail = format!("{detail}, {}", model.text.get("waiting-to-be-shared"));
            }
            row(
                format!("change-{place}"),
                "history",
                Tone::Plain,
                said(model, membership, change, label),
                detail,
            )
        })
        .collect();
    (!rows.is_empty()).then(|| section(Some(model.text.get("entry-history")), rows))
}

fn said(
    model: &Model,
    membership: &Membership,
    change: &HistoryChange,
    label: &dyn Fn(&str) -> String,
) -> String {
    let text = &model.text;
    let who = parts::who(text, membership, change.by);
    let with_who = |key: &str| text.with(key, &[("who", (&who).into())]);
    if !change.counts {
        return with_who("history-no-right");
    }
    if change.fields.iter().any(|field| field.path.is_empty()) {
        return with_who("history-made");
    }
    let to =
        |name: &str| change.fields.iter().find(|field| field.path == [name]).map(|field| field.to.clone());
    let inside = |name: &str, value: bool| {
        change.fields.iter().any(|field| {
            field.path.len() == 2 && field.path[1] == name && field.to == Some(Scalar::Bool(value))
        })
    };
    let truth = |value| Some(Some(Scalar::Bool(value)));
    if to("arch") == truth(true) {
        return with_who("history-archived");
    }
    if to("arch") == truth(false) {
        return with_who("history-restored");
    }
    if to("done") == truth(true) {
        return with_who("history-done");
    }
    if to("done") == truth(false) {
        return with_who("history-reopened");
    }
    if inside("end", true) {
        return with_who("history-stood-down");
    }
    if change.fields.iter().any(|field| field.path.len() == 3) {
        return with_who("history-offered");
    }
    if change.fields.iter().any(|field| field.path.len() == 1 && field.to.is_none() && field.from.is_empty())
    {
        return with_who("history-claimed");
    }
    let names: Vec<String> =
        change.fields.iter().filter_map(|field| Some(label(field.path.first()?))).collect();
    text.with("history-changed", &[("who", (&who).into()), ("fields", (&listed(text, &names)).into())])
}
