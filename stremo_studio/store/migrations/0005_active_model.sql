-- Steps that change a setting of the project: which run is its active model. `old` is NULL where
-- the setting was not there.
CREATE TABLE setting_edit (
    id         INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    key        TEXT NOT NULL,
    old        TEXT,
    new        TEXT
);

CREATE INDEX setting_edit_command ON setting_edit (command_id);
