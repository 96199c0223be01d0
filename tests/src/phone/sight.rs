//! What a person sees on a phone: the words on the screen and what can be pressed. Reads the `ViewModel` only.

use shared::{
    Action, FieldValue, ViewModel,
    view::{BlockView, ButtonView, FieldView, RowView, ScreenKind, SharingKind, VersionView},
};

/// What is on the screen of one phone at one moment.
#[derive(Clone, Debug)]
pub struct Sight(pub ViewModel);

impl Sight {
    pub fn heading(&self) -> &str {
        &self.0.screen.heading
    }

    pub fn path(&self) -> &str {
        &self.0.path
    }

    pub fn sharing(&self) -> Option<SharingKind> {
        self.0.bar.as_ref().map(|bar| bar.sharing.kind)
    }

    /// Everything that can be pressed, with its words, from the screen outwards.
    pub fn actions(&self) -> Vec<(String, Action)> {
        let screen = &self.0.screen;
        let mut found = Vec::new();
        let mut button = |one: &ButtonView| found.push((one.label.clone(), one.act.clone()));
        screen.primary.iter().for_each(&mut button);
        screen.actions.iter().for_each(&mut button);
        for block in &screen.blocks {
            match block {
                BlockView::Buttons(buttons) => buttons.iter().for_each(&mut button),
                BlockView::Banner(banner) => banner.actions.iter().for_each(&mut button),
                BlockView::Empty(empty) => empty.actions.iter().for_each(&mut button),
                BlockView::Versions(versions) => versions.versions.iter().for_each(|one| button(&one.choose)),
                BlockView::Section(section) => {
                    section.rows.iter().flat_map(|row| &row.actions).for_each(&mut button);
                    section.more.iter().for_each(&mut button);
                }
                _ => {}
            }
        }
        screen.back.iter().for_each(&mut button);
        self.0.log_button.iter().for_each(&mut button);
        if let Some(undo) = &self.0.undo {
            button(&undo.undo);
            undo.details.iter().for_each(&mut button);
        }
        self.0.notice.iter().for_each(|notice| button(&notice.dismiss));
        if let Some(bar) = &self.0.bar {
            button(&bar.switch);
            button(&bar.settings);
            found.extend(bar.sharing.open.iter().map(|act| (bar.sharing.text.clone(), act.clone())));
        }
        for block in &screen.blocks {
            match block {
                BlockView::Tiles(tiles) => {
                    found.extend(tiles.iter().map(|tile| (tile.title.clone(), tile.act.clone())));
                }
                BlockView::Chips(chips) => {
                    found.extend(chips.chips.iter().map(|chip| (chip.label.clone(), chip.act.clone())));
                }
                BlockView::Banner(banner) => {
                    found.extend(banner.open.iter().map(|act| (banner.title.clone(), act.clone())));
                }
                BlockView::Section(section) => {
                    let open = |row: &RowView| row.open.clone().map(|act| (row.title.clone(), act));
                    found.extend(section.rows.iter().filter_map(open));
                }
                _ => {}
            }
        }
        found.extend(self.0.tabs.iter().map(|tab| (tab.label.clone(), tab.open.clone())));
        found
    }

    /// Every row of the screen with the title of its section.
    pub fn rows(&self) -> Vec<(Option<String>, RowView)> {
        let sections = self.0.screen.blocks.iter().filter_map(|block| match block {
            BlockView::Section(section) => Some(section),
            _ => None,
        });
        sections
            .flat_map(|section| section.rows.iter().map(|row| (section.title.clone(), row.clone())))
            .collect()
    }

    /// The first row that says `words` somewhere.
    pub fn row(&self, words: &str) -> Option<RowView> {
        self.rows().into_iter().map(|(_, row)| row).find(|row| row_text(row).contains(words))
    }

    pub fn fields(&self) -> Vec<FieldView> {
        let forms = self.0.screen.blocks.iter().filter_map(|block| match block {
            BlockView::Form(form) => Some(form.fields.clone()),
            _ => None,
        });
        forms.flatten().collect()
    }

