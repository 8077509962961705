"""Where the files under `resources/` lie: beside the sources in a checkout, inside the package
in an installed or frozen build."""

from pathlib import Path


def resource(*parts: str) -> Path:
    """Path of a resource, e.g. `resource("label_schemes", "stremo.toml")`."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "resources"
    root = installed if installed.is_dir() else package.parent / "resources"
    return root.joinpath(*parts)
