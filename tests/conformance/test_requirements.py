"""The catalogue: ids and levels typed out from the document, then its form, then independence."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUE = tomllib.loads((ROOT / "conformance" / "requirements.toml").read_text(encoding="utf-8"))
REQUIREMENTS = CATALOGUE["requirement"]

# id: (level, chapter). Ids and levels as in the catalogue document, in its order within a chapter.
EXPECTED = {
    "GATE-01": ("MUST", "gate"),
    "GATE-02": ("MUST", "gate"),
    "GATE-03": ("MUST", "gate"),
    "GATE-04": ("MUST", "gate"),
    "GATE-05": ("MUST", "gate"),
    "GATE-06": ("SHOULD", "gate"),
    "SET-01": ("MUST", "settings"),
    "SET-02": ("MUST", "settings"),
    "SET-03": ("MUST", "settings"),
    "SET-04": ("MUST", "settings"),
    "SET-05": ("MUST", "settings"),
    "SET-06": ("MUST", "settings"),
    "SET-07": ("MUST", "settings"),
    "SET-08": ("SHOULD", "settings"),
    "BEH-01": ("MUST", "behaviour"),
    "BEH-02": ("MUST", "behaviour"),
    "BEH-03": ("MUST", "behaviour"),
    "BEH-04": ("MUST", "behaviour"),
    "BEH-05": ("MUST", "behaviour"),
    "BEH-06": ("MUST", "behaviour"),
    "BEH-07": ("SHOULD", "behaviour"),
    "REG-01": ("MUST", "region"),
    "REG-02": ("MUST", "region"),
    "REG-03": ("SHOULD", "region"),
    "SCH-01": ("MUST", "schedule"),
    "SCH-02": ("SHOULD", "schedule"),
    "SCH-03": ("SHOULD", "schedule"),
    "REP-01": ("MUST", "reports"),
    "REP-02": ("MUST", "reports"),
    "REP-03": ("MUST", "reports"),
    "REP-04": ("MUST", "reports"),
    "REP-05": ("MUST", "export"),
    "REP-06": ("MUST", "retention"),
    "REP-07": ("SHOULD", "reports"),
    "REP-08": ("SHOULD", "reports"),
    "REP-09": ("SHOULD", "reports"),
    "REP-10": ("SHOULD", "retention"),
    "WEB-01": ("MUST", "pages"),
    "WEB-02": ("MUST", "pages"),
    "WEB-03": ("SHOULD", "pages"),
    "WEB-04": ("MUST", "pages"),
    "WEB-05": ("MAY", "pages"),
    "WIRE-01": ("SHOULD", "wire"),
    "WIRE-02": ("SHOULD", "wire"),
    "WIRE-03": ("SHOULD", "onvif"),
    "WIRE-04": ("SHOULD", "streams"),
    "WIRE-05": ("SHOULD", "wire"),
    "EXP-01": ("SHOULD", "export"),
}

CHAPTERS = {
    *("gate", "settings", "region", "schedule", "reports", "retention", "export", "wire"),
    *("behaviour", "pages", "onvif", "streams"),
}

# Numbers that a rule must tell, since a check is written from it.
NUMBERS = {
    "GATE-01": ["XX.8.0.2"],
    "GATE-04": ["x.7.0.72-r7", "x.7.0.72-r6", "65, 74 or 76"],
    "SET-02": ["1 to 10", "5 by default"],
    "SET-03": ["1 to 100", "10 by default"],
    "SET-04": ["1 to 300", "30 by default", "seconds"],
    "SET-05": ["1 to 10", "5 by default"],
    "SET-08": ["sensitivity 5", "object size 10", "dwell time 30 s", "adaptability 5"],
    "BEH-03": ["longer than Min. Dwell Time is not recorded"],
    "REG-03": ["13 rows by 23 columns", "299"],
    "SCH-02": ["up to 10 periods", "120 characters"],
    "REP-06": ["7 days", "168 hours"],
    "REP-07": ["24 rows", "7 rows", "12 rows"],
    "WIRE-02": ["StartTime,EndTime,Value(s)", '"map_w":192,"map_h":192'],
}


def rule_of(identifier):
    (rule,) = (row["rule"] for row in REQUIREMENTS if row["id"] == identifier)
    return " ".join(rule.split())


def imports_of_the_emulator(source):
    """Line numbers where Python text `source` imports the emulator, or names it to be imported."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=aliases):
                names = [alias.name for alias in aliases]
            case ast.ImportFrom(module=str(module)):
                names = [module]
            case ast.Call(args=[ast.Constant(value=str(name)), *_]):
                names = [name]  # import_module("emulator.app") and the like
            case _:
                continue
        if any(name.split(".")[0] == "emulator" for name in names):
            lines.append(node.lineno)
    return lines


