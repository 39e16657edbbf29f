-- Step 1: every word of DESIGN §2 as a STRICT table. Days are 'YYYY-MM-DD' local, minutes count from local
-- midnight, instants are UTC seconds. Ids are the offices' own codes, always text.

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE weight (name TEXT PRIMARY KEY, value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 100000)) STRICT;

CREATE TABLE travel_class (
    id TEXT PRIMARY KEY, name TEXT NOT NULL,
    detour_pct INTEGER NOT NULL CHECK (detour_pct BETWEEN 100 AND 1000),
    speed_kmh INTEGER NOT NULL CHECK (speed_kmh BETWEEN 1 AND 300),
    fixed_min INTEGER NOT NULL CHECK (fixed_min BETWEEN 0 AND 1440)
) STRICT;

-- parent_id has no foreign key: registers of different years disagree, and the parent as given is kept.
CREATE TABLE area (
    id TEXT PRIMARY KEY, code_system TEXT NOT NULL DEFAULT 'NBS',
    level TEXT NOT NULL CHECK (level IN ('city', 'county', 'township', 'village')),
    name TEXT NOT NULL, parent_id TEXT,
    lat_e6 INTEGER CHECK (lat_e6 BETWEEN -90000000 AND 90000000),
    lon_e6 INTEGER CHECK (lon_e6 BETWEEN -180000000 AND 180000000),
    travel_class_id TEXT REFERENCES travel_class(id),
    population INTEGER NOT NULL DEFAULT 0 CHECK (population >= 0)
) STRICT;
CREATE INDEX area_parent ON area(parent_id);
-- The same area under another official code system (13 townships differ between NBS and MCA).
CREATE TABLE area_code (
    code_system TEXT NOT NULL, code TEXT NOT NULL,
    area_id TEXT NOT NULL REFERENCES area(id) ON DELETE CASCADE,
    PRIMARY KEY (code_system, code)
) STRICT;
CREATE TABLE travel_override (
    from_area_id TEXT NOT NULL REFERENCES area(id), to_area_id TEXT NOT NULL REFERENCES area(id),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 1440),
    PRIMARY KEY (from_area_id, to_area_id)
) STRICT;

