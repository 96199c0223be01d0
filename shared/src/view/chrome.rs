//! The frame around every screen: bar, sharing line, tabs, notice, undo.

use super::{BlockView, ButtonView, TagView, Tone};
use crate::event::{Action, Theme};
use facet::Facet;
use serde::{Deserialize, Serialize};

/// All that a shell draws. At most 64 kB serialised.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct ViewModel {
    pub appearance: Appearance,
    /// None before a circle is open.
    pub bar: Option<BarView>,
    pub tabs: Vec<TabView>,
    /// The URL path on the web, the identity of the back stack's top on phones. A change of it is a change of screen.
    pub path: String,
    /// The previous screen, if the back gesture should lead there.
    pub can_go_back: bool,
    pub screen: ScreenView,
    /// Under the thumb, for roles that may log.
    pub log_button: Option<ButtonView>,
    /// Said once, until dismissed or the next screen.
    pub notice: Option<NoticeView>,
    /// What was just kept, until the next entry or leaving the screen.
    pub undo: Option<UndoView>,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    pub theme: Theme,
    /// 100, 125, 150 or 200; multiplies the platform's own setting.
    pub text_percent: u32,
    /// BCP 47 of the texts in this view.
    pub language: String,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct BarView {
    /// The cared-for person's name.
    pub person: String,
    pub initial: String,
    /// Opens the list of circles.
    pub switch: ButtonView,
    pub sharing: SharingView,
    pub settings: ButtonView,
}

/// Is what was written with the others yet? Screen readers hear it only when `kind` changes.
#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SharingView {
    pub kind: SharingKind,
    pub icon: String,
    pub text: String,
    pub open: Option<Action>,
}

#[derive(Facet, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum SharingKind {
    AllShared,
    Sharing,
    NoReception,
    WaitingToBeLetIn,
    NotShared,
    OpenElsewhere,
    UpdateNeeded,
    NoRoom,
    Stopped,
    ClockOff,
    KeyMissing,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct TabView {
    pub icon: String,
    pub label: String,
    pub selected: bool,
    pub open: Action,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct ScreenView {
    pub kind: ScreenKind,
    /// The heading; gets the focus when the screen changes.
    pub heading: String,
    pub lead: Option<String>,
    pub tag: Option<TagView>,
    pub back: Option<ButtonView>,
    /// Beside the heading: search, edit…
    pub actions: Vec<ButtonView>,
    pub blocks: Vec<BlockView>,
    /// Stays at the bottom, under the thumb.
    pub primary: Option<ButtonView>,
    /// One quiet sentence under the primary button.
    pub footnote: Option<String>,
}

/// For what a shell lays out in its own way; what is on a screen is in its blocks.
#[derive(Facet, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum ScreenKind {
    /// Nothing is known yet; a shell shows its launch picture.
    Starting,
    /// Welcome, start, join: one column, no bar.
    Onboarding,
    /// A tab's own screen.
    Tab,
    /// Something opened from a tab, with a way back.
    Detail,
    /// A sheet over the screen before (quick log).
    Sheet,
    /// Nothing else can be done: another tab, an app too old.
    Blocked,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct NoticeView {
    pub tone: Tone,
    pub icon: String,
    pub text: String,
    pub dismiss: ButtonView,
}

#[derive(Facet, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct UndoView {
    pub text: String,
    pub undo: ButtonView,
    pub details: Option<ButtonView>,
}
