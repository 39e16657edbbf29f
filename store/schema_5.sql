-- Step 5: what became of a session, and periods that were reported and stay as they were reported.

-- held 1 and outside 1: it took place, but not in the hall (reason says where and why); held 0 needs a reason too.
ALTER TABLE attendance ADD COLUMN outside INTEGER NOT NULL DEFAULT 0 CHECK (outside IN (0, 1) AND outside <= held);
ALTER TABLE attendance ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE attendance ADD COLUMN recorded_by TEXT NOT NULL DEFAULT '';

-- One row a reported period. revision: what was known then. Rows pass the gate; their figures never change.
CREATE TABLE frozen_period (
    id TEXT PRIMARY KEY,                               -- the office's own name for it: '2026-H1'
    from_date TEXT NOT NULL, to_date TEXT NOT NULL CHECK (to_date >= from_date),
    area_id TEXT NOT NULL,                             -- no reference: what was reported stays when areas merge; '*': the city
    minimum INTEGER NOT NULL CHECK (minimum >= 1),
    revision INTEGER NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''), actor TEXT NOT NULL CHECK (actor <> ''), at INTEGER NOT NULL
) STRICT;
-- name: 'sessions', 'heads', 'halls-held/1 numerator' … (reports/freeze.h)
CREATE TABLE frozen_figure (
    period_id TEXT NOT NULL REFERENCES frozen_period(id), area_id TEXT NOT NULL, name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (period_id, area_id, name)
) STRICT, WITHOUT ROWID;
-- A later entry: by how much a frozen figure turned out to be wrong, who says so and why. revision: what was known then.
CREATE TABLE correction (
    period_id TEXT NOT NULL REFERENCES frozen_period(id), area_id TEXT NOT NULL, name TEXT NOT NULL,
    revision INTEGER NOT NULL, difference INTEGER NOT NULL CHECK (difference <> 0),
    reason TEXT NOT NULL CHECK (reason <> ''), actor TEXT NOT NULL CHECK (actor <> ''), at INTEGER NOT NULL,
    PRIMARY KEY (period_id, area_id, name, revision)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER frozen_period_keep BEFORE UPDATE ON frozen_period BEGIN SELECT RAISE(ABORT, 'frozen: a reported period'); END;
CREATE TRIGGER frozen_figure_keep BEFORE UPDATE ON frozen_figure BEGIN SELECT RAISE(ABORT, 'frozen: a reported figure'); END;
CREATE TRIGGER correction_keep BEFORE UPDATE ON correction BEGIN SELECT RAISE(ABORT, 'frozen: a correction'); END;
