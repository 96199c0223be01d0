-- Mailboxes of pairings: where a device that is to be added leaves its keys, sealed for the device that opened it.

CREATE TABLE pairings (
    circle_id  BYTEA   NOT NULL,
    pairing_id BYTEA   NOT NULL,
    device     BIGINT  NOT NULL,      -- which opened it, and alone may read it
    opened     BIGINT  NOT NULL,      -- ms since 1970
    expires    BIGINT  NOT NULL,      -- ms since 1970; gone from then on, removed with the circle's next token or pairing
    answer     BYTEA,                 -- nothing until somebody has answered
    PRIMARY KEY (circle_id, pairing_id)
);
CREATE INDEX pairings_id ON pairings (pairing_id);
