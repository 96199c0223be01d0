//! A titled card of rows. Rows are keyed: one that moves or changes keeps its place in the page and the focus in it.

use super::row::row;
use crate::ui::button::shaped;
use leptos::prelude::*;
use shared::view::{BlockView, RowView, SectionView};

pub fn section(block: Memo<BlockView>, first: SectionView) -> impl IntoView {
    let section = Memo::new(move |_| {
        block.with(|block| match block {
            BlockView::Section(section) => section.clone(),
            _ => first.clone(),
        })
    });
    let ids = Memo::new(move |_| {
        section.with(|section| section.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>())
    });
    let title = Memo::new(move |_| section.with(|section| section.title.clone()));
    let more = Memo::new(move |_| section.with(|section| section.more.clone()));
    view! {
        <section class="section">
            {move || title.get().map(|title| view! { <h2>{title}</h2> })}
            <ul class="rows">
                <For each=move || ids.get() key=Clone::clone children=move |id| one(section, id) />
            </ul>
            {move || more.with(|more| more.as_ref().map(|more| shaped(more, "wide")))}
        </section>
    }
}

fn one(section: Memo<SectionView>, id: String) -> impl IntoView {
    let shown = Memo::new(move |before: Option<&Option<RowView>>| {
        let found = section.with(|section| section.rows.iter().find(|row| row.id == id).cloned());
        found.or_else(|| before.cloned().flatten())
    });
    view! { <li class="row">{move || shown.with(|shown| shown.as_ref().map(row))}</li> }
}
