"""What the rows of a sheet met while being read: which named rule each fell under."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from trainer.corpora.rows import NEEDS_YOU, SKIPPED, Finding

SHARED_RULES = {
    "times that cannot be read": (NEEDS_YOU, "{} clips have a time that is none."),
    "formula cells": (NEEDS_YOU, "{} rows hold a formula where a value belongs: left out."),
    "rows that stand twice": (SKIPPED, "{} rows repeat an earlier row cell by cell: left out."),
    "ids that stand twice": (NEEDS_YOU, "{} rows reuse an id for another clip: renamed."),
}
"""Rules of every sheet: severity and message, with the number of rows to fill in."""


@dataclass(slots=True)
class RowsMet:
    """Row or clip names by the rule they met, and the names given so far."""

    _by_rule: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _names: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _times: Counter[str] = field(default_factory=Counter)
    """How often a name was taken before; a sheet may have one name for all its rows."""

    def add(self, rule: str, name: str) -> None:
        """This row or clip fell under that rule."""
        self._by_rule[rule].append(name)

    def unique_name(self, name: str, cells: Mapping[str, str]) -> str | None:
        """The id, made unique when it stands twice; None for a repeated row."""
        if self._names.setdefault(name, cells) is cells:
            return name
        if self._names[name] == cells:
            self.add("rows that stand twice", name)
            return None
        while True:
            self._times[name] += 1
            other = f"{name} #{self._times[name] + 1}"
            if self._names.setdefault(other, cells) is cells:
                self.add("ids that stand twice", other)
                return other

    def findings(self, rules: Mapping[str, tuple[str, str]]) -> list[Finding]:
        """One finding for each rule that was met, in the order of the rules."""
        return [
            Finding(rule, severity, message.format(len(names)), tuple(names))
            for rule, (severity, message) in rules.items()
            if (names := self._by_rule.get(rule))
        ]
