//! The people of a simulation with their phones, and how each comes into the circle.

use super::{ledger::NAME, plan::Plan, scene::Scene, shelf::Shelf};
use crate::{
    network::World,
    phone::{Role, Stage},
};
use anyhow::Result;
use shared::Action;

/// Somebody, and how far they have come.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact by itself")]
#[derive(Clone, Debug)]
pub struct Member {
    /// What they are called in the circle; a typed word like every other.
    pub name: String,
    pub role: Role,
    pub phone: usize,
    pub way: Way,
    /// The link they were sent; they still have the message.
    pub link: String,
    /// Their phone was set up from the disk of this one.
    pub copy_of: Option<usize>,
    /// It is another phone of this person's, by a pairing or by their recovery kit.
    pub second_of: Option<usize>,
    /// They were here before, lost this only phone, and are sent a link that names them.
    pub fresh: Option<usize>,
    /// It came by their kit.
    pub restored: bool,
    /// When they last looked was shared before they lost a phone.
    pub looked: bool,
    /// The words on the paper of their recovery kit.
    pub kit: Vec<String>,
    /// The phone is lost: switched off, and nobody knows where.
    pub lost: bool,
    /// Their keys serve a program of their own.
    pub outlaw: bool,
    /// They came by a link that cannot be used: they never come in.
    pub uninvited: bool,
    /// They were taken out, or went.
    pub gone: bool,
    /// They pressed the button to go.
    pub left: bool,
    /// The phone went on from an old copy of its disk.
    pub went_back: bool,
}

/// The way into a circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    Outside,
    /// The coordinator has asked for a link.
    Asked,
    /// The link was opened.
    Opened,
    /// The name was given; words may have to be compared.
    Named,
    In,
}

impl Member {
    pub fn new(name: String, role: Role, phone: usize) -> Self {
        let link = String::new();
        let (copy_of, second_of, way, kit) = (None, None, Way::Outside, Vec::new());
        let (restored, looked, lost, fresh) = (false, false, false, None);
        let (outlaw, uninvited, gone, left, went_back) = (false, false, false, false, false);
        Self {
            name,
            role,
            phone,
            way,
            link,
            copy_of,
            second_of,
            fresh,
            restored,
            looked,
            kit,
            lost,
            outlaw,
            uninvited,
            gone,
            left,
            went_back,
        }
    }

    /// The member whose phone it is, by their first phone.
    pub fn person(&self, own: usize) -> usize {
        self.second_of.or(self.copy_of).unwrap_or(own)
    }

    /// Whether they belong to the circle, as far as their phone knows.
    pub fn is_in(&self) -> bool {
        self.way == Way::In && !self.gone
    }

    /// Whether their phone is what it should be.
    pub fn is_honest(&self) -> bool {
        !self.outlaw && !self.uninvited
    }
}

/// Everybody with a phone; the first has started the circle.
pub fn gather(world: &mut World, plan: &Plan) -> Result<Vec<Member>> {
    let mut members = Vec::new();
    for (index, one) in plan.people.iter().enumerate() {
        let phone = world.add_phone(one.kind, "en-GB", one.skew_ms);
        let name = format!("{NAME}{index}{}", one.name);
        let way = if index == 0 { Way::In } else { Way::Outside };
        let role = one.role;
        members.push(Member::new(name, role, phone));
        members[index].way = way;
    }
    world.person(members[0].phone).start_circle(&format!("{NAME}Rose"), &members[0].name.clone())?;
    Ok(members)
}

/// Goes one step further into the circle, if everything that it takes is there. Gives whether something was done.
fn advance(world: &mut World, members: &mut [Member], who: usize, host: usize) -> Result<bool> {
    let (role, phone, name) = (members[who].role, members[who].phone, members[who].name.clone());
    if !world.phones()[host].is_running() || !world.phones()[phone].is_running() {
        return Ok(false);
    }
    if who > 0 && members[who].way != Way::In && !world.person(phone).sees()?.0.tabs.is_empty() {
        members[who].way = Way::In;
        return Ok(true);
    }
    let next = match members[who].way {
        Way::Outside => {
            let waits = members.iter().any(|member| member.way == Way::Asked);
            let asked = |world: &mut World| {
                let mut host = world.person(host);
                if members[who].fresh.is_some() { host.fresh_link(&name) } else { host.invite(role, false) }
            };
            if waits || asked(world).is_err() {
                return Ok(false);
            }
            Way::Asked
        }
        Way::Asked => match world.person(host).link()? {
            // What is on the screen still is the link that led nowhere.
            Some(link) if link == members[who].link => {
                members[who].way = Way::Outside;
                return Ok(false);
            }
            Some(link) => {
                world.person(phone).open_link(&link);
                members[who].link = link;
                Way::Opened
            }
            // The host's app went down or went elsewhere before the link came: asks again.
            None if !world.person(host).sees()?.path().starts_with("/circle/invitation") => {
                members[who].way = Way::Outside;
                return Ok(false);
            }
            None => return Ok(false),
        },
        Way::Opened | Way::Named if world.person(phone).sees()?.leads_nowhere() => {
            // Too late, or whoever invited them lost the right to: they ask for another link.
            members[who].way = Way::Outside;
            return Ok(false);
        }
        Way::Opened => {
            if members[who].fresh.is_some() && world.person(phone).press(|act| *act == Action::Join).is_ok() {
                members[who].way = Way::Named;
                return Ok(true);
            }
            if world.person(phone).sees()?.fields().iter().all(|field| field.id != "name") {
                // Nothing of it was stored, because there was no room: they tap the link again.
                if Shelf::of(world.phones()[phone].disk.pairs()).is_err() {
                    let link = members[who].link.clone();
                    world.person(phone).open_link(&link);
                }
                return Ok(false);
            }
            world.person(phone).join(&name)?;
            Way::Named
        }
        Way::Named => {
            let sight = world.person(phone).sees()?;
            let words = sight.words();
            if !words.is_empty() {
                // Whoever lets people in waits for a link they asked for before they look who is there: on another
                // screen it would not be seen. Whether it was done shows later; asked once a round.
                if members.iter().all(|member| member.way != Way::Asked) {
                    let _ = world.person(host).admit(&words);
                }
                return Ok(false);
            }
            // The form stands again if the wish did not get through: next time once more.
            if sight.actions().iter().any(|(_, act)| *act == Action::Join) {
                members[who].way = Way::Opened;
            }
            return Ok(false);
        }
        Way::In => return Ok(false),
    };
    members[who].way = next;
    Ok(true)
}

/// Brings everybody in whose time has come, as far as it goes.
pub fn advance_all(scene: &mut Scene, due: impl Fn(usize) -> bool) -> Result<()> {
    let waits = |member: &Member| {
        let by_invitation = member.copy_of.is_none() && member.second_of.is_none();
        member.way != Way::In && by_invitation && member.is_honest() && !member.lost
    };
    scene.learn_who_came_again();
    if !scene.members.iter().any(waits) {
        return Ok(());
    }
    scene.learn_roles();
    let Some(host) = scene.host() else { return Ok(()) };
    let Scene { world, members, ledger, .. } = scene;
    for who in 1..members.len() {
        if due(who) && waits(&members[who]) {
            while advance(world, members, who, host)? {}
            if members[who].fresh.is_some() && members[who].way == Way::In {
                ledger.count("come back by a fresh link");
            }
        }
    }
    Ok(())
}
