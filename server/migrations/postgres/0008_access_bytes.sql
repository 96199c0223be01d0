-- Access entries and wraps have a quota of their own, counted apart from sealed entries. docs/adr/0038.

ALTER TABLE circles ADD COLUMN
    access_bytes BIGINT NOT NULL DEFAULT 0;   -- access entries with their signatures, and wraps

-- Until now access entries, without their signatures, were counted with the sealed ones. One version on, so that nodes
-- which run meanwhile read the circle again.
UPDATE circles SET access_bytes =
(SELECT COALESCE(SUM(LENGTH(access.bytes)), 0) FROM access WHERE access.circle_id = circles.circle_id);
UPDATE circles SET bytes = bytes - access_bytes WHERE bytes >= access_bytes;
UPDATE circles SET version = version + 1, access_bytes = access_bytes +
(SELECT COALESCE(SUM(LENGTH(access.signature)), 0) FROM access WHERE access.circle_id = circles.circle_id) +
(SELECT COALESCE(SUM(LENGTH(wraps.wrap)), 0) FROM wraps WHERE wraps.circle_id = circles.circle_id);