CREATE TABLE provider (id TEXT PRIMARY KEY, name TEXT NOT NULL, area_id TEXT REFERENCES area(id)) STRICT;
CREATE TABLE category (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE course (
    id TEXT PRIMARY KEY, name TEXT NOT NULL,
    category_id TEXT NOT NULL REFERENCES category(id),
    provider_id TEXT REFERENCES provider(id),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    setup_min INTEGER NOT NULL DEFAULT 0 CHECK (setup_min BETWEEN 0 AND 720),
    clear_min INTEGER NOT NULL DEFAULT 0 CHECK (clear_min BETWEEN 0 AND 720),
    facilities TEXT NOT NULL DEFAULT '',      -- words joined by ';'
    audience TEXT NOT NULL DEFAULT '',
    heads INTEGER NOT NULL DEFAULT 0 CHECK (heads >= 0),
    supply_limit INTEGER NOT NULL DEFAULT 0 CHECK (supply_limit >= 0),
    hall_quota INTEGER NOT NULL DEFAULT 0 CHECK (hall_quota >= 0),
    seasons TEXT NOT NULL DEFAULT '',         -- '03-01/06-30;09-01/12-31'
    parts TEXT NOT NULL DEFAULT '',           -- of 'morning;afternoon;evening'
    tags TEXT NOT NULL DEFAULT '',
    holidays_wanted INTEGER NOT NULL DEFAULT 0 CHECK (holidays_wanted IN (0, 1)),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE hall (
    id TEXT PRIMARY KEY, name TEXT NOT NULL,
    area_id TEXT NOT NULL REFERENCES area(id),
    address TEXT NOT NULL DEFAULT '',
    lat_e6 INTEGER, lon_e6 INTEGER,
    hours TEXT NOT NULL DEFAULT '',           -- scheduler/hours.h
    valid_from TEXT, valid_to TEXT,
    exempt INTEGER NOT NULL DEFAULT 0 CHECK (exempt IN (0, 1)),
    exempt_reason TEXT NOT NULL DEFAULT '',
    school_id TEXT REFERENCES provider(id),
    stars INTEGER NOT NULL DEFAULT 0 CHECK (stars BETWEEN 0 AND 5)
) STRICT;
CREATE INDEX hall_area ON hall(area_id);
CREATE TABLE room (
    id TEXT PRIMARY KEY, hall_id TEXT NOT NULL REFERENCES hall(id),
    name TEXT NOT NULL,
    capacity INTEGER NOT NULL DEFAULT 0 CHECK (capacity >= 0),
    facilities TEXT NOT NULL DEFAULT '',
    whole_hall INTEGER NOT NULL DEFAULT 0 CHECK (whole_hall IN (0, 1))
) STRICT;
CREATE INDEX room_hall ON room(hall_id);

CREATE TABLE instructor (
    id TEXT PRIMARY KEY, name TEXT NOT NULL,
    provider_id TEXT REFERENCES provider(id),
    home_area_id TEXT REFERENCES area(id),
    lat_e6 INTEGER, lon_e6 INTEGER,
    hours TEXT NOT NULL DEFAULT '',
    max_day INTEGER NOT NULL DEFAULT 0 CHECK (max_day >= 0),
    max_week INTEGER NOT NULL DEFAULT 0 CHECK (max_week >= 0),
    max_month INTEGER NOT NULL DEFAULT 0 CHECK (max_month >= 0),
    max_year INTEGER NOT NULL DEFAULT 0 CHECK (max_year >= 0),
    valid_from TEXT, valid_to TEXT,
    kind TEXT NOT NULL DEFAULT ''             -- 专职教师, 志愿者 …
) STRICT;
CREATE TABLE qualification (
    instructor_id TEXT NOT NULL REFERENCES instructor(id) ON DELETE CASCADE,
    course_id TEXT NOT NULL REFERENCES course(id) ON DELETE CASCADE,
    PRIMARY KEY (instructor_id, course_id)
) STRICT;

CREATE TABLE holiday (date TEXT PRIMARY KEY, name TEXT NOT NULL, is_off INTEGER NOT NULL CHECK (is_off IN (0, 1))) STRICT;
CREATE TABLE closure (
    id TEXT PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('room', 'hall', 'area')), target_id TEXT NOT NULL,
    strength TEXT NOT NULL CHECK (strength IN ('note', 'soft', 'hard')),
    from_date TEXT NOT NULL, to_date TEXT NOT NULL CHECK (to_date >= from_date),
    from_min INTEGER NOT NULL DEFAULT 0, to_min INTEGER NOT NULL DEFAULT 1440 CHECK (from_min >= 0 AND from_min < to_min AND to_min <= 1440),
    rule TEXT NOT NULL DEFAULT '',            -- scheduler/day_rule.h
    reason TEXT NOT NULL DEFAULT '', source TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE absence (
    id TEXT PRIMARY KEY, instructor_id TEXT NOT NULL REFERENCES instructor(id),
    from_date TEXT NOT NULL, to_date TEXT NOT NULL CHECK (to_date >= from_date),
    from_min INTEGER NOT NULL DEFAULT 0, to_min INTEGER NOT NULL DEFAULT 1440 CHECK (from_min >= 0 AND from_min < to_min AND to_min <= 1440),
    reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE request (
    id TEXT PRIMARY KEY,
    hall_id TEXT REFERENCES hall(id), area_id TEXT REFERENCES area(id),
    course_id TEXT NOT NULL REFERENCES course(id),
    sessions INTEGER NOT NULL DEFAULT 1 CHECK (sessions BETWEEN 1 AND 366),
    is_series INTEGER NOT NULL DEFAULT 0 CHECK (is_series IN (0, 1)),
    holiday_rule TEXT NOT NULL DEFAULT 'shift' CHECK (holiday_rule IN ('forbid', 'skip', 'shift')),
    from_date TEXT NOT NULL, to_date TEXT NOT NULL CHECK (to_date >= from_date),
    weekdays TEXT NOT NULL DEFAULT '',        -- ISO weekdays '1,2,5'; '' any
    parts TEXT NOT NULL DEFAULT '',
    priority INTEGER NOT NULL DEFAULT 5 CHECK (priority BETWEEN 1 AND 9),
    heads INTEGER NOT NULL DEFAULT 0 CHECK (heads >= 0),
    withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    CHECK ((hall_id IS NULL) <> (area_id IS NULL))
) STRICT;

CREATE TABLE series (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT REFERENCES request(id),
    holiday_rule TEXT NOT NULL DEFAULT 'shift' CHECK (holiday_rule IN ('forbid', 'skip', 'shift'))
) STRICT;

-- busy_from/busy_to: absolute local minutes since 1970-01-01, set-up to clear-up. `lifted` is 1 only inside a
-- commit that moves several sessions at once, so that two may change places.
CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id TEXT NOT NULL REFERENCES course(id),
    room_id TEXT NOT NULL REFERENCES room(id),
    date TEXT NOT NULL CHECK (date GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'
                              AND date(julianday(date)) = date), -- a real day: 02-30 would read as 03-02
    start_min INTEGER NOT NULL CHECK (start_min BETWEEN 0 AND 1439),
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    setup_min INTEGER NOT NULL DEFAULT 0 CHECK (setup_min BETWEEN 0 AND 720),
    clear_min INTEGER NOT NULL DEFAULT 0 CHECK (clear_min BETWEEN 0 AND 720),
    status TEXT NOT NULL DEFAULT 'CONFIRMED' CHECK (status IN ('TENTATIVE', 'CONFIRMED', 'CANCELLED')),
    request_id TEXT REFERENCES request(id),
    series_id INTEGER REFERENCES series(id),
    series_exception INTEGER NOT NULL DEFAULT 0 CHECK (series_exception IN (0, 1)),
    pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
    heads INTEGER NOT NULL DEFAULT 0 CHECK (heads >= 0),
    counts_as INTEGER NOT NULL DEFAULT 1 CHECK (counts_as BETWEEN 1 AND 100),
    note TEXT NOT NULL DEFAULT '',
    cancel_reason TEXT NOT NULL DEFAULT '',
    sequence INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
    created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    cancelled_at INTEGER NOT NULL DEFAULT 0,
    moved_at INTEGER NOT NULL DEFAULT 0, moved_from_date TEXT, moved_from_min INTEGER, moved_from_room_id TEXT,
    lifted INTEGER NOT NULL DEFAULT 0 CHECK (lifted IN (0, 1)),
    busy_from INTEGER NOT NULL GENERATED ALWAYS AS
        (CAST((julianday(date) - 2440587.5) * 1440 AS INTEGER) + start_min - setup_min) STORED,
    busy_to INTEGER NOT NULL GENERATED ALWAYS AS
        (CAST((julianday(date) - 2440587.5) * 1440 AS INTEGER) + start_min + minutes + clear_min) STORED
) STRICT;
CREATE INDEX session_room ON session(room_id, busy_from);
CREATE INDEX session_date ON session(date);
CREATE INDEX session_request ON session(request_id);
CREATE INDEX session_series ON session(series_id);
CREATE INDEX session_course ON session(course_id);

CREATE TABLE session_instructor (
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 3),
    instructor_id TEXT NOT NULL REFERENCES instructor(id),
    -- Absolute local minutes from start to end, copied from the session by triggers (step 2), so that an index
    -- finds who is taken when.
    teach_from INTEGER NOT NULL DEFAULT 0, teach_to INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (session_id, position), UNIQUE (session_id, instructor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_instructor_person ON session_instructor(instructor_id, teach_from);

-- A rule that an authorised person set aside for one session, with the reason.
CREATE TABLE override (
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    rule TEXT NOT NULL, reason TEXT NOT NULL CHECK (reason <> ''), actor TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (session_id, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE attendance (
    session_id INTEGER PRIMARY KEY REFERENCES session(id), -- no cascade: what was held is not lost with its session
    held INTEGER NOT NULL CHECK (held IN (0, 1)),
    heads INTEGER CHECK (heads >= 0), heads_60 INTEGER CHECK (heads_60 >= 0 AND heads_60 <= heads),
    satisfaction INTEGER CHECK (satisfaction BETWEEN 0 AND 100),
    note TEXT NOT NULL DEFAULT '', recorded_at INTEGER NOT NULL
) STRICT;

-- One row per commit; the counter only rises. undoes: the revision that this one took back.
CREATE TABLE revision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL, actor TEXT NOT NULL CHECK (actor <> ''), reason TEXT NOT NULL CHECK (reason <> ''),
    source TEXT NOT NULL, undoes INTEGER REFERENCES revision(id)
) STRICT;
CREATE TABLE audit (
    revision_id INTEGER NOT NULL REFERENCES revision(id), seq INTEGER NOT NULL,
    table_name TEXT NOT NULL, row_key TEXT NOT NULL,  -- row_key: JSON array of the key columns
    before TEXT, after TEXT,                          -- JSON objects; NULL: the row was not there
    PRIMARY KEY (revision_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_row ON audit(table_name, row_key);

-- Drafts: not published data, so they do not pass the gate; publishing them does.
CREATE TABLE plan (
    name TEXT PRIMARY KEY, base_revision INTEGER NOT NULL, created_at INTEGER NOT NULL, actor TEXT NOT NULL,
    from_date TEXT NOT NULL, to_date TEXT NOT NULL,
    published_revision INTEGER REFERENCES revision(id),
    summary TEXT NOT NULL                             -- JSON: seed, threads, iterations, wanted, placed, cost by term
) STRICT;
CREATE TABLE plan_series (
    plan_name TEXT NOT NULL REFERENCES plan(name) ON DELETE CASCADE, seq INTEGER NOT NULL,
    request_id TEXT NOT NULL, holiday_rule TEXT NOT NULL,
    PRIMARY KEY (plan_name, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_item (
    plan_name TEXT NOT NULL REFERENCES plan(name) ON DELETE CASCADE, seq INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('create', 'move', 'cancel')),
    session_id INTEGER, course_id TEXT NOT NULL, room_id TEXT NOT NULL, instructor_ids TEXT NOT NULL, -- ids joined by ';'
    date TEXT NOT NULL, start_min INTEGER NOT NULL, minutes INTEGER NOT NULL, setup_min INTEGER NOT NULL, clear_min INTEGER NOT NULL,
    request_id TEXT, series_id INTEGER,               -- < 0: -(seq of plan_series + 1)
    heads INTEGER NOT NULL,
    PRIMARY KEY (plan_name, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_refusal (
    plan_name TEXT NOT NULL REFERENCES plan(name) ON DELETE CASCADE, request_id TEXT NOT NULL,
    missing INTEGER NOT NULL, kind TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL,
    PRIMARY KEY (plan_name, request_id)
) STRICT, WITHOUT ROWID;
