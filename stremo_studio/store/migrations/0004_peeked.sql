-- An answer given after a look at the model's is a decision of its own source.
DROP INDEX annotation_decision;
CREATE INDEX annotation_decision ON annotation (id) WHERE source IN ('key', 'review', 'peek');
