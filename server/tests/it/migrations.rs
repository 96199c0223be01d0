//! The two databases have the same schema, and every table can be spread by circle.

#[test]
fn both_databases_have_the_same_migrations() {
    let list = |database: &str| {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(list("sqlite"), list("postgres"));
    let columns = |database: &str| {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        let mut columns = Vec::new();
        for name in list(database) {
            for line in std::fs::read_to_string(format!("{folder}/{}", name.display())).unwrap().lines() {
                if line.starts_with("CREATE TABLE") || line.starts_with("    ") {
                    columns.push(line.split_whitespace().next().unwrap_or_default().to_owned());
                }
            }
        }
        columns
    };
    assert_eq!(columns("sqlite"), columns("postgres"));
}

#[test]
fn every_table_carries_the_circle() {
    for database in ["sqlite", "postgres"] {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).unwrap() {
            let sql = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for table in sql.split("CREATE TABLE").skip(1) {
                let first = table.lines().nth(1).unwrap().trim();
                assert!(first.starts_with("circle_id"), "{table}");
            }
        }
    }
}
