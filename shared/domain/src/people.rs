//! What each member calls themselves. Only one's own word about one's own name counts.

use std::collections::BTreeMap;

use kith_document::{EditScript, Item, Op, Origin, Step};

use crate::lawful::{Author, Law};
use crate::{Member, Members, people_document};

const NAME: &str = "name#";

/// Reads the `meta` map of `commons/people`: names by member. Who is missing is called by the name of their Join.
pub fn names(meta: &Item, members: &dyn Members, history: &[Op]) -> BTreeMap<Member, String> {
    let law = Law::new(members, history);
    let name = |field: &String| {
        let member: Member = field.strip_prefix(NAME)?.parse().ok()?;
        // One spelling a member: `name#07` is nobody's.
        if *field != field_of(member) {
            return None;
        }
        let own = |writer: &Author, _: &Origin| writer.member == Some(member);
        let versions = law.standing(&["meta"], meta, field, &own);
        let name = versions.first()?.value.as_text()?.trim().to_owned();
        (!name.is_empty()).then_some((member, name))
    };
    let told = history.iter().filter(|op| op.path.len() == 2).filter_map(|op| op.path.get(1));
    meta.fields.keys().chain(told).filter_map(name).collect()
}

/// Writes one's own name. The name of anybody else would be ignored.
pub fn set_name(me: Member, name: &str, now_ms: u64) -> EditScript {
    let field = field_of(me);
    let steps = vec![Step::put(["meta", "at"], now_ms), Step::put(["meta", &field], name.trim())];
    EditScript { document: people_document(), intent: "people.name".to_owned(), steps }
}

fn field_of(member: Member) -> String {
    format!("{NAME}{member}")
}
