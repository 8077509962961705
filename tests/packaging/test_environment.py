"""The virtual environment: real ones without pip, and a stand-in pip that only says its lines."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import environment
import pytest
from environment import Environment, why_pip_failed
from progress import SetupError

PIP = """import os, sys
from pathlib import Path
folder = Path(__file__).parent
with open(folder / "calls", "a", encoding="utf-8") as calls:
    print(sys.argv[1:], os.environ.get("PIP_CONSTRAINT"), file=calls)
if "install" in sys.argv and (folder / "says").exists():
    print((folder / "says").read_text())
    sys.exit(1)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A project folder with a blank and an umlaut in its path, its environment and that pip."""
    monkeypatch.setattr(environment, "torch_source", list)
    root = tmp_path / "Mein Gerät"
    root.mkdir()
    (root / "pyproject.toml").write_text("[project]\n")
    made = Environment(root)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made.folder], check=True)
    pip = site_packages(made) / "pip"
    pip.mkdir()
    (pip / "__main__.py").write_text(PIP)
    return made


def site_packages(project: Environment) -> Path:
    (folder,) = project.folder.glob("**/site-packages")
    return folder


def test_an_environment_is_ready_once_set_up(project: Environment) -> None:
    assert not project.is_ready()
    project.set_up()
    assert project.is_ready()


def test_the_project_is_installed_editable_under_the_pins(project: Environment) -> None:
    project.set_up()
    calls = (site_packages(project) / "pip" / "calls").read_text(encoding="utf-8")
    assert f"'--editable', '{project.root}[dev]'" in calls
    assert environment.CONSTRAINTS.as_uri() in calls


def test_new_requirements_ask_for_a_new_set_up(project: Environment) -> None:
    project.set_up()
    (project.root / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    assert not project.is_ready()


def test_a_folder_that_moved_asks_for_a_new_set_up(project: Environment) -> None:
    project.set_up()
    moved = project.root.rename(project.root.with_name("elsewhere"))
    assert not Environment(moved).is_ready()


def test_an_environment_whose_python_is_gone_is_not_ready(project: Environment) -> None:
    project.set_up()
    project.python.unlink()
    assert not project.is_ready()


def test_an_interrupted_set_up_is_not_ready_and_the_next_one_repairs_it(
    project: Environment,
) -> None:
    project.set_up()
    says = site_packages(project) / "pip" / "says"
    says.write_text("killed")
    with pytest.raises(SetupError, match="killed"):
        project.set_up()
    assert not project.is_ready()
    says.unlink()
    project.set_up()
    assert project.is_ready()


def test_half_installed_packages_are_taken_away_so_that_pip_installs_them_again(
    project: Environment,
) -> None:
    whole, half = (site_packages(project) / f"{n}-1.0.dist-info" for n in ("whole", "half"))
    for folder in (whole, half):
        folder.mkdir()
        (folder / "METADATA").touch()
    (whole / "RECORD").touch()
    project.set_up()
    assert (whole.exists(), half.exists()) == (True, False)


def test_a_link_to_a_broken_environment_is_never_deleted_through(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "precious").touch()
    (tmp_path / ".venv").symlink_to(shared)
    with pytest.raises(SetupError, match="remove the link"):
        Environment(tmp_path).set_up()
    assert (shared / "precious").exists()


def test_a_link_to_an_environment_that_starts_is_used_as_it_is(
    project: Environment, tmp_path: Path
) -> None:
    worktree = tmp_path / "worktree"
    worktree.mkdir()
    (worktree / ".venv").symlink_to(project.folder)
    assert Environment(worktree).is_ready()


def test_being_offline_is_one_sentence(project: Environment) -> None:
    (site_packages(project) / "pip" / "says").write_text(
        "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError("
        "Temporary failure in name resolution)'\nERROR: No matching distribution found for torch"
    )
    with pytest.raises(SetupError, match=r"^The Python packages could not be fetched.*offline.*$"):
        project.set_up()


def test_a_full_disk_is_one_sentence() -> None:
    assert why_pip_failed(["ERROR: [Errno 28] No space left on device"]).startswith("The disk")


def test_any_other_failure_shows_the_last_words_of_pip() -> None:
    assert "ERROR: metadata generation failed" in why_pip_failed(
        ["ERROR: metadata generation failed"]
    )


class Index(BaseHTTPRequestHandler):
    """Answers every request for headers, silently."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Nothing on stderr."""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere PyPI's torch is the small one")
def test_the_index_of_small_torch_builds_is_used_only_when_it_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(environment, "NVIDIA", Path("/nowhere/nvidia"))
    with HTTPServer(("127.0.0.1", 0), Index) as server:
        index = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(environment, "CPU_TORCH", index)
        answering = Thread(target=server.handle_request)
        answering.start()
        assert environment.torch_source() == ["--extra-index-url", index]
        answering.join()
    assert environment.torch_source() == []


def test_a_machine_with_an_nvidia_driver_takes_the_usual_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "NVIDIA", tmp_path)
    assert environment.torch_source() == []
