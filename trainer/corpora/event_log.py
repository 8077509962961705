"""The studio's own log of a project (`events.jsonl`): an object a line, each with its `kind`."""

FORMAT = "stremo-studio-events"
VERSION = 1
PROJECT, CLIP, ANSWER, EDIT = "project", "clip", "answer", "edit"
