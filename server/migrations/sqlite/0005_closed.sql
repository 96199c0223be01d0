-- When a circle was closed. 30 days later all of it goes.

ALTER TABLE circles ADD COLUMN
    closed INTEGER;                  -- ms since 1970; nothing while it is open, 0 while it is being removed
CREATE INDEX circles_closed ON circles (closed) WHERE closed IS NOT NULL;
