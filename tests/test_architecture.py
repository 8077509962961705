"""The plan of the house, one sentence a test. When a design does not carry, change the design."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_archon import archrule

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(p for top in ("stremo_studio", "trainer") for p in (ROOT / top).rglob("*.py"))
QT = ("PySide6*", "pyqtgraph*", "shiboken6*")
TORCH = ("torch*", "transformers*", "torchaudio*", "sklearn*", "pandas*")
TORCH_FREE_ROOMS = (
    "trainer.contract*",
    "trainer.corpora*",
    "trainer.scores",
    "trainer.sound.decoding",
)


def test_qt_lives_only_under_ui() -> None:
    for package in ("domain", "store", "media", "formats", "project"):
        archrule(f"no Qt in {package}").match(f"stremo_studio.{package}*").should_not_import(
            *QT, "stremo_studio.ui*"
        ).check("stremo_studio", skip_type_checking=True)


def test_sql_lives_only_under_store() -> None:
    archrule("sqlite3").match("stremo_studio*").exclude("stremo_studio.store*").should_not_import(
        "sqlite3"
    ).check("stremo_studio", only_direct_imports=True)


def test_yt_dlp_lives_only_in_the_downloader() -> None:
    archrule("yt-dlp").match("stremo_studio*").exclude(
        "stremo_studio.downloader*"
    ).should_not_import("yt_dlp*").check("stremo_studio", only_direct_imports=True)


def test_the_downloader_knows_no_project_and_no_window() -> None:
    archrule("downloader").match("stremo_studio.downloader*").should_not_import(
        *QT, "stremo_studio.project*", "stremo_studio.store*", "stremo_studio.ui*"
    ).check("stremo_studio")


def test_the_rest_of_the_studio_knows_only_the_downloaders_messages() -> None:
    archrule("messages").match("stremo_studio*").exclude(
        "stremo_studio.downloader*"
    ).should_not_import("stremo_studio.downloader*").may_import(
        "stremo_studio.downloader", "stremo_studio.downloader.messages"
    ).check("stremo_studio", only_direct_imports=True)


def test_torch_never_enters_the_studio() -> None:
    archrule("torch").match("stremo_studio*").should_not_import(*TORCH).check("stremo_studio")


def test_the_studio_knows_only_the_torch_free_rooms_of_the_trainer() -> None:
    archrule("rooms").match("stremo_studio*").should_not_import("trainer*").may_import(
        *TORCH_FREE_ROOMS
    ).check("stremo_studio", only_direct_imports=True)


def test_the_torch_free_rooms_import_no_torch() -> None:
    archrule("torch-free").match(*TORCH_FREE_ROOMS).should_not_import(*TORCH).check("trainer")


def test_the_trainer_never_imports_the_studio() -> None:
    archrule("trainer").match("trainer*").should_not_import("stremo_studio*", *QT).check("trainer")


def test_the_domain_imports_nothing_of_the_house() -> None:
    archrule("domain").match("stremo_studio.domain*").should_not_import(
        "stremo_studio*", "trainer*"
    ).may_import("stremo_studio.domain*").check("stremo_studio", only_direct_imports=True)


def test_the_store_knows_only_the_domain() -> None:
    archrule("store").match("stremo_studio.store*").should_not_import(
        "stremo_studio.project*", "stremo_studio.media*", "stremo_studio.app", "trainer*"
    ).check("stremo_studio", only_direct_imports=True)


def test_formats_are_pure() -> None:
    archrule("formats").match("stremo_studio.formats*").should_not_import(
        *QT, "sqlite3", "stremo_studio*"
    ).may_import("stremo_studio.formats*", "stremo_studio.domain*").check(
        "stremo_studio", only_direct_imports=True
    )


def test_media_knows_no_project() -> None:
    archrule("media").match("stremo_studio.media*").should_not_import(
        "stremo_studio.project*", "stremo_studio.store*", "stremo_studio.app"
    ).check("stremo_studio", only_direct_imports=True)


@pytest.mark.parametrize("module", ["stremo_studio.app", "stremo_studio.__main__"])
def test_importing_the_app_imports_nothing_heavy(module: str) -> None:
    heavy = ("torch", "transformers", "torchaudio", "sklearn", "pandas", "yt_dlp", "scipy")
    program = f"import {module}, sys; print([m for m in {heavy!r} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert result.stdout.strip() == "[]"


def test_no_import_cycles() -> None:
    modules = {_module(path): path for path in SOURCES}
    graph = {name: set(_imports(path)) & set(modules) for name, path in modules.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for other in graph[name]:
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_no_file_is_longer_than_350_lines() -> None:
    assert {str(p): n for p in SOURCES if (n := len(_lines(p))) > 350} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert [w for w, kind, n in _definitions() if isinstance(kind, functions) and n > 50] == []


def test_no_class_is_longer_than_250_lines() -> None:
    assert [w for w, kind, n in _definitions() if isinstance(kind, ast.ClassDef) and n > 250] == []


def test_init_files_are_empty() -> None:
    assert [str(p) for p in SOURCES if p.name == "__init__.py" and p.read_text().strip()] == []


def test_every_module_says_what_it_is() -> None:
    silent = [p for p in SOURCES if p.name != "__init__.py" and not ast.get_docstring(_tree(p))]
    assert [str(p) for p in silent] == []


def test_no_name_says_nothing() -> None:
    empty = ("Manager", "Handler", "Helper", "Controller", "Service")
    named = [w for w, kind, _ in _definitions() if isinstance(kind, ast.ClassDef)]
    assert [w for w in named if w.endswith(empty)] == []
    assert [str(p) for p in SOURCES if p.stem in ("utils", "common", "base", "helpers")] == []


def test_no_lambda_holds_self_in_a_connection() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "connect"
        and any(isinstance(a, ast.Lambda) for a in node.args)
    ]
    assert found == []


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _definitions() -> Iterator[tuple[str, ast.AST, int]]:
    for path in SOURCES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{path.relative_to(ROOT)}: {node.name}", node, size


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