# --- worked examples: typed out from the document ----------------------------------------------


def test_every_requirement_is_there_once_with_its_level_and_chapter():
    listed = [(row["id"], (row["level"], row["chapter"])) for row in REQUIREMENTS]
    assert sorted(listed) == sorted(EXPECTED.items())


@pytest.mark.parametrize("identifier", NUMBERS)
def test_a_rule_tells_the_numbers_that_a_check_needs(identifier):
    for number in NUMBERS[identifier]:
        assert number in rule_of(identifier)


def test_the_pages_words_are_the_articles():
    words = rule_of("WEB-04").partition(": ")[2].removesuffix(".").split(", ")
    assert [word.removesuffix(" (a check box)") for word in words] == [
        *("Event", "Heat Map", "Enable Heat Map", "Sensitivity", "Min. Object Size"),
        *("Min. Dwell Time", "Scene Change Adaptability", "Select All", "Clear All", "Save"),
        *("Delete", "Report", "Space Heat Map", "Time Heat Map", "Daily Report", "Weekly Report"),
        *("Monthly Report", "Annual Report", "Start Time", "Search", "Report Export"),
    ]


def test_every_chapter_has_a_requirement():
    assert {row["chapter"] for row in REQUIREMENTS} == CHAPTERS


# --- laws: for every row -----------------------------------------------------------------------


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row["id"])
def test_a_row_has_every_field_and_none_is_empty(row):
    assert set(row) == {"id", "chapter", "level", "rule", "source"}
    assert all(isinstance(text, str) and text.strip() for text in row.values())
    assert row["rule"].endswith(".")


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row["id"])
def test_a_row_says_itself_what_it_means(row):
    text = f"{row['rule']} {row['source']}"
    assert not [word for word in ("CONTRACT", "DESIGN", ".md", ".txt", "http:") if word in text]
    if row["level"] == "MUST":
        assert "vendor's article" in row["source"]


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row["id"])
def test_the_rules_that_a_rule_names_exist(row):
    named = {word.strip("().,:;") for word in row["rule"].split()}
    prefixes = tuple({identifier.split("-")[0] + "-" for identifier in EXPECTED})
    assert {word for word in named if word.startswith(prefixes)} <= set(EXPECTED)


def test_the_harness_imports_nothing_of_the_emulator():
    sources = sorted((ROOT / "conformance").rglob("*.py"))
    assert sources
    for source in sources:
        assert imports_of_the_emulator(source.read_text(encoding="utf-8")) == [], source.name


# --- refusals: what that last test would notice ------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "import emulator",
        "import json, emulator.core.reports.heat as heat",
        "from emulator.core import heat",
        "from emulator import core",
        "importlib.import_module('emulator.app')",
        "__import__('emulator')",
        "def late():\n    from emulator.core.reports.heat import Heat",
    ],
)
def test_an_import_of_the_emulator_is_noticed(line):
    assert imports_of_the_emulator(line)


@pytest.mark.parametrize("line", ["import emulators", "from . import emulator_url", "'emulator'"])
def test_other_lines_are_not(line):
    assert not imports_of_the_emulator(line)
