-- What a circle is to the server. Every table carries circle_id, so that the schema can be spread by it.
-- Numbers of streams: 0 access, 1 commons, 2 network, 3 care, 4 + n private of member n.

CREATE TABLE circles (
    circle_id     BYTEA   NOT NULL PRIMARY KEY,
    prefix        BYTEA   NOT NULL,   -- the first 16 bytes, which an invitation's link carries
    challenge_key BYTEA   NOT NULL,   -- 32 random bytes: authenticates the challenges of this circle
    version       BIGINT  NOT NULL,   -- one more with each transaction that changed something
    bytes         BIGINT  NOT NULL    -- counted against the quota
);
CREATE INDEX circles_prefix ON circles (prefix);

CREATE TABLE access (
    circle_id BYTEA   NOT NULL,
    seq       BIGINT  NOT NULL,
    bytes     BYTEA   NOT NULL,       -- as signed
    signature BYTEA   NOT NULL,
    stamp     BIGINT  NOT NULL,
    PRIMARY KEY (circle_id, seq)
);

CREATE TABLE invites (
    circle_id BYTEA NOT NULL,
    invite_id BYTEA NOT NULL,
    PRIMARY KEY (circle_id, invite_id)
);
CREATE INDEX invites_id ON invites (invite_id);

CREATE TABLE wraps (
    circle_id BYTEA   NOT NULL,
    n         BIGINT  NOT NULL,       -- order of arrival in the circle
    recipient BYTEA   NOT NULL,       -- CBOR of Party
    seq       BIGINT  NOT NULL,       -- the access entry that it came with or was missing from
    wrap      BYTEA   NOT NULL,       -- CBOR of Wrap
    PRIMARY KEY (circle_id, n)
);
CREATE INDEX wraps_recipient ON wraps (circle_id, recipient, n);

CREATE TABLE entries (
    circle_id  BYTEA   NOT NULL,
    stream     BIGINT  NOT NULL,
    k          BIGINT  NOT NULL,
    device     BIGINT  NOT NULL,
    device_seq BIGINT  NOT NULL,
    access_seq BIGINT  NOT NULL,      -- the access stream's head when it was taken
    stamp      BIGINT  NOT NULL,
    chain      BYTEA   NOT NULL,      -- C_k
    hash       BYTEA   NOT NULL,      -- of what was sent
    header     BYTEA   NOT NULL,
    signature  BYTEA   NOT NULL,
    body_hash  BYTEA   NOT NULL,
    body       BYTEA,                  -- nothing once erased
    PRIMARY KEY (circle_id, stream, k)
);
CREATE UNIQUE INDEX entries_author ON entries (circle_id, stream, device, device_seq);
-- Sealed bytes do not get smaller.
ALTER TABLE entries ALTER COLUMN body SET STORAGE EXTERNAL;
