//! The byte strings in the committed test vectors, which are what the corpora start from.

use serde_json::Value;

const FILES: [&str; 4] = [
    include_str!("../../../shared/protocol/vectors/access.json"),
    include_str!("../../../shared/protocol/vectors/envelopes.json"),
    include_str!("../../../shared/protocol/vectors/links.json"),
    include_str!("../../../shared/protocol/vectors/wraps.json"),
];

/// Every text in the vectors.
pub fn texts() -> Vec<String> {
    let mut found = Vec::new();
    for file in FILES {
        collect(&serde_json::from_str(file).unwrap(), &mut found);
    }
    found
}

/// Every text in the vectors that is hexadecimal, as bytes.
pub fn bytes() -> Vec<Vec<u8>> {
    texts().iter().filter_map(|text| unhex(text)).collect()
}

fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, into)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, into)),
        _ => {}
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| !digits.is_empty() && digits.len() % 2 == 0)?;
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok()).collect()
}
