//! Settings of this device and of the circle, the circles on it, and about Kith.

use super::{
    BlockView, ChipView, ChipsView, Emphasis, FieldKind, FieldView, OptionView, QrView, RowView, ScreenKind,
    ScreenView, Tone,
    fields::{field, form_view, line},
    parts::{back, banner, button, detail, initial, open, row, screen, section, soft, who, words},
    wishes::wishes,
};
use crate::{
    event::{Action, Route, Theme},
    model::{Membership, Model, NOBODY, Settings},
    text::Locale,
};
use kith_protocol::Role;
use kith_replica::Wished;

pub fn settings(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let theme = model.settings.theme();
    let themes = [
        (Theme::System, "theme-system"),
        (Theme::Light, "theme-light"),
        (Theme::Dark, "theme-dark"),
        (Theme::Night, "theme-night"),
    ];
    let themes =
        themes.map(|(one, key)| chip(text.get(key), one == theme, Action::ChooseTheme { theme: one }));
    let sizes = Settings::TEXT_SIZES.map(|percent| {
        let label = text.with("text-size-percent", &[("n", percent.into())]);
        chip(label, percent == model.settings.text_percent(), Action::ChooseTextSize { percent })
    });
    let chosen = model.settings.language.as_deref();
    let mut languages = vec![chip(
        text.get("language-device"),
        chosen.is_none(),
        Action::ChooseLanguage { tag: String::new() },
    )];
    languages.extend(Locale::ALL.map(|locale| {
        let label = text.get(&format!("language-{}", locale.tag()));
        chip(label, chosen == Some(locale.tag()), Action::ChooseLanguage { tag: locale.tag().into() })
    }));
    let mut blocks = vec![
        chips(text.get("settings-theme"), true, themes.to_vec()),
        chips(text.get("settings-text-size"), true, sizes.to_vec()),
        chips(text.get("settings-language"), false, languages),
    ];
    let mut rows = Vec::new();
    if membership.my_role() == Some(Role::Coordinator) {
        let mut circle = row(
            "circle",
            "users",
            Tone::Teal,
            text.get("settings-circle"),
            text.get("settings-circle-detail"),
        );
        circle.open = Some(open(Route::CircleSettings));
        rows.push(circle);
    }
    if membership.ended().is_none() {
        let phones = membership.me().map(|me| membership.devices_of(me.0).len()).unwrap_or_default();
        let counted = text.with("settings-devices-count", &[("n", phones.into())]);
        let mut devices = row("devices", "smartphone", Tone::Teal, text.get("devices-heading"), counted);
        devices.open = Some(open(Route::Devices));
        rows.push(devices);
    }
    let n = membership.drawer.len();
    let waiting =
        if n == 0 { text.get("not-shared-none") } else { text.with("not-shared-count", &[("n", n.into())]) };
    let mut drawer = row("not-shared", "inbox", Tone::Plain, text.get("not-shared-heading"), waiting);
    drawer.open = Some(open(Route::NotShared));
    rows.push(drawer);
    let host = membership.replica.host();
    let mut server = row("server", "server", Tone::Plain, text.get("settings-server"), host);
    server.open = Some(open(Route::Server));
    rows.push(server);
    rows.extend(going(model, membership));
    let mut about =
        row("about", "info", Tone::Plain, text.get("about-heading"), text.get("settings-about-detail"));
    about.open = Some(open(Route::About));
    rows.push(about);
    blocks.push(section(Some(text.get("settings-more")), rows));
    if model.launch.as_ref().is_some_and(|launch| !launch.persistent) {
        blocks.push(banner(
            Tone::Amber,
            "smartphone",
            text.get("persist-title"),
            text.get("persist-detail"),
            vec![button(text.get("persist-button"), "check", Emphasis::Normal, Action::KeepStorage)],
        ));
    }
    detail(text, text.get("settings"), blocks)
}

/// Leaving, and clearing from this phone.
fn going(model: &Model, membership: &Membership) -> Vec<RowView> {
    let text = &model.text;
    let mut rows = Vec::new();
    if membership.ended().is_none() {
        let mut leave = row("leave", "log-out", Tone::Plain, text.get("leave"), text.get("leave-detail"));
        leave.open = Some(open(Route::Leave));
        rows.push(leave);
    }
    let mut erase = row("erase", "trash-2", Tone::Plain, text.get("erase"), text.get("erase-detail"));
    erase.open = Some(open(Route::Erase));
    rows.push(erase);
    rows
}

