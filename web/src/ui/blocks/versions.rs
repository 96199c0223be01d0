//! Several people wrote different things in the same place: all of them, until somebody chooses.

use crate::ui::{button::button_of, icon::icon};
use leptos::prelude::*;
use shared::view::{VersionView, VersionsView};

pub fn versions(versions: &VersionsView) -> impl IntoView + use<> {
    let rows: Vec<_> = versions.versions.iter().enumerate().map(version).collect();
    view! {
        <section class="versions">
            <h2>{icon("git-compare")} {versions.title.clone()}</h2>
            <ul class="rows">{rows}</ul>
        </section>
    }
}

fn version((index, version): (usize, &VersionView)) -> impl IntoView + use<> {
    let id = format!("version-{index}");
    view! {
        <li class="row">
            <div class="row-body">
                <span class="row-words" id=id.clone()>
                    <span class="title">{version.text.clone()}</span>
                    <span class="detail">{version.by.clone()}</span>
                </span>
            </div>
            <div class="actions">{button_of(&version.choose, id)}</div>
        </li>
    }
}
