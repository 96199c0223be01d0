-- Mailboxes of pairings: where a device that is to be added leaves its keys, sealed for the device that opened it.

CREATE TABLE pairings (
    circle_id  BLOB    NOT NULL,
    pairing_id BLOB    NOT NULL,
    device     INTEGER NOT NULL,      -- which opened it, and alone may read it
    opened     INTEGER NOT NULL,      -- ms since 1970
    expires    INTEGER NOT NULL,      -- ms since 1970; gone from then on, removed with the circle's next token or pairing
    answer     BLOB,                  -- nothing until somebody has answered
    PRIMARY KEY (circle_id, pairing_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pairings_id ON pairings (pairing_id);
