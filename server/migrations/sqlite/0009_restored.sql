-- Since when a circle waits for its devices, because the operator said that the database was restored from a backup. Nothing
-- new is taken meanwhile, for 24 hours at most. Who has been here since has a row in `claims` for the access stream.

ALTER TABLE circles ADD COLUMN
    restored INTEGER;                -- ms since 1970; nothing for a circle that waits for nobody