    /// Versions to choose from, with the title of what they are versions of.
    pub fn versions(&self) -> Vec<(String, Vec<VersionView>)> {
        let blocks = self.0.screen.blocks.iter().filter_map(|block| match block {
            BlockView::Versions(versions) => Some((versions.title.clone(), versions.versions.clone())),
            _ => None,
        });
        blocks.collect()
    }

    /// The link that the code on the screen says.
    pub fn link(&self) -> Option<String> {
        self.0.screen.blocks.iter().find_map(|block| match block {
            BlockView::Qr(code) => Some(code.text.clone()),
            _ => None,
        })
    }

    /// The words to compare by phone.
    pub fn words(&self) -> Vec<String> {
        let words = self.0.screen.blocks.iter().find_map(|block| match block {
            BlockView::Words(words) => Some(words.clone()),
            _ => None,
        });
        words.unwrap_or_default()
    }

    /// Whether the link that was opened leads nowhere, and another one is asked for.
    pub fn leads_nowhere(&self) -> bool {
        let again = |button: &ButtonView| {
            matches!(
                button.act,
                Action::Open(shared::Route::Paste | shared::Route::SecondDevice | shared::Route::Restore)
            )
        };
        self.0.screen.primary.as_ref().is_some_and(again) && self.0.screen.kind == ScreenKind::Onboarding
    }

    /// Who asks to be let in: the words to compare, and what letting them in takes.
    pub fn waiting(&self) -> Vec<(Vec<String>, Action)> {
        let mut found = Vec::new();
        let mut shown = None;
        for block in &self.0.screen.blocks {
            match block {
                BlockView::Words(words) => shown = Some(words.clone()),
                BlockView::Buttons(buttons) => {
                    let mut acts = buttons.iter().map(|button| button.act.clone());
                    let admit = acts.find(|act| matches!(act, Action::Admit { .. }));
                    found.extend(shown.take().zip(admit));
                }
                _ => {}
            }
        }
        found
    }

    /// All the words on the screen, one line each, as a person would read them out.
    pub fn text(&self) -> String {
        let screen = &self.0.screen;
        let mut lines = vec![screen.heading.clone()];
        lines.extend(screen.lead.clone());
        lines.extend(screen.tag.iter().map(|tag| tag.label.clone()));
        for block in &screen.blocks {
            match block {
                BlockView::Text(text) => lines.push(text.text.clone()),
                BlockView::Banner(banner) => lines.push(format!("{} {}", banner.title, banner.detail)),
                BlockView::Section(section) => {
                    lines.extend(section.title.clone());
                    lines.extend(section.rows.iter().map(row_text));
                }
                BlockView::Tiles(tiles) => {
                    lines.extend(tiles.iter().map(|tile| format!("{} {}", tile.title, tile.detail)));
                }
                BlockView::Points(points) => lines.extend(points.iter().map(|point| point.text.clone())),
                BlockView::Versions(versions) => {
                    lines.push(versions.title.clone());
                    lines.extend(versions.versions.iter().map(|one| format!("{} {}", one.text, one.by)));
                }
                BlockView::Words(words) => lines.push(words.join(" ")),
                BlockView::Empty(empty) => lines.push(format!("{} {}", empty.title, empty.detail)),
                BlockView::Form(form) => lines.extend(form.fields.iter().flat_map(field_lines)),
                BlockView::Chips(_) | BlockView::Buttons(_) | BlockView::Qr(_) => {}
            }
        }
        lines.extend(screen.footnote.clone());
        lines.extend(self.0.notice.iter().map(|notice| notice.text.clone()));
        lines.extend(self.0.undo.iter().map(|undo| undo.text.clone()));
        lines.join("\n")
    }
}

fn field_lines(field: &FieldView) -> Vec<String> {
    let value = match &field.value {
        FieldValue::Text(text) => text.clone(),
        _ => String::new(),
    };
    vec![field.label.clone(), value, field.fault.clone()]
}

/// A row as it is read: time, title, detail, tag.
pub fn row_text(row: &RowView) -> String {
    let tag = row.tag.as_ref().map(|tag| tag.label.as_str()).unwrap_or_default();
    [row.time.as_deref().unwrap_or_default(), &row.title, &row.detail, tag].join(" ").trim().to_owned()
}
