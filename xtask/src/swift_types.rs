//! Mends the generated Swift types, until their generator does it.
//!
//! It writes names as they are, also where Swift has a keyword of that name (`switch`, `do`): they get backticks, in
//! the few shapes in which the generator declares or reads one. And its types, all of them values, do not say that
//! they may cross from one task to another.

const KEYWORDS: [&str; 16] = [
    "as", "break", "case", "class", "default", "do", "else", "for", "func", "if", "in", "is", "repeat",
    "return", "switch", "where",
];

/// The same Swift, mended.
pub fn mended(swift: &str) -> String {
    let sendable = swift.replace(": Hashable, Equatable {", ": Hashable, Equatable, Sendable {");
    sendable.split_inclusive('\n').map(escaped).collect()
}

/// A line with its keywords escaped where they are names.
fn escaped(text: &str) -> String {
    KEYWORDS.iter().fold(text.to_owned(), |text, keyword| {
        [
            // Declarations. A `case` that matches has a dot before the name.
            (format!("var {keyword}: "), format!("var `{keyword}`: ")),
            (format!("let {keyword} = "), format!("let `{keyword}` = ")),
            (format!(" case {keyword}("), format!(" case `{keyword}`(")),
            (format!(" case {keyword}\n"), format!(" case `{keyword}`\n")),
            // Reading a parameter or variable. Labels, and names after a dot, need no backticks.
            (format!("self.{keyword} = {keyword}\n"), format!("self.{keyword} = `{keyword}`\n")),
            (format!("{keyword}: {keyword},"), format!("{keyword}: `{keyword}`,")),
            (format!("{keyword}: {keyword})"), format!("{keyword}: `{keyword}`)")),
        ]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
    })
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn names_are_escaped_and_statements_are_not() {
        let swift = "public struct Bar: Hashable, Equatable {\n    public var switch: Button\n    indirect case do(Action)\n    case is\n\
            \x20   init(switch: Button, other: Int) {\n        self.switch = switch\n        switch self {\n\
            \x20       case .do(let x):\n        default: break\n        let switch = try Button()\n\
            \x20       return Bar(switch: switch, other: other)\n";
        let expected = "public struct Bar: Hashable, Equatable, Sendable {\n    public var `switch`: Button\n    indirect case `do`(Action)\n    case `is`\n\
            \x20   init(switch: Button, other: Int) {\n        self.switch = `switch`\n        switch self {\n\
            \x20       case .do(let x):\n        default: break\n        let `switch` = try Button()\n\
            \x20       return Bar(switch: `switch`, other: other)\n";
        assert_eq!(mended(swift), expected);
    }
}
