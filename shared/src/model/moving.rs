//! Where the circle is kept: an address is looked at before anything is decided, then the circle is moved there, or this
//! phone alone looks for it there; and a server that forgot the circle is given it back.

use super::{
    dispatch::Commands,
    membership::Membership,
    onboarding::host_of,
    replicas::{ask_http, web_origin},
    state::Model,
};
use crate::event::{HttpAnswered, Route};
use crux_http::protocol::HttpResult;
use kith_protocol::{
    VERSION,
    returning::{About, valid_host},
};
use kith_replica::{Input, Keeping, Method};

/// A server that somebody thinks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedAt {
    pub host: String,
    pub found: Found,
    /// Which request is to be answered.
    asked: u64,
}

/// What is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It was asked.
    Asking,
    /// It is a server that can keep the circle; its release.
    Good(String),
}

/// That the circle was moved to where it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovedBy {
    pub by: u32,
    /// When the server took that (Unix milliseconds).
    pub at: u64,
}

impl Membership {
    /// Who moved the circle to where it is kept now, or is going to be.
    pub(crate) fn moved(&self) -> Option<MovedBy> {
        let access = self.replica.access()?;
        let moved = access.moved()?;
        let to = access.moved_to()?;
        let here = to == self.replica.host() || self.keeping().leaving_for.as_deref() == Some(to);
        here.then_some(MovedBy { by: moved.by.0, at: access.stamp_at(moved.since)? })
    }

    pub(crate) fn keeping(&self) -> Keeping {
        self.replica.keeping()
    }
}

impl Model {
    /// Keeps the form with an address: looks whether a server is there that can keep the circle.
    pub(super) fn look_at_host(&mut self) -> Commands {
        let host = host_of(&self.form_text("host"));
        if !valid_host(&host) {
            return self.host_fault("server-fault-address", &host);
        }
        if self.membership().is_none_or(|membership| membership.replica.host() == host) {
            return self.host_fault("server-fault-here", &host);
        }
        let asked = self.next_edit;
        self.next_edit += 1;
        let url = format!("{}/v1/about", web_origin(&host));
        if let Some(membership) = self.membership_mut() {
            membership.looked_at = Some(LookedAt { host, found: Found::Asking, asked });
        }
        // No replica asks; the answer comes to `host_looked_at`.
        vec![ask_http(String::new(), asked, Method::Get, url, Vec::new())]
    }

    /// That server has answered, or nobody has.
    pub(super) fn host_looked_at(&mut self, answered: &HttpAnswered) -> Commands {
        let waiting = self.memberships.values_mut().find_map(|membership| {
            let asked = |looked: &mut LookedAt| looked.asked == answered.id && looked.found == Found::Asking;
            Some((membership.looked_at.take_if(asked)?, membership))
        });
        let Some((looked, membership)) = waiting else { return Commands::new() };
        let host = looked.host.clone();
        let fault = match about(&answered.result) {
            Err(fault) => fault,
            Ok(about) if !about.versions.contains(&VERSION) => "server-fault-version",
            Ok(about) if about.host != host => "server-fault-name",
            Ok(about) => {
                membership.looked_at = Some(LookedAt { found: Found::Good(about.release), ..looked });
                return Commands::new();
            }
        };
        if *self.place.top() == Route::Server { self.host_fault(fault, &host) } else { Commands::new() }
    }

    fn host_fault(&mut self, key: &str, host: &str) -> Commands {
        if let Some(membership) = self.membership_mut() {
            membership.looked_at = None;
        }
        let fault = self.text.with(key, &[("host", host.into())]);
        self.set_fault("host", fault);
        Commands::new()
    }

    /// The circle goes on at the server that was looked at, for everybody.
    pub(super) fn move_circle(&mut self) -> Commands {
        let decides = self.membership().is_some_and(Membership::is_coordinator);
        match self.looked_at().filter(|_| decides) {
            Some(host) => self.tell_current(Input::Move { host }),
            None => Commands::new(),
        }
    }

    /// This phone alone looks for the circle there.
    pub(super) fn follow_to(&mut self) -> Commands {
        match self.looked_at() {
            Some(host) => self.tell_current(Input::FollowTo { host }),
            None => Commands::new(),
        }
    }

    /// The old server does not answer any more: this phone goes to where the circle was moved.
    pub(super) fn go_on_there(&mut self) -> Commands {
        match self.membership().and_then(|membership| membership.keeping().leaving_for) {
            Some(host) => self.tell_current(Input::FollowTo { host }),
            None => Commands::new(),
        }
    }

    pub(super) fn give_back(&mut self) -> Commands {
        let decides = self.membership().is_some_and(Membership::is_coordinator);
        if decides { self.tell_current(Input::GiveBack) } else { Commands::new() }
    }

    /// The server that was looked at and is good; it is decided about now.
    fn looked_at(&mut self) -> Option<String> {
        let looked = self.membership_mut()?.looked_at.take_if(|looked| looked.found != Found::Asking)?;
        if let Some(form) = &mut self.form {
            form.values.clear();
        }
        Some(looked.host)
    }
}

fn about(result: &HttpResult) -> Result<About, &'static str> {
    match result {
        HttpResult::Ok(answer) if answer.status == 200 => {
            About::decode(&answer.body).map_err(|_| "server-fault-other")
        }
        HttpResult::Ok(_) => Err("server-fault-other"),
        HttpResult::Err(_) => Err("server-fault-silent"),
    }
}
