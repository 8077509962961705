-- How the audio of a recording is fetched, and what its site said of it. A recording without a
-- row was never asked for: its video id, if it has one, is link enough.

CREATE TABLE source (
    recording_id INTEGER PRIMARY KEY REFERENCES recording (id) ON DELETE CASCADE,
    link         TEXT NOT NULL DEFAULT '',    -- '' = made from the video id
    added        INTEGER NOT NULL DEFAULT 0,  -- 1 = listed also while no clip is in it
    state        TEXT NOT NULL DEFAULT 'not_fetched',
    fault        TEXT NOT NULL DEFAULT '',    -- kind, see domain/source_fault.py
    said         TEXT NOT NULL DEFAULT '',    -- the downloader's own words
    attempts     INTEGER NOT NULL DEFAULT 0,
    next_try     TEXT NOT NULL DEFAULT '',    -- UTC, ISO 8601
    confirmed    INTEGER NOT NULL DEFAULT 0,  -- wanted although very long
    title        TEXT NOT NULL DEFAULT '',
    channel      TEXT NOT NULL DEFAULT '',
    uploaded     TEXT NOT NULL DEFAULT '',
    licence      TEXT NOT NULL DEFAULT '',
    duration     REAL,                        -- seconds, as decoded
    format       TEXT NOT NULL DEFAULT '',
    size         INTEGER,                     -- bytes
    sha256       TEXT NOT NULL DEFAULT '',
    fetched_at   TEXT NOT NULL DEFAULT ''
);

CREATE INDEX source_state ON source (state);
