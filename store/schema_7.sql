-- Step 7: a correction may be typed (what the records of the period do not hold), and what was reported stays for good.
ALTER TABLE correction ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0 CHECK (by_hand IN (0, 1));

CREATE TRIGGER frozen_period_stay BEFORE DELETE ON frozen_period BEGIN SELECT RAISE(ABORT, 'frozen: a reported period'); END;
CREATE TRIGGER frozen_figure_stay BEFORE DELETE ON frozen_figure BEGIN SELECT RAISE(ABORT, 'frozen: a reported figure'); END;
CREATE TRIGGER correction_stay BEFORE DELETE ON correction BEGIN SELECT RAISE(ABORT, 'frozen: a correction'); END;
