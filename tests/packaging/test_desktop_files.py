"""The menu entry, the AppStream description and the icon agree with the project and each other."""

import tomllib
from configparser import ConfigParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
APP_ID = "io.github.stremo_studio.StrEmoStudio"
LINUX = ROOT / "packaging" / "linux"


@pytest.fixture
def entry() -> dict[str, str]:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(LINUX / f"{APP_ID}.desktop", encoding="utf-8")
    return dict(parser["Desktop Entry"])


@pytest.fixture
def description() -> ElementTree.Element:
    return ElementTree.parse(LINUX / f"{APP_ID}.metainfo.xml").getroot()


def test_the_menu_entry_starts_the_program_that_gets_installed(entry: dict[str, str]) -> None:
    assert entry["Type"] == "Application"
    assert entry["Exec"].split()[0] in PROJECT["scripts"]


def test_the_menu_entry_shows_our_icon(entry: dict[str, str]) -> None:
    icon = ElementTree.parse(LINUX / f"{entry['Icon']}.svg").getroot()
    assert icon.tag == "{http://www.w3.org/2000/svg}svg"


def test_lists_in_the_menu_entry_end_with_a_semicolon(entry: dict[str, str]) -> None:
    assert entry["Categories"].endswith(";")
    assert entry["Keywords"].endswith(";")


def test_the_description_belongs_to_the_menu_entry(
    entry: dict[str, str], description: ElementTree.Element
) -> None:
    assert description.findtext("id") == APP_ID
    assert description.findtext("launchable") == f"{APP_ID}.desktop"
    assert description.findtext("summary") == entry["Comment"]


def test_the_description_names_the_newest_version_first(description: ElementTree.Element) -> None:
    release = description.find("releases/release")
    assert release is not None
    assert release.get("version") == PROJECT["version"]


def test_the_description_names_every_program(description: ElementTree.Element) -> None:
    binaries = [element.text for element in description.findall("provides/binary")]
    assert binaries == list(PROJECT["scripts"])


def test_the_description_carries_the_licence_of_the_project(
    description: ElementTree.Element,
) -> None:
    assert description.findtext("project_license") == PROJECT["license"]
