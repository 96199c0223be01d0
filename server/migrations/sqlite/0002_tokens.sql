-- Sessions. A token is kept as its hash only; its challenge's nonce is kept so that no challenge is used twice.

CREATE TABLE tokens (
    circle_id  BLOB    NOT NULL,
    token_hash BLOB    NOT NULL,
    nonce      BLOB    NOT NULL,
    party      BLOB    NOT NULL,      -- CBOR of Party
    expires    INTEGER NOT NULL,      -- ms since 1970
    PRIMARY KEY (circle_id, token_hash),
    UNIQUE (circle_id, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_hash ON tokens (token_hash);
