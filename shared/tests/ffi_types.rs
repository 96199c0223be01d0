//! Every type that crosses to Swift and Kotlin, held still: a change of the boundary shows here for review.
#![cfg(feature = "facet_typegen")]

use crux_core::type_generation::facet::TypeRegistry;

#[test]
fn the_types_of_the_boundary() {
    let registry = TypeRegistry::new().register_app::<shared::Kith>().unwrap().build().unwrap().registry();
    // One line a type, without what is the same in every line.
    let lines: Vec<String> =
        registry.iter().map(|(name, format)| plain(&format!("{name:?} = {format:?}"))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

fn plain(line: &str) -> String {
    let noise =
        [", doc: Doc([])", ", Doc([])", "QualifiedTypeName { namespace: Root, name: ", "namespace: Root, "];
    noise.iter().fold(line.to_owned(), |line, part| line.replace(part, ""))
}
