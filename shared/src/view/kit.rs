//! The recovery kit: made, written down, checked by three words, replaced or given up.

use super::{
    BlockView, Emphasis, FieldKind, ScreenView, Tone,
    fields::{field, form_view},
    onboarding::point,
    parts::{banner, button, detail, open, soft, words},
    settings::qr,
    wishes::wishes,
};
use crate::{
    event::{Action, Route},
    model::{KitMaking, Membership, Model},
};
use kith_replica::{SharingStatus, Wished};

pub fn kit(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let heading = text.get("device-kit");
    match &membership.kit {
        None if membership.replica.wishes().iter().any(|(_, wish)| *wish == Wished::MakeKit) => {
            let offline = matches!(membership.status(), SharingStatus::Offline { .. });
            let key = if offline { "kit-offline" } else { "kit-coming" };
            let mut blocks = vec![words(text.get(key))];
            blocks.extend(wishes(model, membership, |wish| *wish == Wished::MakeKit));
            detail(text, heading, blocks)
        }
        None => detail(text, heading, about(model, membership)),
        Some(KitMaking { device, words: listed, link, .. }) => {
            let mut blocks = vec![words(text.get("kit-ready"))];
            blocks.push(BlockView::Words(listed.iter().map(|word| (*word).to_owned()).collect()));
            blocks.push(soft(text.get("kit-qr-explain")));
            if let Some(BlockView::Qr(mut code)) = qr(text.get("kit-qr"), link) {
                // To be scanned from paper, not to be sent by a message.
                code.text = String::new();
                blocks.push(BlockView::Qr(code));
            }
            let give_up = open(Route::RevokeDevice { device: device.0 });
            let give_up = button(text.get("kit-revoke"), "x", Emphasis::Quiet, give_up);
            blocks.push(BlockView::Buttons(vec![give_up]));
            let mut shown = detail(text, heading, blocks);
            shown.primary =
                Some(button(text.get("kit-written"), "check", Emphasis::Primary, Action::CheckKit));
            shown
        }
    }
}

/// What it is for; and if there is one, since when, replacing it and giving it up.
fn about(model: &Model, membership: &Membership) -> Vec<BlockView> {
    let text = &model.text;
    let points = BlockView::Points(vec![
        point("life-buoy", Tone::Teal, text.get("kit-point-for")),
        point("lock", Tone::Plain, text.get("kit-point-safe")),
        point("x", Tone::Plain, text.get("kit-point-lost")),
    ]);
    let access = membership.replica.access();
    let newest = membership.kits().last().copied();
    let since = newest.and_then(|kit| {
        let access = access?;
        access.stamp_at(access.device(kit)?.from?)
    });
    let Some((kit, since)) = newest.zip(since) else {
        let make = button(text.get("kit-make"), "life-buoy", Emphasis::Primary, Action::MakeKit);
        return vec![points, BlockView::Buttons(vec![make])];
    };
    let when = model.clock().ago(since);
    let stands = text.with("kit-stands", &[("when", (&when).into())]);
    vec![
        banner(Tone::Leaf, "shield-check", stands, text.get("kit-stands-detail"), Vec::new()),
        points,
        BlockView::Buttons(vec![
            button(text.get("kit-replace"), "refresh-cw", Emphasis::Normal, Action::MakeKit),
            button(
                text.get("kit-revoke"),
                "x",
                Emphasis::Danger,
                open(Route::RevokeDevice { device: kit.0 }),
            ),
        ]),
    ]
}

/// Three words are typed back from the paper.
pub fn check(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let Some(KitMaking { asked, .. }) = &membership.kit else { return kit(model, membership) };
    let fields = asked.iter().map(|place| {
        let kind = FieldKind::Line { max_length: 40, purpose: "word".into() };
        let mut one = field(model, &format!("word-{place}"), "kit-check-heading", true, kind);
        one.label = text.with("kit-check-word", &[("n", place.saturating_add(1).into())]);
        one
    });
    let mut shown = detail(
        text,
        text.get("kit-check-heading"),
        vec![words(text.get("kit-check-explain")), form_view(model, fields.collect())],
    );
    shown.primary = Some(button(text.get("kit-check-button"), "check", Emphasis::Primary, Action::Keep));
    shown
}
