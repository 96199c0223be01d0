//! One person of the circle: as what they are here, what they see, since when and by whom, their phones; and what a
//! coordinator can do about it.

use super::{
    BlockView, Emphasis, RowView, ScreenView, TagView, Tone,
    onboarding::{Whom, role_code, sees},
    parts::{self, banner, button, detail, open, row, section, soft},
    wishes::{concerns, wishes},
};
use crate::{
    event::{Action, Route},
    model::{Membership, Model},
};
use kith_protocol::{
    Role,
    access::{Device, Member},
};

pub fn member(model: &Model, membership: &Membership, number: u32) -> ScreenView {
    let text = &model.text;
    let Some(member) = membership.active_member(number) else { return super::build::not_found(model) };
    let role = member.role().unwrap_or(Role::Friend);
    let name = parts::who(text, membership, Some(number));
    let me = membership.me() == Some(member.number);
    let mut blocks = wishes(model, membership, |wish| concerns(wish, number));
    blocks.extend(came_again(model, membership, number, &name));
    blocks.push(BlockView::Points(sees(text, role, if me { Whom::You } else { Whom::They })));
    blocks.push(section(None, facts(model, membership, &member)));
    blocks.push(section(Some(text.get("member-devices")), devices(model, membership, number)));
    if membership.is_coordinator() {
        blocks.extend(actions(model, role, number, &name, me));
    }
    let mut shown = detail(text, name, blocks);
    shown.lead = Some(text.get(&format!("role-{}", role_code(role))));
    shown.tag = me.then(|| TagView { label: text.get("you"), tone: Tone::Teal });
    shown
}

fn facts(model: &Model, membership: &Membership, member: &Member) -> Vec<RowView> {
    let text = &model.text;
    let clock = model.clock();
    let number = member.number;
    let mut rows = Vec::new();
    let mut fact = |id: &str, icon: &str, title: String, said: String| {
        rows.push(row(format!("fact-{id}"), icon, Tone::Plain, title, said));
    };
    let Some(access) = membership.replica.access() else { return rows };
    if let Some(since) = member.roles.first().and_then(|first| access.stamp_at(first.from)) {
        fact("since", "calendar", text.get("member-since"), clock.ago(since));
    }
    let by = member.invite.and_then(|id| access.invitation(&id).map(|known| known.by.0));
    match by {
        Some(by) => {
            fact("by", "user-plus", text.get("member-invited-by"), parts::who(text, membership, Some(by)));
        }
        None => fact("by", "heart", text.get("member-started"), text.get("member-started-detail")),
    }
    if let Some(by) = member.admitted_by {
        let admitted = member.roles.first().and_then(|first| access.stamp_at(first.from));
        let when = admitted.map(|at| clock.ago(at)).unwrap_or_default();
        let who = parts::who(text, membership, Some(by.0));
        let said = text.with("member-admitted-detail", &[("who", (&who).into()), ("when", (&when).into())]);
        fact("admitted", "shield-check", text.get("member-admitted"), said);
    }
    if membership.me() != Some(number) {
        let heard = membership.replica.last_heard().get(&number).copied();
        let heard = heard.map_or_else(|| text.get("member-never-heard"), |at| clock.ago(at));
        fact("heard", "radio", text.get("member-heard"), heard);
    }
    if access.settings().heir == Some(number) {
        fact("heir", "shield-check", text.get("member-heir"), text.get("member-heir-detail"));
    }
    rows
}

fn devices(model: &Model, membership: &Membership, member: u32) -> Vec<RowView> {
    let mine = membership.me().is_some_and(|me| me.0 == member);
    let all = membership.devices_of(member);
    let phones = all.iter().filter(|(_, device)| !device.recovery).count();
    let may_take_out = membership.is_coordinator() && !mine && phones > 1;
    let rows = all.iter().filter(|(n, _)| mine || n.is_some()).map(|(n, device)| {
        let mut one = device_row(model, membership, *n, device);
        if may_take_out {
            one.open = Some(open(Route::RevokeDevice { device: device.number.0 }));
        }
        one
    });
    rows.collect()
}

/// A phone, or a recovery kit, with since when it belongs to the circle.
pub fn device_row(model: &Model, membership: &Membership, n: Option<usize>, device: &Device) -> RowView {
    let text = &model.text;
    let here = membership.my_device() == Some(device.number);
    let access = membership.replica.access();
    let since = device.from.and_then(|from| access.as_ref()?.stamp_at(from));
    let gone = membership.added_by_gone(device);
    let since = since.map(|at| {
        let when = model.clock().ago(at);
        match gone {
            Some(by) => {
                let by = device_name(model, by);
                text.with("device-by-gone", &[("when", (&when).into()), ("device", (&by).into())])
            }
            None => text.with("device-since", &[("when", (&when).into())]),
        }
    });
    let icon = if device.recovery { "life-buoy" } else { "smartphone" };
    let mut one = row(
        format!("device-{}", device.number.0),
        icon,
        if gone.is_some() { Tone::Amber } else { Tone::Teal },
        device_name(model, n),
        since.unwrap_or_default(),
    );
    one.tag = here.then(|| TagView { label: text.get("device-this"), tone: Tone::Teal });
    one
}

pub fn device_name(model: &Model, n: Option<usize>) -> String {
    match n {
        Some(n) => model.text.with("device-phone", &[("n", n.into())]),
        None => model.text.get("device-kit"),
    }
}

/// Perhaps the same person with a new phone: the older one can be taken out.
fn came_again(model: &Model, membership: &Membership, number: u32, name: &str) -> Option<BlockView> {
    let text = &model.text;
    let newer = membership.came_again(number).filter(|_| membership.is_coordinator())?;
    let access = membership.replica.access()?;
    let at = newer.roles.first().and_then(|first| access.stamp_at(first.from))?;
    let when = model.clock().ago(at);
    let explain = text.with("came-again-detail", &[("name", name.into()), ("when", (&when).into())]);
    let act = open(Route::RemoveMember { member: number });
    let take_out = button(text.get("came-again-button"), "user-minus", Emphasis::Normal, act);
    let title = text.with("came-again-title", &[("name", name.into())]);
    Some(banner(Tone::Amber, "users", title, explain, vec![take_out]))
}

fn actions(model: &Model, role: Role, number: u32, name: &str, me: bool) -> Vec<BlockView> {
    let text = &model.text;
    let change = button(
        text.get("role-change"),
        "user-cog",
        Emphasis::Normal,
        open(Route::ChangeRole { member: number }),
    );
    if me {
        return vec![BlockView::Buttons(vec![change])];
    }
    let explain = if role == Role::Coordinator { "fresh-link-coordinator" } else { "fresh-link-detail" };
    vec![
        BlockView::Buttons(vec![
            change,
            button(
                text.with("fresh-link", &[("name", name.into())]),
                "link",
                Emphasis::Normal,
                Action::FreshLink { member: number },
            ),
        ]),
        soft(text.with(explain, &[("name", name.into())])),
        BlockView::Buttons(vec![button(
            text.with("remove-button", &[("name", name.into())]),
            "user-minus",
            Emphasis::Danger,
            open(Route::RemoveMember { member: number }),
        )]),
    ]
}
