"""What every test starts from: no display, no sound card, a home of its own, fast tests first."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"
# Networks this small gain nothing from a second thread, and lose half their time on busy cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[1]
REAL_DATA = Path(os.environ.get("STREMO_REAL_DATA", ROOT.parent / "shared" / "data"))
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])
)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home, so that settings and recent projects of the machine are never touched."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(folder / name.lower()))
    return folder


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real recordings, when this machine has one; tests that need it skip otherwise."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"no real data at {REAL_DATA}; set STREMO_REAL_DATA to try it")
    return REAL_DATA


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests last, whatever the random order of the rest."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)
