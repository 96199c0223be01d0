//! "Not shared": what a person wrote that the others cannot have, readable, copyable, offered again.

use super::{
    Emphasis, ScreenView, Tone,
    parts::{button, detail, empty, row, section, words},
};
use crate::{
    event::Action,
    model::{Membership, Model},
};
use kith_document::{Scalar, Step};
use kith_replica::{DrawerEntry, DrawerReason};

/// Fields that hold a code, a time or a unit: not what a person wrote.
const CODES: [&str; 12] =
    ["kind", "t", "at", "when", "for", "rated", "quality", "mood", "zone", "lang", "phase", "after-at"];

pub fn drawer(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let heading = text.get("not-shared-heading");
    if membership.drawer.is_empty() {
        let block =
            empty("inbox", text.get("not-shared-empty"), text.get("not-shared-empty-detail"), Vec::new());
        return detail(text, heading, vec![block]);
    }
    let clock = model.clock();
    let rows = membership
        .drawer
        .iter()
        .rev()
        .map(|(n, entry)| {
            let why = match entry.why {
                DrawerReason::NoRight => "drawer-no-right",
                DrawerReason::DoesNotFit => "drawer-does-not-fit",
            };
            let said = drawer_text(entry);
            let title = if said.is_empty() { text.get("drawer-something") } else { said };
            let when = clock.ago(entry.written_at);
            let mut one = row(
                format!("drawer-{n}"),
                "file-text",
                Tone::Amber,
                title,
                format!("{when}. {}", text.get(why)),
            );
            one.actions = vec![
                button(text.get("copy"), "copy", Emphasis::Normal, Action::CopyDraft { drawer: *n }),
                button(
                    text.get("offer-again"),
                    "rotate-ccw",
                    Emphasis::Normal,
                    Action::OfferAgain { drawer: *n },
                ),
                button(text.get("let-go"), "trash-2", Emphasis::Danger, Action::DiscardDraft { drawer: *n }),
            ];
            one
        })
        .collect();
    detail(text, heading, vec![words(text.get("not-shared-explain")), section(None, rows)])
}

/// Every text that the person wrote in it, line by line.
pub fn drawer_text(entry: &DrawerEntry) -> String {
    let lines: Vec<&str> = entry
        .script
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Put { path, value: Scalar::Text(written) } => {
                // Codes are not what a person wrote.
                let field = path.last().map(String::as_str).unwrap_or_default();
                (!CODES.contains(&field)).then_some(written.as_str())
            }
            _ => None,
        })
        .filter(|written| !written.is_empty())
        .collect();
    lines.join("\n")
}
