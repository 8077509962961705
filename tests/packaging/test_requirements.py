"""Every direct requirement has one pinned version, and nothing we stand on is under the GPL."""

import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PERMISSIVE = ("MIT", "BSD", "Apache", "ISC", "PSF", "Python", "Unlicense", "Zlib", "0BSD", "BSL")
WEAK_COPYLEFT = ("LGPL", "MPL", "Mozilla")


def direct_requirements() -> list[Requirement]:
    project = PROJECT["project"]
    extras = [text for group in project["optional-dependencies"].values() for text in group]
    return [Requirement(text) for text in project["dependencies"] + extras]


def pins() -> dict[str, str]:
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def everything_installed() -> dict[str, metadata.Distribution]:
    """Direct requirements and what they need in turn, by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = direct_requirements()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name not in found:
            found[name] = metadata.distribution(name)
            waiting += needs(found[name], requirement.extras or {""})
    return found


def needs(distribution: metadata.Distribution, extras: set[str]) -> Iterator[Requirement]:
    for requirement in map(Requirement, distribution.requires or []):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement


def licence(distribution: metadata.Distribution) -> str:
    about = distribution.metadata
    classifiers = [text for text in about.get_all("Classifier") or [] if "License ::" in text]
    said = about.get("License-Expression") or about.get("License") or ""
    named = said.strip().partition("\n")[0]  # some give the whole text, its name first
    return named if named and (len(said) < 200 or is_usable(named)) else "; ".join(classifiers)


def is_usable(terms: str) -> bool:
    """`A OR B` lets us choose; every part of the one chosen must be a licence we accept."""
    known = PERMISSIVE + WEAK_COPYLEFT
    return any(
        all(any(name in part for name in known) for part in choice.split(" AND "))
        for choice in terms.replace("CC0-1.0", "BSD").split(" OR ")
    )


def test_every_direct_requirement_is_pinned_to_a_version_it_allows() -> None:
    pinned = pins()
    for requirement in direct_requirements():
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])


def test_everything_that_gets_installed_is_pinned() -> None:
    assert [name for name in everything_installed() if name not in pins()] == []


def test_the_pins_are_sorted_and_named_once() -> None:
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    names = [line.split("==")[0].lower() for line in lines if not line.startswith("#")]
    assert names == sorted(set(names))


def test_nothing_we_stand_on_is_under_the_gpl() -> None:
    terms = {name: licence(found) for name, found in everything_installed().items()}
    assert {name: text for name, text in terms.items() if not is_usable(text)} == {}


@pytest.mark.parametrize(
    ("terms", "usable"),
    [
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True),
        ("MPL-2.0 AND MIT", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND GPL-2.0-only", False),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", False),
        ("", False),
    ],
)
def test_the_licence_rule_tells_good_from_bad(terms: str, usable: bool) -> None:
    assert is_usable(terms) is usable
