//! Membership actions that wait: what they are, when they happen, and taking them back.

use super::{
    BlockView, Emphasis, Tone,
    onboarding::role_code,
    parts::{self, banner, button},
};
use crate::{
    event::Action,
    model::{Membership, Model},
};
use kith_protocol::Role;
use kith_replica::{SharingStatus, Wished};

/// A banner for each wish that is asked for.
pub fn wishes(model: &Model, membership: &Membership, wanted: impl Fn(&Wished) -> bool) -> Vec<BlockView> {
    let text = &model.text;
    let status = membership.status();
    let offline = matches!(status, SharingStatus::Offline { .. } | SharingStatus::Opening);
    let when = match status {
        SharingStatus::ServerFull => text.get("wish-when-room"),
        _ if offline => text.get("wish-when-reception"),
        _ => text.get("wish-now"),
    };
    let waiting = membership.replica.wishes().into_iter().filter(|(_, wish)| wanted(wish));
    waiting
        .map(|(n, wish)| {
            let title = said(model, membership, &wish);
            // It may have happened already, so nobody is told that it was taken back.
            if membership.replica.wish_sent(n) {
                let detail = if offline { text.get("wish-sent") } else { when.clone() };
                return banner(Tone::Amber, "hourglass", title, detail, Vec::new());
            }
            let back =
                button(text.get("take-back"), "undo-2", Emphasis::Normal, Action::TakeBack { wish: n });
            banner(Tone::Amber, "hourglass", title, when.clone(), vec![back])
        })
        .collect()
}

fn said(model: &Model, membership: &Membership, wish: &Wished) -> String {
    let text = &model.text;
    let name = |member: &kith_protocol::MemberNumber| parts::who(text, membership, Some(member.0));
    let named = |key: &str, member| text.with(key, &[("name", (&name(member)).into())]);
    let role = |role: &Role| text.get(&format!("role-{}", role_code(*role)));
    match wish {
        Wished::Invite(invited) => text.with("wish-invite", &[("role", (&role(invited)).into())]),
        Wished::CancelInvite(_) => text.get("wish-cancel-invite"),
        Wished::Admit(member) => named("wish-admit", member),
        Wished::Refuse(member) => named("wish-refuse", member),
        Wished::SetRole(member, new) => {
            text.with("wish-set-role", &[("name", (&name(member)).into()), ("role", (&role(new)).into())])
        }
        Wished::Remove(member) => named("wish-remove", member),
        Wished::Leave => text.get("wish-leave"),
        Wished::RotateKeys => text.get("wish-rotate-keys"),
        Wished::Settings => text.get("wish-settings"),
        Wished::AddDevice => text.get("wish-add-device"),
        Wished::RevokeDevice(_) => text.get("wish-revoke-device"),
        Wished::Move(host) => text.with("wish-move", &[("host", host.into())]),
        Wished::MakeKit => text.get("wish-make-kit"),
        Wished::AnnounceClosing { .. } => text.get("wish-announce-closing"),
        Wished::KeepOpen => text.get("wish-keep-open"),
        Wished::Close => text.get("wish-close"),
    }
}

/// Whether a wish is about somebody's devices.
pub fn of_devices(wish: &Wished) -> bool {
    matches!(wish, Wished::AddDevice | Wished::RevokeDevice(_) | Wished::MakeKit)
}

/// Whether a wish is about this member.
pub fn concerns(wish: &Wished, member: u32) -> bool {
    match wish {
        Wished::SetRole(about, _) | Wished::Remove(about) | Wished::Admit(about) | Wished::Refuse(about) => {
            about.0 == member
        }
        _ => false,
    }
}
