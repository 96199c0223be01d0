-- Sessions. A token is kept as its hash only; its challenge's nonce is kept so that no challenge is used twice.

CREATE TABLE tokens (
    circle_id  BYTEA   NOT NULL,
    token_hash BYTEA   NOT NULL,
    nonce      BYTEA   NOT NULL,
    party      BYTEA   NOT NULL,      -- CBOR of Party
    expires    BIGINT  NOT NULL,      -- ms since 1970
    PRIMARY KEY (circle_id, token_hash),
    UNIQUE (circle_id, nonce)
);
CREATE INDEX tokens_hash ON tokens (token_hash);
