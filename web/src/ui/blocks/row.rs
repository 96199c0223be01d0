//! A row: to a screen reader one sentence, and its actions; to the eye a time, an icon or a face, words, a tag.

use crate::{
    bridge::act,
    ui::{
        button::{button_of, tag, tone},
        icon::{icon, icon_if_any},
    },
};
use leptos::prelude::*;
use shared::view::RowView;

pub fn row(row: &RowView) -> impl IntoView + use<> {
    let title_id = format!("row-{}", row.id);
    let actions: Vec<_> = row.actions.iter().map(|button| button_of(button, title_id.clone())).collect();
    let actions = match actions.len() {
        0 => None,
        1 => Some(view! { <div class="actions one">{actions}</div> }),
        _ => Some(view! { <div class="actions">{actions}</div> }),
    };
    let spoken = if row.spoken.is_empty() { row.title.clone() } else { row.spoken.clone() };
    let body = match row.open.clone() {
        Some(open) => {
            // Where there is something else at the end of the row, an arrow would only take room.
            let arrow = row.actions.is_empty() && row.time.is_none() && row.tag.is_none();
            let chevron = arrow.then(|| view! { <span class="chevron">{icon("chevron-right")}</span> });
            view! {
                <button type="button" class="row-body" aria-label=spoken on:click=move |_| act(open.clone())>
                    {seen(row, title_id)}
                    {chevron}
                </button>
            }
            .into_any()
        }
        None => view! {
            <div class="row-body">
                <p class="said">{spoken}</p>
                {seen(row, title_id)}
            </div>
        }
        .into_any(),
    };
    (body, actions)
}

fn seen(row: &RowView, title_id: String) -> impl IntoView + use<> {
    let time = row.time.clone().map(|time| view! { <span class="time">{time}</span> });
    let mark = if row.face.is_empty() {
        let disc = format!("disc {}", tone(row.tone));
        icon_if_any(&row.icon).map(|icon| view! { <span class=disc>{icon}</span> }).into_any()
    } else {
        view! { <span class=format!("face {}", tone(row.tone))>{row.face.clone()}</span> }.into_any()
    };
    let detail = (!row.detail.is_empty()).then(|| view! { <span class="detail">{row.detail.clone()}</span> });
    view! {
        <span class="seen" aria-hidden="true">
            {time}
            {mark}
            <span class="row-line">
                <span class="row-words">
                    <span class="title" id=title_id>
                        {row.title.clone()}
                    </span>
                    {detail}
                </span>
                {row.tag.as_ref().map(tag)}
            </span>
        </span>
    }
}
