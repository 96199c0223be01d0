-- Since when a circle that was given back to this server waits for a coordinator's device. Nothing new is taken meanwhile,
-- for 72 hours at most.

ALTER TABLE circles ADD COLUMN
    returned INTEGER;                -- ms since 1970; nothing for a circle that waits for nobody
