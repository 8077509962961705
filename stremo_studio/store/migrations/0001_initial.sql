-- What a project keeps. Answers and edits are rows that are only ever added; `clip` holds the
-- current state, folded from them, so that the worklist is one indexed query.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- One step of the history; or the writing of an import's rows, hidden until a step shows them:
-- kind 'staging' while it goes on (garbage after a crash), then 'staged'.
-- `undoes` names the command that this one takes back; the undo and redo stacks follow from it.
CREATE TABLE command (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL,
    sentence  TEXT NOT NULL,
    annotator TEXT NOT NULL,
    at        TEXT NOT NULL,
    undoes    INTEGER REFERENCES command (id)
);

CREATE TABLE recording (
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,
    path     TEXT,
    video_id TEXT,
    audio    TEXT NOT NULL,
    problem  TEXT NOT NULL DEFAULT ''
);

CREATE TABLE speaker (
    id        INTEGER PRIMARY KEY,
    corpus    TEXT NOT NULL,
    name      TEXT NOT NULL,
    gender    TEXT,
    age       TEXT,
    language  TEXT,
    accent    TEXT,
    ethnicity TEXT,
    UNIQUE (corpus, name)
);

CREATE TABLE clip (
    id            INTEGER PRIMARY KEY,
    recording_id  INTEGER NOT NULL REFERENCES recording (id),
    corpus        TEXT NOT NULL,
    name          TEXT NOT NULL,
    start         REAL NOT NULL,
    end           REAL NOT NULL,
    speaker_id    INTEGER REFERENCES speaker (id),
    group_key     TEXT NOT NULL,
    transcript    TEXT,
    problem       TEXT NOT NULL DEFAULT '',     -- why this span cannot be heard
    source_cells  TEXT,                         -- the sheet's row as JSON, for a lossless export
    import_id     INTEGER NOT NULL REFERENCES command (id),   -- the staging it came with
    present       INTEGER NOT NULL DEFAULT 0,   -- 0 while staged, and after an undone import
    annotation_id INTEGER REFERENCES annotation (id),
    label         TEXT,
    emotion       TEXT,
    sure          INTEGER NOT NULL DEFAULT 1,
    flagged       INTEGER NOT NULL DEFAULT 0,
    note          TEXT NOT NULL DEFAULT '',
    UNIQUE (corpus, name)
);

CREATE INDEX clip_recording ON clip (recording_id);
CREATE INDEX clip_import ON clip (import_id);
CREATE INDEX clip_label ON clip (present, label);
CREATE INDEX clip_flagged ON clip (id) WHERE flagged = 1;

CREATE TABLE annotation (
    id         INTEGER PRIMARY KEY,
    clip_id    INTEGER NOT NULL REFERENCES clip (id),
    command_id INTEGER NOT NULL REFERENCES command (id),
    annotator  TEXT NOT NULL,
    label      TEXT,
    emotion    TEXT,
    sure       INTEGER NOT NULL DEFAULT 1,
    source     TEXT NOT NULL,
    heard_ms   INTEGER,
    at         TEXT NOT NULL
);

CREATE INDEX annotation_clip ON annotation (clip_id);
CREATE INDEX annotation_command ON annotation (command_id);
CREATE INDEX annotation_decision ON annotation (id) WHERE source IN ('key', 'review');

CREATE TRIGGER annotation_is_append_only_update BEFORE UPDATE ON annotation
BEGIN SELECT RAISE (ABORT, 'annotations are only ever added'); END;

-- An import that never ended was never seen: only its rows may go.
CREATE TRIGGER annotation_is_append_only_delete BEFORE DELETE ON annotation
WHEN (SELECT kind FROM command WHERE id = OLD.command_id) <> 'staging'
BEGIN SELECT RAISE (ABORT, 'annotations are only ever added'); END;

-- Edits of anything but the label, column by column: flagged, note, present.
CREATE TABLE clip_edit (
    id         INTEGER PRIMARY KEY,
    clip_id    INTEGER NOT NULL REFERENCES clip (id),
    command_id INTEGER NOT NULL REFERENCES command (id),
    field      TEXT NOT NULL,
    old        NOT NULL,
    new        NOT NULL
);

CREATE INDEX clip_edit_clip ON clip_edit (clip_id);
CREATE INDEX clip_edit_command ON clip_edit (command_id);

CREATE TABLE run (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    folder  TEXT NOT NULL UNIQUE,
    recipe  TEXT NOT NULL,
    started TEXT NOT NULL
);
