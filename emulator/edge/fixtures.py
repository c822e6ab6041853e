"""The data that ships with the emulator: model series and drawn scenes, as TOML."""

import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


def models() -> dict[str, Any]:
    """Return the table of model series and example models."""
    return _read("models.toml")


def scene_names() -> list[str]:
    """Return the names of the drawn scenes."""
    found = (_folder() / "scenes").iterdir()
    return sorted(file.name.removesuffix(".toml") for file in found if file.name.endswith(".toml"))


def scene(name: str) -> dict[str, Any]:
    """Return the scene of one of `scene_names()`."""
    return _read(f"scenes/{name}.toml")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_folder() / name).read_text("utf-8"))


def _folder() -> Traversable:
    # A wheel carries the folder inside the package; a checkout keeps it at its top.
    packed = resources.files("emulator") / "_fixtures"
    return packed if packed.is_dir() else Path(__file__).resolve().parents[2] / "fixtures"
