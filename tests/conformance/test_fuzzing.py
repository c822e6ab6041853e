"""Fuzzing against crooked cameras of the tests' own: found, shrunk to the least, within bounds."""

import math
from contextlib import contextmanager

import crooked
import pytest
from crooked import CLAMPS, DIES, FORGETS, REPEATS, STUMBLES
from hypothesis import strategies as st

from conformance.expect import Expectations, MismatchError, NotCheckedError
from conformance.fuzz import drawing
from conformance.fuzz.hunting import Hunt
from conformance.fuzz.steps import Save
from conformance.run import Options, opened

SAVES = [
    Save(((name, text),))
    for name in ("enable", "min_object_size", "adaptability", "sensitivity")
    for text in ("0" if name == "enable" else "2", "1" if name == "enable" else "7")
]
ORDERS = st.lists(st.sampled_from(SAVES), min_size=1, max_size=6).map(tuple)
SEARCHES = {
    "SET-04": lambda: drawing.around("min_dwell"),
    "SET-06": drawing.mixed,
    "SET-07": drawing.mixed,
    "REG-03": drawing.regions,
}


@contextmanager
def run_on(server, folder, **options):
    how = {"seed": 1, "safety": "reversible", "fuzz": 100, **options}
    with opened(Options(url=server.url, login=None, journals=folder, **how)) as run:
        yield run


def found(server, folder, rule, **options):
    """What fuzzing for a rule finds."""
    return searched(server, folder, rule, SEARCHES[rule](), **options)[0]


def searched(server, folder, rule, sequences, shrinking=2000, **options):
    """What is found among these sequences, and how many requests it took."""
    with run_on(server, folder, **options) as run:
        run.keeper.before_settings()  # the journal is not at its expense
        before = len(server.requests)
        hunt = Hunt(run, rule, {rule}, shrinking=(shrinking, math.inf))
        with pytest.raises(MismatchError) as told:
            hunt.search(Expectations(), sequences, writes=True)
        return told.value, len(server.requests) - before


# --- worked examples -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flaw", "rule", "members"),
    [
        (CLAMPS, "SET-04", [["min_dwell", "301"]]),
        (REPEATS, "SET-06", [["sensitivity", "2"], ["sensitivity", "2"]]),
    ],
)
def test_a_flaw_is_shrunk_to_the_simplest_request(tmp_path, flaw, rule, members):
    with crooked.Server(flaw) as server:
        error = found(server, tmp_path, rule, fuzz=400)
    assert error.replay["steps"] == [{"save": members}]
    assert (error.replay["requirements"], error.replay["seed"]) == ([rule], 1)


def test_an_order_that_matters_is_found_and_all_else_left_out(tmp_path):
    with crooked.Server(FORGETS) as server:
        error, _ = searched(server, tmp_path, "SET-06", ORDERS, fuzz=2000)
    assert error.replay["steps"] == [
        {"save": [["enable", "0"]]},
        {"save": [["min_object_size", "2"]]},
        {"save": [["adaptability", "2"]]},
    ]
    assert (error.expected, error.actual) == ("min_dwell=120 as before", "30")


def test_steps_that_a_failure_does_not_need_are_left_out_where_nothing_can_be_drawn(tmp_path):
    twice = Save((("sensitivity", "2"), ("sensitivity", "2")))
    sequences = st.just((SAVES[0], twice, SAVES[2]))
    with crooked.Server(REPEATS) as server:
        error, _ = searched(server, tmp_path, "SET-06", sequences)
    assert error.replay["steps"] == [{"save": [["sensitivity", "2"]] * 2}]


def test_the_way_back_to_the_start_is_a_save_like_another(tmp_path):
    sequences = st.just((Save((("enable", "0"),)), Save((("min_object_size", "2"),))))
    with crooked.Server(FORGETS) as server:
        error, _ = searched(server, tmp_path, "SET-07", sequences)
    assert [len(step["save"]) for step in error.replay["steps"]] == [1, 1, 7]


def test_a_camera_that_stumbles_over_unicode_is_told_so(tmp_path):
    with crooked.Server(STUMBLES) as server:
        error = found(server, tmp_path, "REG-03")
    assert error.actual == "500 sorry"
    ((step,), (((name, text),),)) = error.replay["steps"], error.replay["steps"][0].values()
    assert name == "region"
    assert not text.isascii()
    assert step.keys() == {"save"}


