//! Fields of the form on the screen, with what was typed and what is wrong with it.

use super::{BlockView, FieldKind, FieldView, FormView, OptionView};
use crate::{model::Model, text::capitalised};

/// The form block of the form that is open.
pub fn form_view(model: &Model, fields: Vec<FieldView>) -> BlockView {
    let id = model.form.as_ref().map(crate::model::FormState::id).unwrap_or_default();
    BlockView::Form(FormView { id, fields })
}

/// A field of any kind; its label is the text of `key`.
pub fn field(model: &Model, id: &str, key: &str, required: bool, kind: FieldKind) -> FieldView {
    let form = model.form.as_ref();
    FieldView {
        id: id.to_owned(),
        label: model.text.get(key),
        hint: String::new(),
        fault: form.and_then(|form| form.faults.get(id).cloned()).unwrap_or_default(),
        required,
        kind,
        value: form.map(|form| form.value(id).clone()).unwrap_or_default(),
    }
}

/// A required line of text.
pub fn line(model: &Model, id: &str, key: &str, max_length: u32, purpose: &str) -> FieldView {
    field(model, id, key, true, FieldKind::Line { max_length, purpose: purpose.to_owned() })
}

/// Options whose labels are the texts `prefix-code`.
pub fn options(model: &Model, prefix: &str, codes: &[&str]) -> Vec<OptionView> {
    codes
        .iter()
        .map(|code| OptionView {
            id: (*code).to_owned(),
            label: capitalised(&model.text.get(&format!("{prefix}-{code}"))),
        })
        .collect()
}
