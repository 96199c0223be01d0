-- What devices have seen and this server lacks: it was restored from a backup. While a row's k is above the stream's
-- head, and since is less than 72 hours ago, the circle takes nothing new.

CREATE TABLE missing (
    circle_id BYTEA   NOT NULL,
    stream    BIGINT  NOT NULL,
    k         BIGINT  NOT NULL,
    since     BIGINT  NOT NULL,       -- ms since 1970
    PRIMARY KEY (circle_id, stream)
);
