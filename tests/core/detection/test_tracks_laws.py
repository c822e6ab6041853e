"""Tracks: laws over pictures painted by lot."""

from hypothesis import given, settings
from hypothesis import strategies as st
from painting import SIZE, TUNED, at, look, painted, run

from emulator.core.detection import objects
from emulator.core.detection.outline import FINE
from emulator.core.detection.tracks import Split, Tracks
from emulator.core.frame import Box

places = st.tuples(st.integers(0, 150), st.integers(0, 300), st.integers(1, 60), st.integers(1, 60))
bodies = st.tuples(places.map(lambda place: at(*place)), st.sampled_from([0, 30, 60, 200, 255]))
scenes = st.lists(st.lists(bodies, max_size=5), max_size=14)
seeds = st.lists(
    st.tuples(bodies, st.integers(-12, 12), st.integers(-12, 12)), min_size=1, max_size=4
)


def walked(them, count=14):
    """Pictures of bodies that each walk straight on, and meet as it happens."""
    return [
        [
            (Box(*(edge + index * step for edge, step in zip(box, steps, strict=True))), grey)
            for (box, grey), down, right in them
            for steps in [(down, right, down, right)]
        ]
        for index in range(count)
    ]


stories = scenes | seeds.map(walked)


@settings(deadline=None, max_examples=60)
@given(stories)
def test_each_living_track_is_in_each_picture_once_and_nobody_else(pictures):
    tracks = Tracks()
    living = set()
    dead = set()
    for index, given_bodies in enumerate(pictures):
        start_ms = index * 200
        tracks, step = look(tracks, painted(given_bodies, start_ms, start_ms + 200))
        present = [s.number for s in step.sightings]
        assert len(set(present)) == len(present)
        # Those who lay still are seen once more in the picture that absorbs them.
        assert set(present) == {t.number for t in tracks.living} | set(step.absorbed)
        # A number lives through without a gap, dies once, and never comes again.
        assert living - set(present) == set(step.gone) | set(step.ghosts)
        assert not set(present) & (dead | set(step.gone))
        assert all(number < tracks.next_number for number in present)
        dead |= set(step.gone) | set(step.ghosts) | set(step.absorbed)
        living = set(present) - set(step.absorbed)


@settings(deadline=None, max_examples=60)
@given(stories)
def test_every_object_of_a_picture_is_somebodys_and_belief_is_never_lost(pictures):
    confirmed = set()
    steps = run(pictures, picture_ms=200)
    for index, (given_bodies, step) in enumerate(zip(pictures, steps, strict=True)):
        picture = painted(given_bodies, index * 200, index * 200 + 200)
        bodies_seen = objects.find(picture.mask, TUNED).bodies
        assert bool(bodies_seen) <= any(s.seen for s in step.sightings)
        now = {s.number for s in step.sightings if s.confirmed}
        assert {s.number for s in step.sightings} & confirmed <= now
        confirmed |= now
    assert sum(step.believed for step in steps) == len(confirmed)


@settings(deadline=None, max_examples=60)
@given(stories)
def test_boxes_of_who_is_seen_lie_in_the_picture(pictures):
    for step in run(pictures, picture_ms=200):
        for sighting in step.sightings:
            top, left, bottom, right = sighting.box
            assert -FINE <= top <= bottom <= FINE * SIZE.rows + FINE
            assert -FINE <= left <= right <= FINE * SIZE.columns + FINE


@settings(deadline=None, max_examples=60)
@given(stories)
def test_who_was_one_of_several_is_split_from_one_that_lives(pictures):
    before = set()
    for step in run(pictures, picture_ms=200):
        for number, whose in step.split.items():
            assert isinstance(whose, Split)
            assert whose.parent in before
            assert number == whose.parent or number not in before
        before = {s.number for s in step.sightings}


@settings(deadline=None, max_examples=30)
@given(stories)
def test_the_same_pictures_give_the_same_numbers(pictures):
    assert run(pictures) == run([tuple(given_bodies) for given_bodies in pictures])
