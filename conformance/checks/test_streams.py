"""What moves: RTSP, MJPEG and snapshots, and that all of them show the scene that makes the heat.

Without control of the scene they are opened, decoded and compared with one another, as far as a
moving scene allows; with it they are compared with the truth, and a change must be seen in each.
"""

from collections.abc import Iterator

import pytest

from conformance import invented, scenes
from conformance.control import Control
from conformance.expect import Expectations, does_not_apply, not_checked
from conformance.onvif.device import of
from conformance.run import Run
from conformance.scenes import Block, Box
from conformance.showing import Screen
from conformance.streams import asking, pictures
from conformance.streams.outlets import OUTLETS, Outlets
from conformance.streams.places import STREAMS

OK, UNAUTHORIZED = 200, 401

BLOCKS = [  # each alone for a while
    Block(Box(220, 100, 290, 150), from_s=6, until_s=11),
    Block(Box(180, 300, 250, 350), from_s=14, until_s=19),
    Block(Box(220, 500, 290, 550), from_s=22, until_s=27),
]
ALONE_S = {0: 8, 2: 24}
"""By block: an instant at which it is the only one there."""
PATIENCE = 60
"""So many pictures after a change at most, and a stream must show it."""


@pytest.fixture
def outlets(run: Run) -> Outlets:
    """What the device shows; one of another make is asked over ONVIF, or not at all."""
    device = of(run)
    if run.target.camera is None and not device.is_there():
        does_not_apply(f"no ONVIF device service answers at {device.path}")
    return Outlets(run, device)


# --- opened and decoded ---------------------------------------------------------------------------


@pytest.mark.requirement("WIRE-04")
@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_wants_a_log_in(
    run: Run, outlets: Outlets, expect: Expectations, name: str
) -> None:
    login = run.client.login
    if login is None:
        not_checked("no account was given (-u USER)")
    url = outlets.place(name).url
    anonymous = asking.describe(run.client, url)
    expect(f"the status of DESCRIBE {url} without credentials", anonymous.status, UNAUTHORIZED)
    asked = anonymous.all_of("www-authenticate")
    expect.that("what is asked for", asked, "Digest", anonymous.challenge is not None)
    stranger = asking.describe(run.client, url, invented.login())
    expect(f"the status of DESCRIBE {url} for an unknown account", stranger.status, UNAUTHORIZED)
    own = asking.describe(run.client, url, login)
    expect(f"the status of DESCRIBE {url} for the account", own.status, OK)
    described = own.body.decode("utf-8", "replace")
    expect.that("its description", described, "a video is in it", "m=video" in described)


@pytest.mark.requirement("WIRE-04")
@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_plays(outlets: Outlets, expect: Expectations, name: str, transport: str) -> None:
    played = outlets.play(name, transport, lambda picture, count: count >= 2)
    expect.that(f"pictures of {name} ({transport})", played.count, "at least 2", played.count >= 2)
    size = f"{played.size[0]} x {played.size[1]}"
    told = outlets.place(name).size
    what = f"the size of {name} ({transport}, {played.codec})"
    if told is None:
        expect.that(what, size, "a size", min(played.size) > 0)
    else:
        expect(what, size, f"{told[0]} x {told[1]}")  # as GetProfiles tells


@pytest.mark.requirement("WIRE-04")
def test_mjpeg_plays(outlets: Outlets, expect: Expectations) -> None:
    for path in outlets.mjpeg_paths():
        found = outlets.mjpeg(path, 2)
        expect.that(f"pictures at {path}", len(found), "at least 2", len(found) >= 2)


@pytest.mark.requirement("WIRE-04")
def test_every_address_has_a_snapshot(run: Run, outlets: Outlets, expect: Expectations) -> None:
    paths = [outlets.snapshot_path()]
    if run.target.camera is not None:
        paths += run.target.camera.dialect.requests["snapshot"].paths
    if (device := of(run)).is_there() and device.has("media"):
        paths.append(outlets.told_snapshot())
    for path in dict.fromkeys(paths):
        found = outlets.snapshot(path)
        expect.that(f"the picture at {path}", found.shape, "a picture", found.size > 0)


@pytest.mark.requirement("WIRE-04")
@pytest.mark.parametrize("name", [name for name in OUTLETS if name != "snapshot"])
def test_it_shows_what_the_snapshot_shows(
    outlets: Outlets, expect: Expectations, name: str
) -> None:
    share = pictures.likeness(outlets.picture(name), outlets.picture("snapshot"))
    expect.that(
        f"the share of the picture in which {name} and the snapshot are alike",
        f"{share:.2f}",
        f"at least {pictures.ALIKE_SHARE}",
        share >= pictures.ALIKE_SHARE,
    )


# --- compared with the truth ----------------------------------------------------------------------


def shown_alone(control: Control) -> Iterator[int]:
    """Show each block alone, time standing still; yields its number."""
    control.put("clock", mode="frozen")
    for number, position_s in ALONE_S.items():
        control.put("scene", source=scenes.source(BLOCKS), loop=False, position_s=position_s)
        yield number


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WIRE-04")
@pytest.mark.parametrize("name", STREAMS)
def test_a_change_is_seen_by_who_watches(
    outlets: Outlets, control: Control, expect: Expectations, name: str
) -> None:
    seen: list[list[int]] = []
    shown = shown_alone(control)
    next(shown)

    def is_enough(picture: pictures.Grey, count: int) -> bool:
        found = pictures.seen(picture, BLOCKS)
        if not seen or seen[-1] != found:
            seen.append(found)
        if count == 2:
            next(shown)
        return count > PATIENCE or found == [2]

    outlets.play(name, is_enough=is_enough)
    expect.that(f"the blocks in {name}, one after the other", seen, "[0], then [2]",
                seen[:1] == [[0]] and seen[-1] == [2])  # fmt: skip


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WIRE-04")
@pytest.mark.parametrize("name", OUTLETS)
def test_it_shows_the_scene_that_makes_the_heat(
    outlets: Outlets, control: Control, screen: Screen, expect: Expectations, name: str
) -> None:
    heat = screen.show(scenes.source(BLOCKS))
    for number in shown_alone(control):
        found = pictures.seen(outlets.picture(name), BLOCKS)
        expect(f"the blocks in {name} while block {number} is there", found, [number])
        seconds = heat.at(BLOCKS[number])
        expect.that(f"the heat where it is seen in {name}", f"{seconds} s", "some", seconds > 0)
