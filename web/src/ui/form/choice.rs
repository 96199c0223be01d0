//! One of few, or any of few, as chips: radio buttons and checkboxes underneath, so that keyboards and screen readers
//! know what they are. What is not required can be taken back by tapping it again, or with Delete.

use super::field::{control_id, options, say};
use leptos::{ev::KeyboardEvent, prelude::*};
use shared::{
    FieldValue,
    view::{FieldView, OptionView},
};

/// How the chosen option is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// `Chosen` with one id.
    Option,
    /// `Number`: the option's id in quarters.
    Quarters,
    /// `Flag`.
    Flag,
}

pub fn one_of(field: Memo<FieldView>, answer: Answer) -> impl IntoView {
    let all = Memo::new(move |_| field.with(options));
    let chosen = Memo::new(move |_| field.with(|field| chosen_id(&field.value)));
    let pick = move |id: Option<String>| say(field, id.map_or(FieldValue::Empty, |id| value(answer, id)));
    let name = field.with_untracked(|field| control_id(&field.id));
    let chip = move |option: OptionView| {
        radio(field, &name, &option.id, chosen, pick, view! { <span>{option.label.clone()}</span> })
    };
    view! { <div class="chips">{move || all.get().into_iter().map(&chip).collect::<Vec<_>>()}</div> }
}

/// A radio button drawn as a chip, in the group `name`.
pub fn radio(
    field: Memo<FieldView>,
    name: &str,
    id: &str,
    chosen: Memo<Option<String>>,
    pick: impl Fn(Option<String>) + Copy + 'static,
    words: impl IntoView + 'static,
) -> AnyView {
    let is_chosen = {
        let id = id.to_owned();
        move || chosen.with(|chosen| chosen.as_deref() == Some(id.as_str()))
    };
    let optional = move || field.with_untracked(|field| !field.required);
    let change = {
        let id = id.to_owned();
        move |_| pick(Some(id.clone()))
    };
    // A click on what is chosen already changes nothing by itself.
    let again = {
        let is_chosen = is_chosen.clone();
        move |_| {
            if optional() && untrack(&is_chosen) {
                pick(None);
            }
        }
    };
    let key = move |event: KeyboardEvent| {
        if optional() && matches!(event.key().as_str(), "Delete" | "Backspace") {
            event.prevent_default();
            pick(None);
        }
    };
    view! {
        <label class="choice">
            <input
                type="radio"
                name=name.to_owned()
                value=id.to_owned()
                prop:checked=is_chosen
                on:click=again
                on:change=change
                on:keydown=key
            />
            <span class="chip">{words}</span>
        </label>
    }
    .into_any()
}

pub fn any_of(field: Memo<FieldView>) -> impl IntoView {
    let all = Memo::new(move |_| field.with(options));
    let chip = move |option: OptionView| {
        let id = option.id.clone();
        let is_chosen = move || field.with(|field| chosen_ids(&field.value).contains(&id));
        let id = option.id;
        let change = move |_| {
            let mut ids = field.with_untracked(|field| chosen_ids(&field.value));
            if ids.contains(&id) {
                ids.retain(|other| *other != id);
            } else {
                ids.push(id.clone());
            }
            say(field, if ids.is_empty() { FieldValue::Empty } else { FieldValue::Chosen(ids) });
        };
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=is_chosen on:change=change />
                <span class="chip">{option.label}</span>
            </label>
        }
    };
    view! { <div class="chips">{move || all.get().into_iter().map(chip).collect::<Vec<_>>()}</div> }
}

/// A person's initial.
pub fn face(name: &str) -> impl IntoView + use<> {
    let initial: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
    view! {
        <span class="face small" aria-hidden="true">
            {initial}
        </span>
    }
}

fn chosen_ids(value: &FieldValue) -> Vec<String> {
    match value {
        FieldValue::Chosen(ids) => ids.clone(),
        _ => Vec::new(),
    }
}

fn chosen_id(value: &FieldValue) -> Option<String> {
    match value {
        FieldValue::Chosen(ids) => ids.first().cloned(),
        FieldValue::Number(number) => Some(number.to_string()),
        FieldValue::Flag(flag) => Some(if *flag { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

fn value(answer: Answer, id: String) -> FieldValue {
    match answer {
        Answer::Option => FieldValue::Chosen(vec![id]),
        Answer::Quarters => id.parse().map_or(FieldValue::Empty, FieldValue::Number),
        Answer::Flag => FieldValue::Flag(id == "yes"),
    }
}
