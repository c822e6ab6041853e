"""A screen before a camera's lens: a real player, its filmed copy, a camera that looks at it.

Real time, so little of it: what all checks say through a screen is `python -m bench.stimulus`'s.
"""

import json
import os
import select
import subprocess
import sys
import time

import pytest
from filming import Filmed, Lens
from running import PASSWORD
from screens import PlayersPage, VideoOnTablet

from conformance import run as runs
from conformance.client import Login
from conformance.expect import NotCheckedError
from conformance.stimulus import films, plan, video
from conformance.stimulus.driving import PlayerScreen, VideoScreen
from conformance.stimulus.films import Thing
from conformance.stimulus.plan import Scene
from conformance.stimulus.player import Player
from conformance.stimulus.projecting import Projector

SHORT = films.of("short", *(Thing(one.box, 1, 4, 16) for one in plan.QUARTERS[:2]))


def options_of(camera, journals):
    login = Login("admin", PASSWORD)
    return runs.Options(
        url=camera.url, login=login, journals=journals, safety="reversible", only=("BEH-05",)
    )


@pytest.fixture
def player():
    player = Player("127.0.0.1", 0)
    yield player
    player.close()


def test_heat_of_a_film_is_told_where_it_was_and_a_moved_tripod_gives_no_verdict(
    player, start_camera, tmp_path
):
    with Filmed(PlayersPage(player.url), Lens()) as film:
        camera = start_camera("--source", film.url)
        with runs.opened(options_of(camera, tmp_path)) as run:
            screen = PlayerScreen(player.url)
            projector = Projector(run.target.camera, screen, forgets_s=0)
            sight = projector.find()
            assert sight.share == pytest.approx(0.30, abs=0.01)
            projector.min_dwell = 300  # what there is to be learned is the bench's
            heat = projector.show(SHORT, "left")
            left, right = SHORT.things
            assert 2 <= heat.seconds <= 4
            assert heat.at(projector.place(left.box)) >= 2
            assert heat.at(projector.place(right.box)) == 0
            film.lens.moved = (20.0, 4.0)
            with pytest.raises(NotCheckedError, match=r"the screen was lost: .* pixels off"):
                projector.show(SHORT)
            screen.close()
        assert run.troubles == []
        assert camera.stop() == 0


def test_who_follows_a_video_counts_nothing_of_films_that_nobody_wants(start_camera, tmp_path):
    left, right = plan.QUARTERS[:2]
    long = films.of("long", Thing(left.box, 1, 8, 16))
    scenes = [
        Scene(None, 8.0, None),
        Scene(1, 3.0, long),
        Scene(2, 6.0, SHORT),
        Scene(None, 3, None),
    ]
    video.write(tmp_path / "screen.mp4", scenes, lambda done: None)
    tablet = VideoOnTablet(tmp_path / "screen.mp4")
    with Filmed(tablet, Lens()) as film:
        camera = start_camera("--source", film.url)
        with runs.opened(options_of(camera, tmp_path)) as run:
            screen = VideoScreen(time.sleep, {"long": range(1, 2), "short": range(2, 3)})
            projector = Projector(run.target.camera, screen, forgets_s=0)
            projector.min_dwell = 300
            tablet.begin()
            projector.find()
            heat = projector.show(SHORT)
            assert heat.at(projector.place(right.box)) >= 2
            assert 4 <= heat.seconds <= 8  # two things, 3 s each
        assert run.troubles == []
        assert camera.stop() == 0


def test_a_screen_that_is_never_found_is_one_line_and_nothing_is_judged(
    start_camera, stuntcam, tmp_path
):
    command = [sys.executable, "-P", "-m", "stuntcam", "stimulus", "--play", "--port", "0"]
    with subprocess.Popen(
        [*command, "--no-browser"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as playing:
        readable, _, _ = select.select([playing.stdout], [], [], 60)
        url = playing.stdout.readline().decode().split()[0] if readable else ""
        assert url.startswith("http://127.0.0.1:")
        with Filmed(PlayersPage(url), Lens(share=0.1)) as film:
            camera = start_camera("--source", film.url)
            done = stuntcam(
                *("check", camera.url, "-u", "admin", "--stimulus", "--screen", url),
                *("--safety", "reversible", "--only", "BEH-01", "--out", tmp_path / "out"),
                env={"XDG_STATE_HOME": str(tmp_path / "state")},
            )
            assert camera.stop() == 0
        playing.send_signal(2)
        assert playing.wait(60) == 0
    assert done.returncode == 5
    assert "BEH: 110 s before the screen" in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if "no screen was found" in line]
    assert "what needs it is not checked" in line
    (row,) = json.loads((tmp_path / "out" / "results.json").read_text())["requirements"]
    assert (row["verdict"], row["reason"].startswith("the screen was lost: ")) == (
        "not checked",
        True,
    )
    assert [check["name"].split("/")[0] for check in row["checks"]] == ["behaviour_shown"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["stimulus"], "either --play, or --out FILE"),
        (["stimulus", "--out", "screen.gif"], "it may end in .mp4, .mkv, .mov"),
        (["check", "http://127.0.0.1:9", "--stimulus"], "--safety reversible"),
        (
            ["check", "http://127.0.0.1:9", "--stimulus", "--control", "http://127.0.0.1:8"],
            "only one of them",
        ),
    ],
)
def test_wrong_usage_is_one_line(stuntcam, arguments, why):
    done = stuntcam(*arguments)
    assert done.returncode == 2
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1
