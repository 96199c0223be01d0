//! Where the person is: a stack of routes that the core owns, and the paths that the web shows for them.

use crate::event::Route;

/// The stack; its top is on the screen. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    stack: Vec<Route>,
}

impl Default for Place {
    fn default() -> Self {
        Self { stack: vec![Route::Welcome] }
    }
}

impl Place {
    /// How deep the way back can be.
    const DEPTH: usize = 32;

    pub fn top(&self) -> &Route {
        self.stack.last().unwrap_or(&Route::Welcome)
    }

    pub fn below(&self) -> Option<&Route> {
        self.stack.len().checked_sub(2).and_then(|index| self.stack.get(index))
    }

    /// Opens a route. A tab replaces the stack; a route that is in the stack already is gone back to.
    pub fn open(&mut self, route: Route) {
        if is_root(&route) {
            self.stack.clear();
        } else if let Some(index) = self.stack.iter().position(|open| *open == route) {
            self.stack.truncate(index);
        }
        self.stack.push(route);
        if self.stack.len() > Self::DEPTH {
            self.stack.remove(1);
        }
    }

    /// Takes the top's place.
    pub fn replace(&mut self, route: Route) {
        self.stack.pop();
        self.open(route);
    }

    /// One back; false at the bottom.
    pub fn back(&mut self) -> bool {
        if self.stack.len() > 1 {
            self.stack.pop();
            return true;
        }
        false
    }

    pub fn depth(&self) -> usize {
        self.stack.len()
    }
}

fn is_root(route: &Route) -> bool {
    matches!(route, Route::Welcome | Route::Today | Route::Log | Route::Tasks | Route::Circle)
}

/// The path of a route, for the address bar and as the identity of a screen.
pub fn path_of_route(route: &Route) -> String {
    match route {
        Route::Welcome => "/welcome".into(),
        Route::Start => "/start".into(),
        Route::Paste => "/paste".into(),
        Route::Join => "/join".into(),
        Route::Circles => "/circles".into(),
        Route::Today => "/today".into(),
        Route::QuickLog => "/log/new".into(),
        Route::AllKinds => "/log/kinds".into(),
        Route::Log => "/log".into(),
        Route::LogEntry { id } => format!("/log/{id}"),
        Route::LogForm { kind, id: None } => format!("/log/new/{kind}"),
        Route::LogForm { id: Some(id), .. } => format!("/log/{id}/edit"),
        Route::Tasks => "/tasks".into(),
        Route::TaskForm { id: Some(id), .. } => format!("/tasks/{id}/edit"),
        Route::TaskForm { id: None, .. } => "/tasks/new".into(),
        Route::TaskDetail { id } => format!("/tasks/{id}"),
        Route::HandOver { id } => format!("/tasks/{id}/hand-over"),
        Route::Circle => "/circle".into(),
        Route::Member { member } => format!("/circle/member/{member}"),
        Route::ChangeRole { member } => format!("/circle/member/{member}/role"),
        Route::RemoveMember { member } => format!("/circle/member/{member}/remove"),
        Route::Invite => "/circle/invite".into(),
        Route::Invitation { id } => format!("/circle/invitation/{id}"),
        Route::Settings => "/settings".into(),
        Route::CircleSettings => "/settings/circle".into(),
        Route::RenewKeys => "/settings/circle/locks".into(),
        Route::Closing => "/settings/circle/closing".into(),
        Route::Server => "/settings/server".into(),
        Route::NotShared => "/settings/not-shared".into(),
        Route::Sharing => "/settings/sharing".into(),
        Route::Leave => "/settings/leave".into(),
        Route::Erase => "/settings/erase".into(),
        Route::Devices => "/settings/devices".into(),
        Route::AddDevice => "/settings/devices/add".into(),
        Route::RevokeDevice { device } => format!("/settings/devices/{device}"),
        Route::Kit => "/settings/kit".into(),
        Route::KitCheck => "/settings/kit/check".into(),
        Route::SecondDevice => "/second".into(),
        Route::Restore => "/restore".into(),
        Route::About => "/settings/about".into(),
    }
}

