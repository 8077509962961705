-- Steps that change what is known of a speaker, column by column. NULL = not said yet.
CREATE TABLE speaker_edit (
    id         INTEGER PRIMARY KEY,
    speaker_id INTEGER NOT NULL REFERENCES speaker (id),
    command_id INTEGER NOT NULL REFERENCES command (id),
    field      TEXT NOT NULL,
    old        TEXT,
    new        TEXT
);

CREATE INDEX speaker_edit_command ON speaker_edit (command_id);
CREATE INDEX speaker_edit_speaker ON speaker_edit (speaker_id);
CREATE INDEX clip_speaker ON clip (speaker_id);

-- A clip may have had no speaker: `old` and `new` of an edit can be NULL now.
CREATE TABLE clip_edit_with_nulls (
    id         INTEGER PRIMARY KEY,
    clip_id    INTEGER NOT NULL REFERENCES clip (id),
    command_id INTEGER NOT NULL REFERENCES command (id),
    field      TEXT NOT NULL,
    old,
    new
);
INSERT INTO clip_edit_with_nulls SELECT id, clip_id, command_id, field, old, new FROM clip_edit;
DROP TABLE clip_edit;
ALTER TABLE clip_edit_with_nulls RENAME TO clip_edit;
CREATE INDEX clip_edit_clip ON clip_edit (clip_id);
CREATE INDEX clip_edit_command ON clip_edit (command_id);
