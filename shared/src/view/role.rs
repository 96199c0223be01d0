//! What a member may do in the circle: another role, or no longer belonging to it. Both say first what follows.

use super::{
    BlockView, Emphasis, FieldKind, PointView, ScreenView, Tone,
    fields::{field, form_view, options},
    onboarding::{Whom, point, role_code, sees},
    parts::{self, banner, button, detail, open},
    wishes::{concerns, wishes},
};
use crate::{
    event::{Action, Route},
    model::{Membership, Model, role_of},
};
use kith_protocol::{Role, Stream};

const ROLES: [Role; 5] = [Role::Coordinator, Role::Caregiver, Role::Professional, Role::Helper, Role::Friend];

pub fn change(model: &Model, membership: &Membership, number: u32) -> ScreenView {
    let text = &model.text;
    let Some(member) = membership.active_member(number).filter(|_| membership.is_coordinator()) else {
        return super::build::not_found(model);
    };
    let now = member.role().unwrap_or(Role::Friend);
    let me = membership.me() == Some(member.number);
    let whom = if me { Whom::You } else { Whom::They };
    let name = parts::who(text, membership, Some(number));
    let mut blocks = wishes(model, membership, |wish| concerns(wish, number));
    let last = membership.is_last_coordinator(number);
    if last {
        let circle = button(text.get("tab-circle"), "users", Emphasis::Normal, open(Route::Circle));
        blocks.push(banner(
            Tone::Amber,
            "info",
            text.get("role-last-title"),
            text.get("role-last"),
            vec![circle],
        ));
    }
    let codes = ROLES.map(role_code);
    let kind = FieldKind::Choice { options: options(model, "role", &codes) };
    blocks.push(form_view(model, vec![field(model, "role", "invite-role", true, kind)]));
    let chosen = model.form.as_ref().and_then(|form| form.choice("role")).and_then(|code| role_of(&code));
    let new = chosen.unwrap_or(now);
    let mut points = follows(model, now, new, &name, whom);
    points.extend(sees(text, new, whom));
    blocks.push(BlockView::Points(points));
    let heading = match whom {
        Whom::You => text.get("role-change-own"),
        Whom::They => text.with("role-change-heading", &[("name", (&name).into())]),
    };
    let mut shown = detail(text, heading, blocks);
    let possible = new != now && !(last && new != Role::Coordinator);
    shown.primary =
        possible.then(|| button(text.get("role-change"), "check", Emphasis::Primary, Action::Keep));
    shown
}

/// What another role brings and takes away.
fn follows(model: &Model, now: Role, new: Role, name: &str, whom: Whom) -> Vec<PointView> {
    let text = &model.text;
    if now == new {
        return Vec::new();
    }
    let say = |key: &str| match whom {
        Whom::You => text.get(&format!("{key}-own")),
        Whom::They => text.with(key, &[("name", name.into())]),
    };
    let mut points = Vec::new();
    match (now.reads(Stream::Care), new.reads(Stream::Care)) {
        (true, false) => {
            points.push(point("eye-off", Tone::Amber, say("role-loses-log")));
            points.push(point("unlink", Tone::Amber, say("role-links")));
        }
        (false, true) => points.push(point("eye", Tone::Amber, say("role-gains-log"))),
        _ => {}
    }
    if now == Role::Coordinator {
        points.push(point("users", Tone::Amber, say("role-loses-deciding")));
    }
    points.push(point("check", Tone::Leaf, say("role-stays")));
    points
}

pub fn remove(model: &Model, membership: &Membership, number: u32) -> ScreenView {
    let text = &model.text;
    let me = membership.me().is_some_and(|me| me.0 == number);
    let known = membership.active_member(number).filter(|_| membership.is_coordinator() && !me);
    if known.is_none() {
        return super::build::not_found(model);
    }
    let name = parts::who(text, membership, Some(number));
    let say = |key: &str| text.with(key, &[("name", (&name).into())]);
    let mut blocks = wishes(model, membership, |wish| concerns(wish, number));
    blocks.push(BlockView::Points(vec![
        point("smartphone", Tone::Amber, say("remove-phone")),
        point("unlink", Tone::Amber, say("role-links")),
        point("eye", Tone::Plain, text.get("remove-read")),
        point("check", Tone::Leaf, say("role-stays")),
    ]));
    let mut shown = detail(text, say("remove-heading"), blocks);
    let act = Action::RemoveMember { member: number };
    shown.primary = Some(button(say("remove-button"), "user-minus", Emphasis::Danger, act));
    shown
}
