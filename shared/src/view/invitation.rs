//! Inviting somebody: as what, and the link or code to give them.

use super::{
    BlockView, Emphasis, FieldKind, ScreenView, Tone,
    fields::{field, form_view, options},
    onboarding::{Whom, role_code, sees},
    parts::{banner, button, detail, soft, words},
    settings::qr,
};
use crate::{
    event::Action,
    model::{LASTS, MOST_USES, Membership, Model, invite_id},
};
use kith_protocol::Role;
use kith_replica::SharingStatus;

pub fn form(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let roles = [Role::Helper, Role::Friend, Role::Caregiver, Role::Professional];
    let codes: Vec<&str> =
        roles.into_iter().filter(|role| membership.may_invite(*role)).map(role_code).collect();
    let role = field(
        model,
        "role",
        "invite-role",
        true,
        FieldKind::Choice { options: options(model, "role", &codes) },
    );
    let uses = field(
        model,
        "uses",
        "invite-uses",
        true,
        FieldKind::Choice { options: options(model, "invite-uses", &["one", "family"]) },
    );
    let lasts: Vec<&str> = LASTS.iter().map(|(code, _)| *code).collect();
    let lasts = field(
        model,
        "lasts",
        "invite-lasts",
        true,
        FieldKind::Choice { options: options(model, "invite-lasts", &lasts) },
    );
    let mut fields = vec![role, uses];
    if model.form.as_ref().and_then(|form| form.choice("uses")).as_deref() == Some("family") {
        let kind = FieldKind::Number {
            unit: String::new(),
            min: 1,
            max: i64::from(MOST_USES),
            step: 1,
            decimals: 0,
        };
        fields.push(field(model, "count", "invite-count", true, kind));
    }
    fields.push(lasts);
    let chosen = model.form.as_ref().and_then(|form| form.choice("role"));
    let chosen = roles.into_iter().find(|role| chosen.as_deref() == Some(role_code(*role)));
    let mut blocks = vec![form_view(model, fields)];
    if let Some(role) = chosen {
        blocks.push(BlockView::Points(sees(text, role, Whom::They)));
        if matches!(role, Role::Caregiver | Role::Professional) {
            blocks.push(soft(text.get("invite-words-follow")));
        }
    }
    let mut shown = detail(text, text.get("invite-heading"), blocks);
    shown.primary = Some(button(text.get("invite-button"), "link", Emphasis::Primary, Action::Keep));
    shown
}

pub fn invitation(model: &Model, membership: &Membership, id: &str) -> ScreenView {
    let text = &model.text;
    let Some(link) = membership.links.get(id) else {
        let known = invite_id(id).is_some();
        let key = match membership.status() {
            SharingStatus::Offline { .. } => "invitation-offline",
            _ if known => "invitation-elsewhere",
            SharingStatus::ServerFull => "invitation-server-full",
            _ => "invitation-coming",
        };
        let mut blocks = vec![words(text.get(key))];
        if known {
            blocks.push(cancel(model, id));
        }
        return detail(text, text.get("invitation-heading"), blocks);
    };
    let mut blocks = vec![words(text.get("invitation-explain"))];
    blocks.extend(qr(text.get("invitation-qr"), link));
    blocks.push(BlockView::Buttons(vec![
        button(
            text.get("share-link"),
            "share-2",
            Emphasis::Primary,
            Action::ShareInvite { invite: id.into() },
        ),
        button(text.get("copy-link"), "copy", Emphasis::Normal, Action::CopyInvite { invite: id.into() }),
    ]));
    let access = membership.replica.access();
    let known = invite_id(id).and_then(|id| access.as_ref()?.invitation(&id).cloned());
    if let Some(known) = known {
        let until = model.clock().moment(known.invite.expires);
        let role = text.get(&format!("role-{}", role_code(known.invite.role)));
        let stands = [("role", (&role).into()), ("n", known.uses_left.into()), ("when", (&until).into())];
        blocks.push(soft(text.with("invitation-stands", &stands)));
        if !known.invite.direct {
            blocks.push(banner(
                Tone::Teal,
                "phone",
                text.get("words-title"),
                text.get("words-detail"),
                Vec::new(),
            ));
        }
    }
    blocks.push(cancel(model, id));
    blocks.push(soft(text.get("cancel-invite-explain")));
    detail(text, text.get("invitation-heading"), blocks)
}

fn cancel(model: &Model, id: &str) -> BlockView {
    let act = Action::CancelInvite { invite: id.into() };
    BlockView::Buttons(vec![button(model.text.get("cancel-invite"), "x", Emphasis::Danger, act)])
}
