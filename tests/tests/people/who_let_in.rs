//! How somebody came into the circle is there for everybody to read: who invited them, and who compared the words.

use crate::circle::{ANNA, JOAN, circle, open_member};
use anyhow::{Result, ensure};

#[test]
fn everybody_reads_who_let_somebody_in() -> Result<()> {
    let mut world = circle()?;
    for phone in [ANNA, JOAN] {
        let marie = open_member(&mut world, phone, "Marie")?;
        for (fact, said) in [
            ("Came into the circle", "min ago"),
            ("Invited by", "Anna"),
            ("Let in by", "Anna, "),
            ("Let in by", "min ago, after comparing four words"),
        ] {
            let row = marie.row(fact).map(|row| row.detail);
            ensure!(row.as_deref().is_some_and(|detail| detail.contains(said)), "{fact}: {row:?}");
        }
        ensure!(marie.text().contains("Reads and keeps the log"), "{}", marie.text());
    }
    let joan = open_member(&mut world, ANNA, "Joan")?;
    ensure!(joan.row("Invited by").is_some(), "{}", joan.text());
    ensure!(joan.row("Let in by").is_none(), "nobody compared words for a direct link: {}", joan.text());
    Ok(())
}
