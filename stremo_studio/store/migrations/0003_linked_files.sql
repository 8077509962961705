-- A local copy may begin later or earlier than the recording that the clips' times are of:
-- time in the file = time of the clip + shift.
ALTER TABLE recording ADD COLUMN shift REAL NOT NULL DEFAULT 0;

-- Steps that change a recording, column by column: path, audio, problem, shift.
CREATE TABLE recording_edit (
    id           INTEGER PRIMARY KEY,
    recording_id INTEGER NOT NULL REFERENCES recording (id),
    command_id   INTEGER NOT NULL REFERENCES command (id),
    field        TEXT NOT NULL,
    old,
    new
);

CREATE INDEX recording_edit_command ON recording_edit (command_id);