/// The route of a path that somebody opened from outside; none for what needs more than the path tells.
pub fn route_of_path(path: &str) -> Option<Route> {
    let clean = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let parts: Vec<&str> = clean.split('/').collect();
    Some(match parts.as_slice() {
        ["welcome"] => Route::Welcome,
        ["start"] => Route::Start,
        ["paste"] => Route::Paste,
        ["circles"] => Route::Circles,
        ["" | "today"] => Route::Today,
        ["log"] => Route::Log,
        ["log", "new"] => Route::QuickLog,
        ["log", "kinds"] => Route::AllKinds,
        ["log", "new", kind] => Route::LogForm { kind: (*kind).into(), id: None },
        ["log", id] => Route::LogEntry { id: (*id).into() },
        ["tasks"] => Route::Tasks,
        ["tasks", "new"] => Route::TaskForm { id: None, kind: None },
        ["tasks", id, "edit"] => Route::TaskForm { id: Some((*id).into()), kind: None },
        ["tasks", id, "hand-over"] => Route::HandOver { id: (*id).into() },
        ["tasks", id] => Route::TaskDetail { id: (*id).into() },
        ["circle"] => Route::Circle,
        ["circle", "member", member] => Route::Member { member: member.parse().ok()? },
        ["circle", "member", member, "role"] => Route::ChangeRole { member: member.parse().ok()? },
        ["circle", "member", member, "remove"] => Route::RemoveMember { member: member.parse().ok()? },
        ["circle", "invite"] => Route::Invite,
        ["circle", "invitation", id] => Route::Invitation { id: (*id).into() },
        ["settings"] => Route::Settings,
        ["settings", "circle"] => Route::CircleSettings,
        ["settings", "circle", "locks"] => Route::RenewKeys,
        ["settings", "circle", "closing"] => Route::Closing,
        ["settings", "server"] => Route::Server,
        ["settings", "not-shared"] => Route::NotShared,
        ["settings", "sharing"] => Route::Sharing,
        ["settings", "leave"] => Route::Leave,
        ["settings", "erase"] => Route::Erase,
        ["settings", "devices"] => Route::Devices,
        ["settings", "devices", "add"] => Route::AddDevice,
        ["settings", "devices", device] => Route::RevokeDevice { device: device.parse().ok()? },
        ["settings", "kit"] => Route::Kit,
        ["settings", "kit", "check"] => Route::KitCheck,
        ["settings", "about"] => Route::About,
        ["second"] => Route::SecondDevice,
        ["restore"] => Route::Restore,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_back_to_its_route() {
        let id = || "2026-11.abc".to_owned();
        for route in [
            Route::Welcome,
            Route::Today,
            Route::Log,
            Route::QuickLog,
            Route::LogEntry { id: id() },
            Route::LogForm { kind: "drink".into(), id: None },
            Route::Tasks,
            Route::TaskDetail { id: id() },
            Route::TaskForm { id: Some(id()), kind: None },
            Route::Circle,
            Route::Invite,
            Route::Settings,
            Route::NotShared,
            Route::Member { member: 3 },
            Route::ChangeRole { member: 3 },
            Route::RemoveMember { member: 3 },
            Route::Leave,
            Route::Erase,
            Route::Devices,
            Route::AddDevice,
            Route::RevokeDevice { device: 2 },
            Route::Kit,
            Route::KitCheck,
            Route::Sharing,
            Route::RenewKeys,
            Route::Closing,
            Route::Server,
            Route::SecondDevice,
            Route::Restore,
        ] {
            assert_eq!(route_of_path(&path_of_route(&route)), Some(route));
        }
        assert_eq!(route_of_path("/nowhere/at/all"), None);
    }

    #[test]
    fn a_tab_is_a_root_and_going_back_ends_there() {
        let mut place = Place::default();
        place.open(Route::Log);
        place.open(Route::LogEntry { id: "a".into() });
        place.open(Route::LogForm { kind: "note".into(), id: Some("a".into()) });
        place.open(Route::LogEntry { id: "a".into() });
        assert_eq!(place.depth(), 2, "what is open already is gone back to");
        assert!(place.back());
        assert!(!place.back());
        assert_eq!(place.top(), &Route::Log);
    }
}