def test_the_requests_are_told_from_the_start_on_as_lines_for_a_shell(tmp_path):
    with crooked.Server(CLAMPS) as server:
        error = found(server, tmp_path, "SET-04")
    start, last = error.steps
    assert '"mintime": 120' in start
    path = "/cgi-bin/operator/operator.cgi?action=set.heatmap.configuration&format=json"
    assert last == (
        f"curl --anyauth -u USER '{server.url}{path}'"
        """ -H 'Content-Type: application/json' --data-raw '{"mintime":301}'"""
    )


# --- laws ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", SEARCHES)
def test_a_camera_without_a_flaw_breaks_no_rule(tmp_path, rule):
    with crooked.Server() as server, run_on(server, tmp_path) as run:
        made = Expectations()
        Hunt(run, rule, {rule}).search(made, SEARCHES[rule](), writes=True)
    assert made.made == 1


@pytest.mark.parametrize("rule", ["SET-07", "REG-03"])
def test_a_flaw_is_blamed_on_no_other_rule(tmp_path, rule):
    with crooked.Server(CLAMPS, REPEATS) as server, run_on(server, tmp_path) as run:
        Hunt(run, rule, {rule}).search(Expectations(), SEARCHES[rule](), writes=True)


def asked(folder, seed):
    with crooked.Server(CLAMPS) as server:
        found(server, folder, "SET-04", seed=seed)
    return server.requests


def test_the_same_seed_asks_the_same_and_another_does_not(tmp_path):
    assert asked(tmp_path, 7) == asked(tmp_path, 7)
    assert asked(tmp_path, 7) != asked(tmp_path, 8)


@pytest.mark.parametrize("fuzz", [8, 31])
def test_no_request_goes_beyond_what_was_allowed(tmp_path, fuzz):
    with crooked.Server() as server, run_on(server, tmp_path, fuzz=fuzz) as run:
        run.keeper.before_settings()  # the journal is not at its expense
        before = len(server.requests)
        Hunt(run, "x", {"SET-06"}).search(Expectations(), drawing.mixed(), writes=True)
        count = len(server.requests) - before
    assert 4 <= count <= fuzz


def test_a_budget_is_left_to_the_other_checks_but_for_a_tenth(tmp_path):
    with crooked.Server() as server, run_on(server, tmp_path, budget=400) as run:
        run.keeper.before_settings()
        before = len(server.requests)
        Hunt(run, "x", {"SET-06"}).search(Expectations(), drawing.mixed(), writes=True)
        assert len(server.requests) - before <= 40


def test_shrinking_is_bounded(tmp_path):
    def taken(shrinking):
        with crooked.Server(FORGETS) as server:
            return searched(server, tmp_path, "SET-06", ORDERS, shrinking, fuzz=2000)[1]

    # Behind it the shrunken sequence is sent once more: back to the start, six saves at most.
    again = 2 + 2 * 6
    assert 0 < taken(60) - taken(0) <= 60 + again


def test_what_was_changed_is_put_back(tmp_path):
    with crooked.Server(CLAMPS) as server:
        found(server, tmp_path, "SET-04")
        assert server.camera.settings == crooked.DELIVERED
    assert list(tmp_path.iterdir()) == []


def test_a_camera_that_dies_of_it_has_failed_and_the_run_ends(tmp_path):
    with crooked.Server(DIES) as server, run_on(server, tmp_path, fuzz=1000) as run:
        with pytest.raises(MismatchError, match="the device no longer answers") as told:
            Hunt(run, "x", {"REG-03"}).search(Expectations(), drawing.regions(), writes=True)
        assert "no longer answers" in run.unreachable
        assert not told.value.replay["steps"][-1]["save"][0][1].isascii()
        server.camera.flaws, server.is_dead = (), False  # so that it can be given back


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"fuzz": 0}, "no fuzzing was wanted"),
        ({"fuzz": 3}, "3 requests are too few"),
        ({"budget": 20}, "too few to fuzz with"),
        ({"safety": "read-only"}, "needs --safety reversible"),
    ],
)
def test_what_may_not_be_fuzzed_is_not_checked_and_nothing_is_sent(tmp_path, options, why):
    with crooked.Server() as server, run_on(server, tmp_path, **options) as run:
        before = len(server.requests)
        with pytest.raises(NotCheckedError, match=why):
            Hunt(run, "x", {"SET-06"}).search(Expectations(), drawing.mixed(), writes=True)
        assert len(server.requests) == before
