-- Several annotators. Every annotation says whose answer it changes (`voice`: its annotator's,
-- `import` for the label that a clip came with, `adjudicated` for one that settles a disagreement);
-- one written by an undo or redo names the annotation that it brings back, NULL for none.
ALTER TABLE annotation ADD COLUMN voice TEXT NOT NULL DEFAULT '';
ALTER TABLE annotation ADD COLUMN stands INTEGER REFERENCES annotation (id);

-- What is known of older rows is written down once; afterwards they are as closed as before.
DROP TRIGGER annotation_is_append_only_update;

UPDATE annotation SET voice = CASE source WHEN 'import' THEN 'import' ELSE annotator END;

-- An undo concerns the voice of what it takes back, also where that was an undo itself.
WITH RECURSIVE back (id, at) AS (
    SELECT id, id FROM annotation WHERE source = 'undo'
    UNION ALL
    SELECT back.id, taken.id FROM back
    JOIN annotation u ON u.id = back.at AND u.source = 'undo'
    JOIN command c ON c.id = u.command_id
    JOIN annotation taken ON taken.command_id = c.undoes AND taken.clip_id = u.clip_id
)
UPDATE annotation SET voice = given.voice FROM back JOIN annotation given ON given.id = back.at
WHERE annotation.id = back.id AND given.source <> 'undo';

WITH RECURSIVE before (id, at) AS (
    SELECT id, id FROM annotation WHERE source = 'undo'
    UNION ALL
    SELECT before.id, (SELECT max(id) FROM annotation p
                       WHERE p.clip_id = u.clip_id AND p.voice = u.voice AND p.id < taken.id)
    FROM before
    JOIN annotation u ON u.id = before.at AND u.source = 'undo'
    JOIN command c ON c.id = u.command_id
    JOIN annotation taken ON taken.command_id = c.undoes AND taken.clip_id = u.clip_id
)
UPDATE annotation SET stands = given.id FROM before JOIN annotation given ON given.id = before.at
WHERE annotation.id = before.id AND given.source <> 'undo';

CREATE TRIGGER annotation_is_append_only_update BEFORE UPDATE ON annotation
BEGIN SELECT RAISE (ABORT, 'annotations are only ever added'); END;

-- Each voice's current answer, folded from the annotations in the transaction that adds them.
-- `label` NULL: cleared on purpose, which is an answer; a voice without a row gave none.
CREATE TABLE opinion (
    clip_id       INTEGER NOT NULL REFERENCES clip (id),
    annotator     TEXT NOT NULL,
    annotation_id INTEGER NOT NULL REFERENCES annotation (id),
    label         TEXT,
    emotion       TEXT,
    sure          INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (clip_id, annotator)
) WITHOUT ROWID;

INSERT INTO opinion
SELECT last.clip_id, last.voice, given.id, given.label, given.emotion, given.sure
FROM (SELECT max(id) AS id FROM annotation GROUP BY clip_id, voice) newest
JOIN annotation last ON last.id = newest.id
JOIN annotation given ON given.id = CASE last.source WHEN 'undo' THEN last.stands ELSE last.id END;

CREATE INDEX opinion_annotator ON opinion (annotator, label);
CREATE INDEX opinion_newest ON opinion (annotation_id) WHERE annotator <> 'import';

-- Where two people had answered differently, the last one's answer was the label; now it is the
-- answer of most, and none at a tie (domain/consensus.py).
WITH vote AS (
    SELECT clip_id, label, count(*) AS votes, max(annotation_id) AS newest FROM opinion
    WHERE annotator <> 'import' AND label IS NOT NULL GROUP BY clip_id, label
), first AS (
    SELECT clip_id, max(votes) AS votes FROM vote GROUP BY clip_id HAVING count(*) > 1
), winner AS (
    SELECT vote.clip_id, CASE count(*) WHEN 1 THEN max(vote.label) ELSE 'disputed' END AS label,
           CASE count(*) WHEN 1 THEN max(vote.newest) END AS annotation_id
    FROM vote JOIN first USING (clip_id, votes) GROUP BY vote.clip_id
)
UPDATE clip SET label = w.label, annotation_id = w.annotation_id, emotion = NULL, sure = 1
FROM winner w WHERE w.clip_id = clip.id;

DROP INDEX annotation_decision;
CREATE INDEX annotation_decision ON annotation (id) WHERE source NOT IN ('import', 'undo');
