//! One's own devices: which there are, another one by a code and four words, taking one out.

use super::{
    BlockView, Emphasis, FieldKind, OptionView, ScreenView, Tone,
    fields::{field, form_view},
    member::{device_name, device_row},
    onboarding::point,
    parts::{self, banner, button, detail, open, section, soft, words},
    settings::qr,
};
use crate::{
    event::{Action, Route},
    model::{Membership, Model, Pairing},
};
use kith_protocol::access::Device;
use kith_replica::{PairingEnd, SharingStatus, Wished};

pub fn devices(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let here = membership.my_device();
    let mine = membership.me().map(|me| membership.devices_of(me.0)).unwrap_or_default();
    let has_kit = mine.iter().any(|(n, _)| n.is_none());
    let rows = mine.iter().map(|(n, device)| {
        let mut one = device_row(model, membership, *n, device);
        one.open = match n {
            Some(_) if here == Some(device.number) => None,
            Some(_) => Some(open(Route::RevokeDevice { device: device.number.0 })),
            None => Some(open(Route::Kit)),
        };
        one
    });
    let mut blocks = super::wishes::wishes(model, membership, super::wishes::of_devices);
    blocks.push(section(None, rows.collect()));
    if mine.iter().any(|(_, device)| membership.added_by_gone(device).is_some()) {
        blocks.push(words(text.get("devices-by-gone")));
    }
    let mut buttons = vec![button(text.get("device-add"), "plus", Emphasis::Primary, Action::OfferDevice)];
    if !has_kit {
        buttons.push(button(text.get("kit-make"), "life-buoy", Emphasis::Normal, open(Route::Kit)));
    }
    blocks.push(BlockView::Buttons(buttons));
    blocks.push(soft(text.get("devices-explain")));
    detail(text, text.get("devices-heading"), blocks)
}

/// A link for another device, then the words that both show.
pub fn add(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let again = |label: &str| {
        BlockView::Buttons(vec![button(text.get(label), "plus", Emphasis::Primary, Action::OfferDevice)])
    };
    let stop = |label: &str| button(text.get(label), "x", Emphasis::Normal, Action::DeclineDevice);
    let offline = matches!(membership.status(), SharingStatus::Offline { .. });
    let adding = membership.replica.wishes().iter().any(|(_, wish)| *wish == Wished::AddDevice);
    let blocks = match &membership.pairing {
        None => vec![words(text.get("device-add-explain")), again("device-add")],
        // Taken back, or over already.
        Some(Pairing::Confirmed) if !adding => {
            vec![words(text.get("device-add-explain")), again("device-again")]
        }
        Some(Pairing::Asked) => {
            let key = if offline { "device-offline" } else { "device-coming" };
            vec![words(text.get(key)), BlockView::Buttons(vec![stop("device-stop")])]
        }
        Some(Pairing::Ready { link, expires }) => {
            let mut blocks = vec![words(text.get("device-ready"))];
            blocks.extend(qr(text.get("device-qr"), link));
            blocks.push(BlockView::Buttons(vec![
                button(text.get("share-link"), "share-2", Emphasis::Normal, Action::SharePairing),
                button(text.get("copy-link"), "copy", Emphasis::Normal, Action::CopyPairing),
                stop("device-stop"),
            ]));
            let until = model.clock().moment(*expires);
            blocks.push(soft(text.with("device-until", &[("when", (&until).into())])));
            blocks
        }
        Some(Pairing::Answered { words: four }) => vec![
            words(text.get("device-compare")),
            BlockView::Words(four.iter().map(|word| (*word).to_owned()).collect()),
            BlockView::Buttons(vec![
                button(text.get("device-confirm"), "check", Emphasis::Primary, Action::ConfirmDevice),
                stop("device-decline"),
            ]),
        ],
        Some(Pairing::Confirmed) => {
            vec![words(text.get(if offline { "device-adding-offline" } else { "device-adding" }))]
        }
        Some(Pairing::Ended(end)) => {
            let key = match end {
                PairingEnd::NotGenuine => "device-not-genuine",
                _ => "device-expired",
            };
            vec![words(text.get(key)), again("device-again")]
        }
    };
    detail(text, text.get("device-add-heading"), blocks)
}

/// Taking a device out: says what will be gone, and asks once.
pub fn revoke(model: &Model, membership: &Membership, number: u32) -> ScreenView {
    let text = &model.text;
    let access = membership.replica.access();
    let owner = access.and_then(|access| access.member_of(kith_protocol::DeviceNumber(number)));
    let known = owner.and_then(|owner| {
        let all = membership.devices_of(owner.0);
        let (n, _) = all.iter().find(|(_, device)| device.number.0 == number)?;
        Some((owner, *n, all.iter().filter(|(n, _)| n.is_some()).count()))
    });
    let Some((owner, n, phones)) = known else { return super::build::not_found(model) };
    let mine = membership.me() == Some(owner);
    let here = membership.my_device().is_some_and(|here| here.0 == number);
    if here || !(mine || membership.is_coordinator()) {
        return super::build::not_found(model);
    }
    let name = parts::who(text, membership, Some(owner.0));
    let device = device_name(model, n);
    let heading = if mine {
        text.with("revoke-own-heading", &[("device", (&device).into())])
    } else {
        text.with("revoke-heading", &[("device", (&device).into()), ("name", (&name).into())])
    };
    let mut points = vec![if n.is_none() {
        point("life-buoy", Tone::Amber, text.get("revoke-kit"))
    } else {
        point("smartphone", Tone::Amber, text.get("revoke-phone"))
    }];
    if n.is_some() {
        let links = if mine {
            text.get("role-links-own")
        } else {
            text.with("role-links", &[("name", (&name).into())])
        };
        points.push(point("unlink", Tone::Amber, links));
        points.push(point("eye", Tone::Plain, text.get("revoke-read")));
    }
    let mut blocks = super::wishes::wishes(model, membership, super::wishes::of_devices);
    if !mine && n.is_some() && phones == 1 {
        let explain = text.with("revoke-last", &[("name", (&name).into())]);
        blocks.push(banner(Tone::Amber, "info", text.get("revoke-last-title"), explain, Vec::new()));
    }
    blocks.push(BlockView::Points(points));
    blocks.extend(also(model, membership, number));
    let mut shown = detail(text, heading, blocks);
    let act = Action::RevokeDevice { device: number };
    shown.primary = Some(button(text.get("revoke-button"), "x", Emphasis::Danger, act));
    shown
}

/// Whoever had it in hand may have added others, which are not taken out by themselves.
fn also(model: &Model, membership: &Membership, number: u32) -> Option<BlockView> {
    let added = membership.added_by(number);
    let label = |n: Option<usize>, device: &Device| {
        let row = device_row(model, membership, n, device);
        format!("{} – {}", row.title, row.detail)
    };
    let options: Vec<OptionView> = added
        .iter()
        .map(|(n, device)| OptionView { id: device.number.0.to_string(), label: label(*n, device) })
        .collect();
    if options.is_empty() {
        return None;
    }
    let mut chosen = field(model, "also", "revoke-also", false, FieldKind::Choices { options });
    chosen.hint = model.text.get("revoke-also-hint");
    Some(form_view(model, vec![chosen]))
}
