-- Step 2: the database itself refuses double bookings and rewritten history, whoever writes to it.
-- Intervals are half-open; 2880 minutes is the longest a room can be taken (12 h set-up, 24 h, 12 h
-- clear-up), which bounds every search to a range of an index. Lifted sessions are between two places
-- inside one commit of the gate and are compared when they land.

UPDATE session_instructor SET
    teach_from = (SELECT s.busy_from + s.setup_min FROM session s WHERE s.id = session_id),
    teach_to = (SELECT s.busy_to - s.clear_min FROM session s WHERE s.id = session_id);

CREATE TRIGGER session_room_insert AFTER INSERT ON session
WHEN NEW.status <> 'CANCELLED' AND NEW.lifted = 0
BEGIN
    SELECT RAISE(ABORT, 'room-overlap: the room is taken at that time')
    WHERE EXISTS (
        SELECT 1 FROM room mine JOIN room theirs ON theirs.hall_id = mine.hall_id
        JOIN session s ON s.room_id = theirs.id
        WHERE mine.id = NEW.room_id
          AND (theirs.id = mine.id OR mine.whole_hall = 1 OR theirs.whole_hall = 1)
          AND s.busy_from > NEW.busy_from - 2880 AND s.busy_from < NEW.busy_to AND s.busy_to > NEW.busy_from
          AND s.id <> NEW.id AND s.status <> 'CANCELLED' AND s.lifted = 0);
END;

CREATE TRIGGER session_room_update AFTER UPDATE OF room_id, date, start_min, minutes, setup_min, clear_min, status, lifted ON session
WHEN NEW.status <> 'CANCELLED' AND NEW.lifted = 0
 AND (OLD.status = 'CANCELLED' OR OLD.lifted = 1 OR NEW.room_id <> OLD.room_id
      OR NEW.busy_from <> OLD.busy_from OR NEW.busy_to <> OLD.busy_to)
BEGIN
    SELECT RAISE(ABORT, 'room-overlap: the room is taken at that time')
    WHERE EXISTS (
        SELECT 1 FROM room mine JOIN room theirs ON theirs.hall_id = mine.hall_id
        JOIN session s ON s.room_id = theirs.id
        WHERE mine.id = NEW.room_id
          AND (theirs.id = mine.id OR mine.whole_hall = 1 OR theirs.whole_hall = 1)
          AND s.busy_from > NEW.busy_from - 2880 AND s.busy_from < NEW.busy_to AND s.busy_to > NEW.busy_from
          AND s.id <> NEW.id AND s.status <> 'CANCELLED' AND s.lifted = 0);
END;

CREATE TRIGGER session_teach_update AFTER UPDATE OF date, start_min, minutes, setup_min, clear_min, status, lifted ON session
WHEN OLD.status <> NEW.status OR OLD.lifted <> NEW.lifted
  OR NEW.busy_from + NEW.setup_min <> OLD.busy_from + OLD.setup_min
  OR NEW.busy_to - NEW.clear_min <> OLD.busy_to - OLD.clear_min
BEGIN
    UPDATE session_instructor SET teach_from = NEW.busy_from + NEW.setup_min, teach_to = NEW.busy_to - NEW.clear_min
    WHERE session_id = NEW.id
      AND (teach_from <> NEW.busy_from + NEW.setup_min OR teach_to <> NEW.busy_to - NEW.clear_min);
    SELECT RAISE(ABORT, 'instructor-overlap: an instructor teaches elsewhere at that time')
    WHERE NEW.status <> 'CANCELLED' AND NEW.lifted = 0
      AND (OLD.status = 'CANCELLED' OR OLD.lifted = 1
           OR NEW.busy_from + NEW.setup_min <> OLD.busy_from + OLD.setup_min
           OR NEW.busy_to - NEW.clear_min <> OLD.busy_to - OLD.clear_min)
      AND EXISTS (
        SELECT 1 FROM session_instructor mine JOIN session_instructor theirs
          ON theirs.instructor_id = mine.instructor_id
        JOIN session s ON s.id = theirs.session_id
        WHERE mine.session_id = NEW.id AND theirs.session_id <> NEW.id
          AND theirs.teach_from > mine.teach_from - 1440 AND theirs.teach_from < mine.teach_to
          AND theirs.teach_to > mine.teach_from
          AND s.status <> 'CANCELLED' AND s.lifted = 0);
END;

CREATE TRIGGER session_instructor_insert AFTER INSERT ON session_instructor
BEGIN
    UPDATE session_instructor SET
        teach_from = (SELECT s.busy_from + s.setup_min FROM session s WHERE s.id = NEW.session_id),
        teach_to = (SELECT s.busy_to - s.clear_min FROM session s WHERE s.id = NEW.session_id)
    WHERE session_id = NEW.session_id AND position = NEW.position;
    SELECT RAISE(ABORT, 'instructor-overlap: the instructor teaches elsewhere at that time')
    WHERE EXISTS (
        SELECT 1 FROM session mine JOIN session_instructor theirs ON theirs.instructor_id = NEW.instructor_id
        JOIN session s ON s.id = theirs.session_id
        WHERE mine.id = NEW.session_id AND mine.status <> 'CANCELLED' AND mine.lifted = 0
          AND theirs.session_id <> NEW.session_id
          AND theirs.teach_from > mine.busy_from + mine.setup_min - 1440
          AND theirs.teach_from < mine.busy_to - mine.clear_min
          AND theirs.teach_to > mine.busy_from + mine.setup_min
          AND s.status <> 'CANCELLED' AND s.lifted = 0);
END;

CREATE TRIGGER session_instructor_update AFTER UPDATE OF session_id, instructor_id ON session_instructor
BEGIN
    UPDATE session_instructor SET
        teach_from = (SELECT s.busy_from + s.setup_min FROM session s WHERE s.id = NEW.session_id),
        teach_to = (SELECT s.busy_to - s.clear_min FROM session s WHERE s.id = NEW.session_id)
    WHERE session_id = NEW.session_id AND position = NEW.position;
    SELECT RAISE(ABORT, 'instructor-overlap: the instructor teaches elsewhere at that time')
    WHERE EXISTS (
        SELECT 1 FROM session mine JOIN session_instructor theirs ON theirs.instructor_id = NEW.instructor_id
        JOIN session s ON s.id = theirs.session_id
        WHERE mine.id = NEW.session_id AND mine.status <> 'CANCELLED' AND mine.lifted = 0
          AND theirs.session_id <> NEW.session_id
          AND theirs.teach_from > mine.busy_from + mine.setup_min - 1440
          AND theirs.teach_from < mine.busy_to - mine.clear_min
          AND theirs.teach_to > mine.busy_from + mine.setup_min
          AND s.status <> 'CANCELLED' AND s.lifted = 0);
END;

CREATE TRIGGER revision_keep BEFORE UPDATE ON revision BEGIN SELECT RAISE(ABORT, 'append-only: revision'); END;
CREATE TRIGGER revision_stay BEFORE DELETE ON revision BEGIN SELECT RAISE(ABORT, 'append-only: revision'); END;
CREATE TRIGGER audit_keep BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END;
CREATE TRIGGER audit_stay BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append-only: audit'); END;
