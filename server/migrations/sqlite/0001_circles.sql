-- What a circle is to the server. Every table carries circle_id, so that the schema can be spread by it.
-- Numbers of streams: 0 access, 1 commons, 2 network, 3 care, 4 + n private of member n.

CREATE TABLE circles (
    circle_id     BLOB    NOT NULL PRIMARY KEY,
    prefix        BLOB    NOT NULL,   -- the first 16 bytes, which an invitation's link carries
    challenge_key BLOB    NOT NULL,   -- 32 random bytes: authenticates the challenges of this circle
    version       INTEGER NOT NULL,   -- one more with each transaction that changed something
    bytes         INTEGER NOT NULL    -- counted against the quota
) STRICT, WITHOUT ROWID;
CREATE INDEX circles_prefix ON circles (prefix);

CREATE TABLE access (
    circle_id BLOB    NOT NULL,
    seq       INTEGER NOT NULL,
    bytes     BLOB    NOT NULL,       -- as signed
    signature BLOB    NOT NULL,
    stamp     INTEGER NOT NULL,
    PRIMARY KEY (circle_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE invites (
    circle_id BLOB NOT NULL,
    invite_id BLOB NOT NULL,
    PRIMARY KEY (circle_id, invite_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX invites_id ON invites (invite_id);

CREATE TABLE wraps (
    circle_id BLOB    NOT NULL,
    n         INTEGER NOT NULL,       -- order of arrival in the circle
    recipient BLOB    NOT NULL,       -- CBOR of Party
    seq       INTEGER NOT NULL,       -- the access entry that it came with or was missing from
    wrap      BLOB    NOT NULL,       -- CBOR of Wrap
    PRIMARY KEY (circle_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX wraps_recipient ON wraps (circle_id, recipient, n);

CREATE TABLE entries (
    circle_id  BLOB    NOT NULL,
    stream     INTEGER NOT NULL,
    k          INTEGER NOT NULL,
    device     INTEGER NOT NULL,
    device_seq INTEGER NOT NULL,
    access_seq INTEGER NOT NULL,      -- the access stream's head when it was taken
    stamp      INTEGER NOT NULL,
    chain      BLOB    NOT NULL,      -- C_k
    hash       BLOB    NOT NULL,      -- of what was sent
    header     BLOB    NOT NULL,
    signature  BLOB    NOT NULL,
    body_hash  BLOB    NOT NULL,
    body       BLOB,                  -- nothing once erased
    PRIMARY KEY (circle_id, stream, k)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entries_author ON entries (circle_id, stream, device, device_seq);
