BEGIN TRANSACTION;
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
, voice TEXT NOT NULL DEFAULT '', stands INTEGER REFERENCES annotation (id));
INSERT INTO "annotation" VALUES(1,1,1,'stremo','negative','anger',1,'import',NULL,'2026-11-28T10:10:39.315+00:00','import',NULL);
INSERT INTO "annotation" VALUES(2,2,1,'stremo','neutral','neutral',1,'import',NULL,'2026-11-28T10:10:39.315+00:00','import',NULL);
INSERT INTO "annotation" VALUES(3,3,1,'stremo','positive','happiness',1,'import',NULL,'2026-11-28T10:10:39.315+00:00','import',NULL);
INSERT INTO "annotation" VALUES(4,1,3,'Ann','negative','fear',0,'key',2500,'2026-11-28T10:10:39.339+00:00','Ann',NULL);
INSERT INTO "annotation" VALUES(5,2,4,'Ann','cannot_tell',NULL,1,'key',NULL,'2026-11-28T10:10:39.349+00:00','Ann',NULL);
INSERT INTO "annotation" VALUES(6,4,4,'Ann','cannot_tell',NULL,1,'key',NULL,'2026-11-28T10:10:39.349+00:00','Ann',NULL);
INSERT INTO "annotation" VALUES(7,2,5,'Ben','neutral',NULL,1,'key',NULL,'2026-11-28T10:10:39.353+00:00','Ben',NULL);
INSERT INTO "annotation" VALUES(8,2,6,'Ann','cannot_tell',NULL,1,'adjudication',NULL,'2026-11-28T10:10:39.359+00:00','adjudicated',NULL);
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
INSERT INTO "clip" VALUES(1,1,'stremo','-aaaaaaaaaa_1',3.0,9.0,1,'stremo:-aaaaaaaaaa',NULL,'','{"Filename": "-aaaaaaaaaa_1", "Language": "English", "Gender": "Female ", "Ethnicity": "White", "Accent": "", "Age": "16-25", "Clip Time From": "0:00:03", "Clip Time To": "0:00:09", "Video_Id": "-aaaaaaaaaa", "Source": "YouTube", "Emotion": "Anger"}',1,1,4,'negative','fear',0,0,'');
INSERT INTO "clip" VALUES(2,1,'stremo','-aaaaaaaaaa_2',10.0,12.0,1,'stremo:-aaaaaaaaaa',NULL,'','{"Filename": "-aaaaaaaaaa_2", "Language": "English", "Gender": "Female ", "Ethnicity": "White", "Accent": "", "Age": "16-25", "Clip Time From": "0:00:10", "Clip Time To": "0:00:12", "Video_Id": "-aaaaaaaaaa", "Source": "YouTube", "Emotion": "Neutral"}',1,1,8,'cannot_tell',NULL,1,0,'');
INSERT INTO "clip" VALUES(3,2,'stremo','bbbbbbbbbbb',60.0,61.0,2,'stremo:bbbbbbbbbbb',NULL,'','{"Filename": "bbbbbbbbbbb", "Language": "", "Gender": "Male", "Ethnicity": "", "Accent": "", "Age": "", "Clip Time From": "0:01:00", "Clip Time To": "0:01:00", "Video_Id": "bbbbbbbbbbb", "Source": "YouTube", "Emotion": "Happiness"}',1,1,3,'positive','happiness',1,1,'');
INSERT INTO "clip" VALUES(4,3,'stremo','ccccccccccc',120.0,124.0,3,'stremo:ccccccccccc',NULL,'','{"Filename": "ccccccccccc", "Language": "", "Gender": "Male", "Ethnicity": "", "Accent": "", "Age": "", "Clip Time From": "0:02:00", "Clip Time To": "0:02:04", "Video_Id": "ccccccccccc", "Source": "YouTube", "Emotion": ""}',1,1,6,'cannot_tell',NULL,1,0,'');
CREATE TABLE "clip_edit" (
    id         INTEGER PRIMARY KEY,
    clip_id    INTEGER NOT NULL REFERENCES clip (id),
    command_id INTEGER NOT NULL REFERENCES command (id),
    field      TEXT NOT NULL,
    old,
    new
);
INSERT INTO "clip_edit" VALUES(1,1,2,'present',0,1);
INSERT INTO "clip_edit" VALUES(2,2,2,'present',0,1);
INSERT INTO "clip_edit" VALUES(3,3,2,'present',0,1);
INSERT INTO "clip_edit" VALUES(4,4,2,'present',0,1);
INSERT INTO "clip_edit" VALUES(5,3,8,'flagged',0,1);
INSERT INTO "clip_edit" VALUES(6,3,9,'note','','laughter, très fort');
INSERT INTO "clip_edit" VALUES(7,3,10,'note','laughter, très fort','');
CREATE TABLE command (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL,
    sentence  TEXT NOT NULL,
    annotator TEXT NOT NULL,
    at        TEXT NOT NULL,
    undoes    INTEGER REFERENCES command (id)
);
INSERT INTO "command" VALUES(1,'staged','Import 4 clips of stremo','Ann','2026-11-28T10:10:39.315+00:00',NULL);
INSERT INTO "command" VALUES(2,'import','Import 4 clips of stremo','Ann','2026-11-28T10:10:39.329+00:00',NULL);
INSERT INTO "command" VALUES(3,'label','Label clip 1 negative (fear, not sure)','Ann','2026-11-28T10:10:39.339+00:00',NULL);
INSERT INTO "command" VALUES(4,'label','Label 2 clips cannot tell','Ann','2026-11-28T10:10:39.349+00:00',NULL);
INSERT INTO "command" VALUES(5,'label','Label clip 2 neutral','Ben','2026-11-28T10:10:39.353+00:00',NULL);
INSERT INTO "command" VALUES(6,'label','Settle clip 2 as cannot tell','Ann','2026-11-28T10:10:39.359+00:00',NULL);
INSERT INTO "command" VALUES(7,'describe','Set the accent of speaker ccccccccccc male to Irish','Ann','2026-11-28T10:10:39.369+00:00',NULL);
INSERT INTO "command" VALUES(8,'flag','Flag clip 3','Ann','2026-11-28T10:10:39.373+00:00',NULL);
INSERT INTO "command" VALUES(9,'note','Write the note of clip 3','Ann','2026-11-28T10:10:39.377+00:00',NULL);
INSERT INTO "command" VALUES(10,'undo','Write the note of clip 3','Ann','2026-11-28T10:10:39.381+00:00',9);
CREATE TABLE opinion (
    clip_id       INTEGER NOT NULL REFERENCES clip (id),
    annotator     TEXT NOT NULL,
    annotation_id INTEGER NOT NULL REFERENCES annotation (id),
    label         TEXT,
    emotion       TEXT,
    sure          INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (clip_id, annotator)
) WITHOUT ROWID;
INSERT INTO "opinion" VALUES(1,'Ann',4,'negative','fear',0);
INSERT INTO "opinion" VALUES(1,'import',1,'negative','anger',1);
INSERT INTO "opinion" VALUES(2,'Ann',5,'cannot_tell',NULL,1);
INSERT INTO "opinion" VALUES(2,'Ben',7,'neutral',NULL,1);
INSERT INTO "opinion" VALUES(2,'adjudicated',8,'cannot_tell',NULL,1);
INSERT INTO "opinion" VALUES(2,'import',2,'neutral','neutral',1);
INSERT INTO "opinion" VALUES(3,'import',3,'positive','happiness',1);
INSERT INTO "opinion" VALUES(4,'Ann',6,'cannot_tell',NULL,1);
CREATE TABLE recording (
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,
    path     TEXT,
    video_id TEXT,
    audio    TEXT NOT NULL,
    problem  TEXT NOT NULL DEFAULT ''
, shift REAL NOT NULL DEFAULT 0);
INSERT INTO "recording" VALUES(1,'youtube:-aaaaaaaaaa','/somewhere/-aaaaaaaaaa.webm','-aaaaaaaaaa','ready','',0.0);
INSERT INTO "recording" VALUES(2,'youtube:bbbbbbbbbbb',NULL,'bbbbbbbbbbb','missing','The video is private. If you may watch it, use your browser''s cookies; otherwise link a local copy.',0.0);
INSERT INTO "recording" VALUES(3,'youtube:ccccccccccc',NULL,'ccccccccccc','missing','No audio of ccccccccccc lies beside the sheet. Put it there and import again, or fetch it.',0.0);
INSERT INTO "recording" VALUES(4,'link:https://example.org/speech.mp3',NULL,NULL,'missing','Its audio has not been fetched yet.',0.0);
CREATE TABLE recording_edit (
    id           INTEGER PRIMARY KEY,
    recording_id INTEGER NOT NULL REFERENCES recording (id),
    command_id   INTEGER NOT NULL REFERENCES command (id),
    field        TEXT NOT NULL,
    old,
    new
);
CREATE TABLE run (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    folder  TEXT NOT NULL UNIQUE,
    recipe  TEXT NOT NULL,
    started TEXT NOT NULL
);
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "setting" VALUES('annotator','Ann');
INSERT INTO "setting" VALUES('colour','blue');
INSERT INTO "setting" VALUES('columns of stremo','["Filename", "Language", "Gender", "Ethnicity", "Accent", "Age", "Clip Time From", "Clip Time To", "Video_Id", "Source", "Emotion"]');
INSERT INTO "setting" VALUES('folder','/somewhere/p');
CREATE TABLE setting_edit (
    id         INTEGER PRIMARY KEY,
    command_id INTEGER NOT NULL REFERENCES command (id),
    key        TEXT NOT NULL,
    old        TEXT,
    new        TEXT
);
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
INSERT INTO "source" VALUES(1,'',0,'ready','','',0,'',0,'A title','A channel','2023-05-31','CC BY',61.5,'opus in webm',NULL,'','');
INSERT INTO "source" VALUES(2,'',0,'unavailable','private','Private video',1,'',0,'','','','',NULL,'',NULL,'','');
INSERT INTO "source" VALUES(3,'',0,'downloading','','',0,'',0,'','','','',NULL,'',NULL,'','');
INSERT INTO "source" VALUES(4,'https://example.org/speech.mp3',1,'not_fetched','','',0,'',0,'','','','',NULL,'',NULL,'','');
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
INSERT INTO "speaker" VALUES(1,'stremo','-aaaaaaaaaa female','female','16-25','English',NULL,'White');
INSERT INTO "speaker" VALUES(2,'stremo','bbbbbbbbbbb male','male',NULL,NULL,NULL,NULL);
INSERT INTO "speaker" VALUES(3,'stremo','ccccccccccc male','male',NULL,NULL,'Irish',NULL);
CREATE TABLE speaker_edit (
    id         INTEGER PRIMARY KEY,
    speaker_id INTEGER NOT NULL REFERENCES speaker (id),
    command_id INTEGER NOT NULL REFERENCES command (id),
    field      TEXT NOT NULL,
    old        TEXT,
    new        TEXT
);
INSERT INTO "speaker_edit" VALUES(1,3,7,'accent',NULL,'Irish');
CREATE INDEX clip_recording ON clip (recording_id);
CREATE INDEX clip_import ON clip (import_id);
CREATE INDEX clip_label ON clip (present, label);
CREATE INDEX clip_flagged ON clip (id) WHERE flagged = 1;
CREATE INDEX annotation_clip ON annotation (clip_id);
CREATE INDEX annotation_command ON annotation (command_id);
CREATE TRIGGER annotation_is_append_only_delete BEFORE DELETE ON annotation
WHEN (SELECT kind FROM command WHERE id = OLD.command_id) <> 'staging'
BEGIN SELECT RAISE (ABORT, 'annotations are only ever added'); END;
CREATE INDEX source_state ON source (state);
CREATE INDEX recording_edit_command ON recording_edit (command_id);
CREATE INDEX setting_edit_command ON setting_edit (command_id);
CREATE TRIGGER annotation_is_append_only_update BEFORE UPDATE ON annotation
BEGIN SELECT RAISE (ABORT, 'annotations are only ever added'); END;
CREATE INDEX opinion_annotator ON opinion (annotator, label);
CREATE INDEX opinion_newest ON opinion (annotation_id) WHERE annotator <> 'import';
CREATE INDEX annotation_decision ON annotation (id) WHERE source NOT IN ('import', 'undo');
CREATE INDEX speaker_edit_command ON speaker_edit (command_id);
CREATE INDEX speaker_edit_speaker ON speaker_edit (speaker_id);
CREATE INDEX clip_speaker ON clip (speaker_id);
CREATE INDEX clip_edit_clip ON clip_edit (clip_id);
CREATE INDEX clip_edit_command ON clip_edit (command_id);
COMMIT;
PRAGMA user_version = 7;
