//! The circle: who is in it, who waits, which invitations stand.

use super::{
    BlockView, Emphasis, RowView, ScreenKind, ScreenView, TagView, Tone,
    closing::of_closing,
    onboarding::role_code,
    parts::{self, banner, button, empty, initial, open, row, screen, section},
    wishes::{concerns, of_devices, wishes},
};
use crate::{
    event::{Action, Route},
    model::{Membership, Model, invite_name},
};
use kith_protocol::Role;

pub fn circle(model: &Model, membership: &Membership) -> ScreenView {
    let text = &model.text;
    let closed = membership.closed().is_some();
    let mut blocks = super::closing::news(model, membership);
    if !closed {
        blocks.extend(waiting(model, membership));
    }
    blocks.extend(super::today::step_in(model, membership));
    blocks.extend(wishes(model, membership, |wish| !of_devices(wish) && !of_closing(wish)));
    if !closed {
        blocks.extend(came_again(model, membership));
    }
    let people = people(model, membership);
    let alone = people.len() < 2;
    blocks.push(section(Some(text.get("circle-people")), people));
    let invitations = invitations(model, membership);
    if !invitations.is_empty() && !closed {
        blocks.push(section(Some(text.get("circle-invitations")), invitations));
    }
    let invite = membership
        .may_invite(Role::Helper)
        .then(|| button(text.get("invite"), "user-plus", Emphasis::Primary, open(Route::Invite)));
    if alone && !closed {
        let actions = invite.clone().into_iter().collect();
        blocks.push(empty("users", text.get("circle-alone-title"), text.get("circle-alone-detail"), actions));
    } else {
        blocks.extend(invite.map(|invite| BlockView::Buttons(vec![invite])));
    }
    screen(ScreenKind::Tab, text.get("tab-circle"), blocks)
}

/// Who asks to be let in, with the words to compare first.
fn waiting(model: &Model, membership: &Membership) -> Vec<BlockView> {
    let text = &model.text;
    let Some(access) = membership.replica.access() else { return Vec::new() };
    // What was decided and waits for reception stands among the wishes, where it can be taken back.
    let decided = membership.replica.wishes();
    let mut blocks = Vec::new();
    for join in access.pending_joins() {
        let is_decided = decided.iter().any(|(_, wish)| concerns(wish, join.member.0));
        if is_decided || !membership.may_invite(join.role) {
            continue;
        }
        let name = parts::who(text, membership, Some(join.member.0));
        let role = text.get(&format!("role-{}", role_code(join.role)));
        let title = text.with("admit-title", &[("name", (&name).into())]);
        let explain = text.with("admit-detail", &[("name", (&name).into()), ("role", (&role).into())]);
        blocks.push(banner(Tone::Amber, "user-plus", title, explain, Vec::new()));
        // The words stand before the answer that depends on them.
        if let Some(four) = membership.replica.four_words(join.member) {
            blocks.push(BlockView::Words(four.iter().map(|word| (*word).to_owned()).collect()));
        }
        blocks.push(BlockView::Buttons(vec![
            button(text.get("admit"), "check", Emphasis::Primary, Action::Admit { device: join.member.0 }),
            button(text.get("refuse"), "x", Emphasis::Normal, Action::Refuse { device: join.member.0 }),
        ]));
    }
    blocks
}

fn people(model: &Model, membership: &Membership) -> Vec<RowView> {
    let text = &model.text;
    let Some(access) = membership.replica.access() else { return Vec::new() };
    let heard = membership.replica.last_heard();
    let clock = model.clock();
    access
        .members()
        .filter_map(|member| {
            let role = member.role()?;
            let me = membership.me() == Some(member.number);
            let name = parts::who(text, membership, Some(member.number.0));
            let mut detail = text.get(&format!("role-{}", role_code(role)));
            if let Some(at) = heard.get(&member.number).filter(|_| !me) {
                let heard = text.with("last-heard", &[("when", (&clock.ago(*at)).into())]);
                detail = format!("{detail}, {heard}");
            }
            let mut one =
                row(format!("member-{}", member.number.0), "users", Tone::Teal, name.clone(), detail);
            one.face = initial(&name);
            one.open = Some(open(Route::Member { member: member.number.0 }));
            one.tag = me.then(|| TagView { label: text.get("you"), tone: Tone::Teal });
            Some(one)
        })
        .collect()
}

/// Two members of one name: perhaps one person with a lost phone and a new one.
fn came_again(model: &Model, membership: &Membership) -> Vec<BlockView> {
    let text = &model.text;
    let older = membership.active_members().into_iter().filter(|_| membership.is_coordinator());
    let twice = older.filter(|member| membership.came_again(member.number.0).is_some());
    twice
        .map(|member| {
            let name = membership.name_of(member.number.0);
            let title = text.with("came-again-title", &[("name", (&name).into())]);
            let mut shown = banner(Tone::Amber, "users", title, text.get("came-again-look"), Vec::new());
            if let BlockView::Banner(banner) = &mut shown {
                banner.open = Some(open(Route::Member { member: member.number.0 }));
            }
            shown
        })
        .collect()
}

fn invitations(model: &Model, membership: &Membership) -> Vec<RowView> {
    let text = &model.text;
    let Some(access) = membership.replica.access() else { return Vec::new() };
    let clock = model.clock();
    access
        .invitations(model.now_ms)
        .filter(|invitation| membership.may_invite(invitation.invite.role))
        .map(|invitation| {
            let name = invite_name(&invitation.invite.id);
            let role = text.get(&format!("role-{}", role_code(invitation.invite.role)));
            let until =
                text.with("invitation-until", &[("when", (&clock.moment(invitation.invite.expires)).into())]);
            let mut one = row(
                name.clone(),
                "link",
                Tone::Plain,
                text.with("invitation-for", &[("role", (&role).into())]),
                until,
            );
            one.open = Some(open(Route::Invitation { id: name }));
            one
        })
        .collect()
}
