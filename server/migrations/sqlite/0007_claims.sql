-- What devices say that they have seen and this server lacks, each device's word by itself; it takes the place of the table
-- missing, which nodes of the release before write still. docs/adr/0037.

CREATE TABLE claims (
    circle_id BLOB    NOT NULL,
    stream    INTEGER NOT NULL,
    device    INTEGER NOT NULL,
    k         INTEGER NOT NULL,
    since     INTEGER NOT NULL,       -- ms since 1970
    proven    INTEGER NOT NULL,       -- 1 once something was handed back that was right
    PRIMARY KEY (circle_id, stream, device)
) STRICT, WITHOUT ROWID;
