-- Step 6: calendars that are followed, and the records that each made. Neither is published data: they are written beside
-- the gate and have no revision. What a reading brings goes through the gate like any import.
CREATE TABLE follow (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,                       -- https://…, http://…, or the absolute name of a file
    kind TEXT NOT NULL,                         -- 'closures', 'absences', 'holidays'
    scope TEXT NOT NULL, target TEXT NOT NULL,  -- 'hall' and its id …; '': halls by LOCATION, or holidays
    interval_s INTEGER NOT NULL CHECK (interval_s >= 1),
    allow_private INTEGER NOT NULL DEFAULT 0 CHECK (allow_private IN (0, 1)),
    created_at INTEGER NOT NULL,
    etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '', digest TEXT NOT NULL DEFAULT '', -- of the newest good reading
    read_at INTEGER NOT NULL DEFAULT 0,         -- the newest time that all of it was taken in; 0: never
    checked_at INTEGER NOT NULL DEFAULT 0,      -- the newest try
    failures INTEGER NOT NULL DEFAULT 0,        -- in a row
    outcome TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '',
    UNIQUE (source, kind, scope, target)
) STRICT;
CREATE TABLE follow_row (
    follow_id INTEGER NOT NULL REFERENCES follow(id) ON DELETE CASCADE,
    row_id TEXT NOT NULL,                       -- of a closure or absence, or a holiday's date
    PRIMARY KEY (follow_id, row_id)
) STRICT, WITHOUT ROWID;
