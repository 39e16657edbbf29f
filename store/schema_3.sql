-- Step 3: a draft says which meetings it moves out of their series' rhythm on purpose.
ALTER TABLE plan_item ADD COLUMN series_exception INTEGER NOT NULL DEFAULT 0 CHECK (series_exception IN (0, 1));
