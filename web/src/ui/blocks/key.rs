//! What makes a block the same block from one view to the next: its kind and how many of that kind come before it.
//! A warning that appears above a form then does not take the focus out of a field.

use shared::view::BlockView;
use std::mem::{Discriminant, discriminant};

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BlockKey {
    kind: Discriminant<BlockView>,
    /// Of the blocks of this kind, from 0.
    place: usize,
    /// Another form is another block.
    form: String,
}

impl BlockKey {
    pub fn all(blocks: &[BlockView]) -> Vec<Self> {
        let key = |(index, block): (usize, &BlockView)| {
            let kind = discriminant(block);
            let place = blocks[..index].iter().filter(|before| discriminant(*before) == kind).count();
            Self { kind, place, form: form_id(block).to_owned() }
        };
        blocks.iter().enumerate().map(key).collect()
    }

    pub fn find<'a>(&self, blocks: &'a [BlockView]) -> Option<&'a BlockView> {
        let mut same = blocks.iter().filter(|block| discriminant(*block) == self.kind);
        same.nth(self.place).filter(|block| form_id(block) == self.form)
    }
}

fn form_id(block: &BlockView) -> &str {
    match block {
        BlockView::Form(form) => &form.id,
        _ => "",
    }
}
