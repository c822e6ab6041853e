"""Every requirement has a check or a reason why not, and every check names requirements."""

from importlib import import_module
from pathlib import Path

import pytest

from conformance import catalogue, checks, safety

FOLDER = Path(checks.__file__).parent
MODULES = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("test_*.py"))
REQUIREMENTS = catalogue.load()


def functions():
    for module in MODULES:
        dotted = ".".join(["conformance.checks", *module.with_suffix("").parts])
        for name, value in vars(import_module(dotted)).items():
            if name.startswith("test_"):
                yield (
                    module.stem.removeprefix("test_"),
                    name,
                    list(getattr(value, "pytestmark", [])),
                )


def every_mark(marks):
    """The marks of a check and of its parameters."""
    for mark in marks:
        yield mark
        if mark.name == "parametrize":
            for parameter in mark.args[1]:
                yield from getattr(parameter, "marks", ())


CHECKS = [
    pytest.param(chapter, list(every_mark(marks)), id=f"{chapter}-{name}")
    for chapter, name, marks in functions()
]


def cited():
    return {
        identifier
        for parameter in CHECKS
        for mark in parameter.values[1]
        if mark.name == "requirement"
        for identifier in mark.args
    }


def test_there_are_checks():
    assert len(CHECKS) > 30


@pytest.mark.parametrize(("chapter", "marks"), CHECKS)
def test_a_check_names_requirements_of_the_catalogue_and_a_known_level(chapter, marks):
    named = [mark for mark in marks if mark.name == "requirement"]
    assert named
    for mark in named:
        assert mark.args
        assert set(mark.args) <= set(REQUIREMENTS)
        assert mark.kwargs.get("level") in {None, *catalogue.LEVELS}
    assert all(mark.args[0] in safety.LEVELS for mark in marks if mark.name == "needs")


@pytest.mark.parametrize(("chapter", "marks"), CHECKS)
def test_a_check_lies_in_the_chapter_of_a_requirement_that_it_names(chapter, marks):
    """A chapter's second room has its name, and one more; fuzzing and hands reach across."""
    named = {identifier for mark in marks if mark.name == "requirement" for identifier in mark.args}
    chapters = {REQUIREMENTS[identifier].chapter for identifier in named}
    assert chapter in {"fuzz", "pages_by_hand"} or chapter.partition("_")[0] in chapters


@pytest.mark.parametrize("requirement", REQUIREMENTS.values(), ids=lambda one: one.id)
def test_a_requirement_has_a_check_or_a_reason_why_not_and_not_both(requirement):
    has_check = requirement.id in cited()
    assert has_check != bool(catalogue.why_no_check(requirement))


def test_reasons_are_for_requirements_and_chapters_that_exist():
    assert set(catalogue.NO_BLACK_BOX) <= set(REQUIREMENTS)
    assert set(catalogue.ANY_MAKE) <= set(catalogue.CHAPTERS)
    assert {one.chapter for one in REQUIREMENTS.values()} == set(catalogue.CHAPTERS)