pub fn circle(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let mut zone = line(model, "zone", "circle-zone", 64, "");
    zone.hint = text.get("circle-zone-hint");
    let yes_no = FieldKind::YesNo { yes: text.get("yes"), no: text.get("no") };
    let mut caregivers = field(model, "caregivers", "circle-caregivers", false, yes_no);
    caregivers.hint = text.get("circle-caregivers-hint");
    let mut fields = vec![line(model, "person", "start-person", 60, ""), zone, caregivers];
    fields.extend(heir(model, membership));
    let mut blocks = wishes(model, membership, |wish| matches!(wish, Wished::Settings | Wished::RotateKeys));
    blocks.push(form_view(model, fields));
    blocks.push(section(None, vec![super::locks::way(model), super::closing::way(model)]));
    let mut shown = detail(text, text.get("settings-circle"), blocks);
    shown.primary = Some(button(text.get("keep"), "check", Emphasis::Primary, Action::Keep));
    shown
}

/// Who stands in when the coordinators fall silent; there must be somebody to choose.
fn heir(model: &Model, membership: &Membership) -> Option<FieldView> {
    let text = &model.text;
    let others =
        membership.active_members().into_iter().filter(|member| membership.me() != Some(member.number));
    let mut people: Vec<OptionView> = others
        .map(|member| OptionView {
            id: member.number.0.to_string(),
            label: who(text, membership, Some(member.number.0)),
        })
        .collect();
    if people.is_empty() {
        return None;
    }
    people.insert(0, OptionView { id: NOBODY.into(), label: text.get("heir-nobody") });
    let mut heir = field(model, "heir", "circle-heir", false, FieldKind::Choice { options: people });
    heir.hint = text.get("circle-heir-hint");
    Some(heir)
}

/// The circles on this device, and the way to another.
pub fn circles(model: &Model) -> ScreenView {
    let text = &model.text;
    let rows = model
        .memberships
        .keys()
        .map(|id| {
            let known = model
                .settings
                .replicas
                .iter()
                .find(|known| known.id == *id)
                .map(|known| known.person.clone());
            let person =
                known.filter(|person| !person.is_empty()).unwrap_or_else(|| text.get("circle-without-name"));
            let here = model.current.as_deref() == Some(id);
            let detail = if here { text.get("circle-here") } else { String::new() };
            let mut one = row(id, "users", Tone::Teal, person.clone(), detail);
            one.face = initial(&person);
            one.open = Some(Action::SwitchCircle { replica: id.clone() });
            one
        })
        .collect();
    let buttons = BlockView::Buttons(vec![
        button(text.get("welcome-start"), "heart", Emphasis::Normal, open(Route::Start)),
        button(text.get("welcome-invited"), "link", Emphasis::Normal, open(Route::Paste)),
    ]);
    detail(text, text.get("circles-heading"), vec![section(None, rows), buttons])
}

pub fn about(model: &Model) -> ScreenView {
    let text = &model.text;
    let version = text.with("about-version", &[("version", env!("CARGO_PKG_VERSION").into())]);
    let blocks = vec![
        words(text.get("about-what")),
        words(text.get("about-private")),
        words(text.get("about-limits")),
        soft(text.get("about-licences")),
        soft(version),
    ];
    let mut shown = screen(ScreenKind::Detail, text.get("about-heading"), blocks);
    shown.back = Some(back(text));
    shown
}

pub fn chip(label: String, selected: bool, act: Action) -> ChipView {
    ChipView { label, selected, act }
}

pub fn chips(label: String, joined: bool, chips: Vec<ChipView>) -> BlockView {
    BlockView::Chips(ChipsView { label, joined, chips })
}

/// A code to scan; none when the text is too long for one.
pub fn qr(label: String, content: &str) -> Option<BlockView> {
    let code = qrcodegen::QrCode::encode_text(content, qrcodegen::QrCodeEcc::Medium).ok()?;
    let side = code.size();
    let modules =
        (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).map(|(x, y)| u8::from(code.get_module(x, y)));
    Some(BlockView::Qr(QrView {
        size: u32::try_from(side).ok()?,
        modules: modules.collect(),
        label,
        text: content.to_owned(),
    }))
}
