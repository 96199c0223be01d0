//! A field: its label, hint and fault around the control for its kind.

use super::{choice, duration, line, medicine, moment, number, person, scale, when};
use crate::{bridge::send, ui::icon::icon};
use leptos::prelude::*;
use shared::{
    Event, FieldValue,
    view::{FieldKind, FieldView, OptionView},
};

pub fn field(field: Memo<FieldView>) -> AnyView {
    let kind = field.with_untracked(|field| field.kind.clone());
    let id = field.with_untracked(|field| control_id(&field.id));
    match kind {
        FieldKind::Line { max_length, purpose } => single(field, id, line::line(field, max_length, &purpose)),
        FieldKind::LongText { max_length } => single(field, id, line::long_text(field, max_length)),
        FieldKind::Medicine { max_length, .. } => single(field, id, medicine::medicine(field, max_length)),
        FieldKind::Number { .. } => single(field, id, number::number(field)),
        FieldKind::Duration { max_minutes } => group(field, duration::duration(field, max_minutes)),
        FieldKind::Scale { .. } => group(field, scale::scale(field)),
        FieldKind::Choice { .. } => group(field, choice::one_of(field, choice::Answer::Option)),
        FieldKind::Person { .. } => group(field, person::person(field)),
        FieldKind::Fraction { .. } => group(field, choice::one_of(field, choice::Answer::Quarters)),
        FieldKind::YesNo { .. } => group(field, choice::one_of(field, choice::Answer::Flag)),
        FieldKind::Choices { .. } => group(field, choice::any_of(field)),
        FieldKind::Time { .. } => group(field, moment::time(field)),
        FieldKind::When { .. } => group(field, when::when(field)),
    }
}

/// Tells the core what the person typed or chose.
pub fn say(field: Memo<FieldView>, value: FieldValue) {
    let field = field.with_untracked(|field| field.id.clone());
    send(Event::FieldChanged { field, value });
}

/// The options of a field that has some.
pub fn options(field: &FieldView) -> Vec<OptionView> {
    let option = |id: &str, label: &String| OptionView { id: id.to_owned(), label: label.clone() };
    match &field.kind {
        FieldKind::Choice { options }
        | FieldKind::Choices { options }
        | FieldKind::Person { options, .. }
        | FieldKind::Fraction { options } => options.clone(),
        FieldKind::YesNo { yes, no } => vec![option("yes", yes), option("no", no)],
        _ => Vec::new(),
    }
}

pub fn control_id(field: &str) -> String {
    format!("field-{field}")
}

/// What belongs to a control beside its label: `aria-describedby` and `aria-invalid`.
pub struct Described {
    pub by: Signal<Option<String>>,
    pub invalid: Signal<Option<&'static str>>,
}

pub fn described(field: Memo<FieldView>) -> Described {
    let by = move || {
        field.with(|field| {
            let id = control_id(&field.id);
            let mut ids = Vec::new();
            if !field.hint.is_empty() {
                ids.push(format!("{id}-hint"));
            }
            if !field.fault.is_empty() {
                ids.push(format!("{id}-fault"));
            }
            (!ids.is_empty()).then(|| ids.join(" "))
        })
    };
    let invalid = move || field.with(|field| (!field.fault.is_empty()).then_some("true"));
    Described { by: Signal::derive(by), invalid: Signal::derive(invalid) }
}

/// One control with a label of its own.
fn single(field: Memo<FieldView>, id: String, control: impl IntoView + 'static) -> AnyView {
    let label = move || field.with(|field| field.label.clone());
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {hint(field)}
            {control}
            {fault(field)}
        </div>
    }
    .into_any()
}

/// Several controls under one label.
fn group(field: Memo<FieldView>, controls: impl IntoView + 'static) -> AnyView {
    let label = move || field.with(|field| field.label.clone());
    let Described { by, invalid } = described(field);
    view! {
        <fieldset class="field" aria-describedby=by data-invalid=invalid>
            <legend>{label}</legend>
            {hint(field)}
            {controls}
            {fault(field)}
        </fieldset>
    }
    .into_any()
}

fn hint(field: Memo<FieldView>) -> impl IntoView {
    let hint = Memo::new(move |_| field.with(|field| (control_id(&field.id), field.hint.clone())));
    move || {
        let (id, hint) = hint.get();
        (!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })
    }
}

fn fault(field: Memo<FieldView>) -> impl IntoView {
    let fault = Memo::new(move |_| field.with(|field| (control_id(&field.id), field.fault.clone())));
    move || {
        let (id, fault) = fault.get();
        (!fault.is_empty()).then(|| {
            view! {
                <p class="fault" id=format!("{id}-fault")>
                    {icon("triangle-alert")}
                    <span>{fault}</span>
                </p>
            }
        })
    }
}
