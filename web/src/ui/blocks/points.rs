//! What is true, with an icon each: what one will and will not see.

use crate::ui::{button::tone, icon::icon_if_any};
use leptos::prelude::*;
use shared::view::PointView;

pub fn points(points: &[PointView]) -> impl IntoView + use<> {
    let point = |point: &PointView| {
        view! {
            <li>
                <span class=format!("disc {}", tone(point.tone))>{icon_if_any(&point.icon)}</span>
                <span>{point.text.clone()}</span>
            </li>
        }
    };
    let points: Vec<_> = points.iter().map(point).collect();
    view! { <ul class="points">{points}</ul> }
}
