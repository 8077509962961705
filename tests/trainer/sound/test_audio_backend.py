"""torchaudio is usable beside any torch, and its real faults still show."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

EXTENSION = """
from .utils import _load_lib
COMPILED = _load_lib("_torchaudio")
"""


def _run(program: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """In a fresh process: a module is imported only once in each."""
    head = f"import sys; sys.path.insert(0, {str(path)!r})\n" if path else ""
    return subprocess.run(
        [sys.executable, "-c", head + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.fixture
def fake(tmp_path: Path) -> Path:
    """A torchaudio laid out like the real one, for the machines that this one is not."""
    extension = tmp_path / "torchaudio" / "_extension"
    extension.mkdir(parents=True)
    (extension / "__init__.py").write_text(EXTENSION)
    (tmp_path / "torchaudio" / "__init__.py").write_text("from . import _extension\n")
    return tmp_path


def _write_loader(fake: Path, body: str) -> None:
    (fake / "torchaudio/_extension/utils.py").write_text(f"def _load_lib(lib):\n    {body}\n")


def test_features_and_resampling_work_here() -> None:
    import torch

    from trainer.sound.audio_backend import torchaudio

    tone = torch.sin(torch.arange(16_000) * 440 * 2 * torch.pi / 16_000)
    half = torchaudio.functional.resample(tone, 16_000, 8_000)
    assert half.shape == (8_000,)
    assert torch.fft.rfft(half).abs().argmax() == 440
    mfcc = torchaudio.transforms.MFCC(16_000, n_mfcc=13, melkwargs={"n_mels": 40})
    assert mfcc(tone).isfinite().all()


@pytest.mark.slow
def test_transformers_speech_models_import_after_it() -> None:
    done = _run("""
        import trainer.sound.audio_backend
        from transformers import HubertForSequenceClassification
        print(HubertForSequenceClassification.__name__)
        """)
    assert done.stdout.strip() == "HubertForSequenceClassification", done.stderr


def test_a_compiled_part_that_cannot_load_is_done_without(fake: Path) -> None:
    _write_loader(fake, 'raise OSError("libc10_cuda.so: cannot open shared object file")')
    done = _run(
        "from trainer.sound.audio_backend import torchaudio as t\nprint(t._extension.COMPILED)",
        fake,
    )
    assert done.stdout.strip() == "False", done.stderr


def test_a_compiled_part_that_loads_is_left_alone(fake: Path) -> None:
    _write_loader(fake, "return True")
    done = _run(
        "from trainer.sound.audio_backend import torchaudio as t\nprint(t._extension.COMPILED)",
        fake,
    )
    assert done.stdout.strip() == "True", done.stderr


@pytest.mark.parametrize("error", ["OSError", "RuntimeError", "ImportError"])
def test_any_other_error_of_torchaudio_still_shows(fake: Path, error: str) -> None:
    _write_loader(fake, "return True")
    with (fake / "torchaudio/__init__.py").open("a") as file:
        file.write(f"raise {error}('something else is wrong')\n")
    done = _run("import trainer.sound.audio_backend", fake)
    assert done.returncode == 1
    assert done.stderr.strip().endswith(f"{error}: something else is wrong")
