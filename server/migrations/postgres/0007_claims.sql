-- What devices say that they have seen and this server lacks, each device's word by itself; it takes the place of the table
-- missing, which nodes of the release before write still. docs/adr/0037.

CREATE TABLE claims (
    circle_id BYTEA   NOT NULL,
    stream    BIGINT  NOT NULL,
    device    BIGINT  NOT NULL,
    k         BIGINT  NOT NULL,
    since     BIGINT  NOT NULL,       -- ms since 1970
    proven    BIGINT  NOT NULL,       -- 1 once something was handed back that was right
    PRIMARY KEY (circle_id, stream, device)
);
