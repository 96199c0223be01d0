//! The `OpenAPI` document says what the router has: the same paths and methods, and every error code.

use std::collections::BTreeSet;

use kith_server::{API, ApiError, OPENAPI};

#[test]
fn the_document_is_true_to_the_routes() {
    let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let described: BTreeSet<_> = paths
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |m| (m.clone(), path.clone()))
        })
        .collect();
    let routed: BTreeSet<_> =
        API.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described, routed);
    let codes = document["components"]["responses"]["Error"]["description"].as_str().unwrap();
    for error in ApiError::ALL {
        assert!(codes.contains(error.code()), "{} is not described", error.code());
    }
}
