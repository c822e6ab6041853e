"""The data folder: everything in it is declared, and is what it was when it was declared."""

import hashlib
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "fixtures"
DECLARED = tomllib.loads((FOLDER / "manifest.toml").read_text())["file"]


def test_every_file_is_declared_and_nothing_else():
    there = {file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*") if file.is_file()}
    assert there - {"manifest.toml"} == {row["name"] for row in DECLARED}
    assert len(DECLARED) == len(there) - 1


def test_every_file_is_as_declared():
    for row in DECLARED:
        assert row["origin"]
        assert row["licence"]
        assert hashlib.sha256((FOLDER / row["name"]).read_bytes()).hexdigest() == row["sha256"]
