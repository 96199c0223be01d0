//! Something that wants to be seen first: an icon, a title, a sentence; it opens, or offers buttons.

use crate::{
    bridge::act,
    ui::{
        button::{button, tone},
        icon::{icon, icon_if_any},
    },
};
use leptos::prelude::*;
use shared::view::BannerView;

pub fn banner(banner: &BannerView) -> impl IntoView + use<> {
    let class = format!("banner {}", tone(banner.tone));
    let detail =
        (!banner.detail.is_empty()).then(|| view! { <span class="detail">{banner.detail.clone()}</span> });
    let words = view! {
        {icon_if_any(&banner.icon)}
        <span class="banner-words">
            <strong>{banner.title.clone()}</strong>
            {detail}
        </span>
    };
    let buttons: Vec<_> = banner.actions.iter().map(button).collect();
    let buttons = (!buttons.is_empty()).then(|| view! { <div class="actions">{buttons}</div> });
    let open = banner.open.clone();
    let body = match open {
        Some(open) => view! {
            <button type="button" class="banner-open" on:click=move |_| act(open.clone())>
                {words}
                {icon("chevron-right")}
            </button>
        }
        .into_any(),
        None => view! { <div class="banner-open">{words}</div> }.into_any(),
    };
    view! { <div class=class>{body} {buttons}</div> }
}
