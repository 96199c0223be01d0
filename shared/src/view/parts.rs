//! Small pieces that screens are put together from.

use super::{
    BannerView, BlockView, ButtonView, Emphasis, EmptyView, RowView, ScreenKind, ScreenView, SectionView,
    TextView, Tone,
};
use crate::{
    event::{Action, Route},
    model::Membership,
    text::Text,
};

pub fn button(label: String, icon: &str, emphasis: Emphasis, act: Action) -> ButtonView {
    ButtonView { label, icon: icon.to_owned(), emphasis, act }
}

pub fn open(route: Route) -> Action {
    Action::Open(route)
}

pub fn back(text: &Text) -> ButtonView {
    button(text.get("back"), "arrow-left", Emphasis::Quiet, Action::Back)
}

pub fn screen(kind: ScreenKind, heading: String, blocks: Vec<BlockView>) -> ScreenView {
    ScreenView {
        kind,
        heading,
        lead: None,
        tag: None,
        back: None,
        actions: Vec::new(),
        blocks,
        primary: None,
        footnote: None,
    }
}

/// A screen that was opened from another one.
pub fn detail(text: &Text, heading: String, blocks: Vec<BlockView>) -> ScreenView {
    ScreenView { back: Some(back(text)), ..screen(ScreenKind::Detail, heading, blocks) }
}

pub fn section(title: Option<String>, rows: Vec<RowView>) -> BlockView {
    BlockView::Section(SectionView { title, rows, more: None })
}

/// A row whose spoken form is its title and detail.
pub fn row(id: impl Into<String>, icon: &str, tone: Tone, title: String, detail: String) -> RowView {
    let spoken = if detail.is_empty() { title.clone() } else { format!("{title}. {detail}") };
    RowView {
        id: id.into(),
        icon: icon.to_owned(),
        tone,
        face: String::new(),
        time: None,
        title,
        detail,
        tag: None,
        spoken,
        open: None,
        actions: Vec::new(),
    }
}

pub fn words(text: String) -> BlockView {
    BlockView::Text(TextView { text, soft: false })
}

pub fn soft(text: String) -> BlockView {
    BlockView::Text(TextView { text, soft: true })
}

pub fn banner(tone: Tone, icon: &str, title: String, detail: String, actions: Vec<ButtonView>) -> BlockView {
    BlockView::Banner(BannerView { tone, icon: icon.to_owned(), title, detail, open: None, actions })
}

pub fn empty(icon: &str, title: String, detail: String, actions: Vec<ButtonView>) -> BlockView {
    BlockView::Empty(EmptyView { icon: icon.to_owned(), title, detail, actions })
}

/// Who did it; "somebody" when it is not known.
pub fn who(text: &Text, membership: &Membership, member: Option<u32>) -> String {
    let name = member.map(|member| membership.name_of(member)).unwrap_or_default();
    if name.is_empty() { text.get("somebody") } else { name }
}

/// A person's initial, for a face without a picture.
pub fn initial(name: &str) -> String {
    name.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default()
}
