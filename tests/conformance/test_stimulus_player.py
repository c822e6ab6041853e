"""The player as a browser and a harness meet it, and the video for screens without a browser."""

import json
import socket
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import av
import cv2
import numpy as np
import pytest

from conformance.expect import NotCheckedError
from conformance.stimulus import code, films, layout, plan, video
from conformance.stimulus.code import Code
from conformance.stimulus.driving import DriveError, PlayerScreen, VideoScreen
from conformance.stimulus.films import Film, Thing
from conformance.stimulus.layout import Rect
from conformance.stimulus.plan import Scene
from conformance.stimulus.player import Player, PlayerError
from conformance.stimulus.video import VideoError

FILM = Film("one", 600, (Thing(Rect(400, 200, 500, 300), 0, 500, 16),))


@pytest.fixture
def player():
    player = Player("127.0.0.1", 0)
    yield player
    player.close()


def asked(player, method, path, body=None):
    connection = HTTPConnection(urlsplit(player.url).netloc, timeout=20)
    connection.request(method, path, body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def first_picture(player):
    """What a browser shows: the first part of the stream."""
    connection = HTTPConnection(urlsplit(player.url).netloc, timeout=20)
    connection.request("GET", "/screen")
    stream = connection.getresponse()
    assert stream.getheader("Content-Type").startswith("multipart/x-mixed-replace; boundary=")
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += stream.read(1)
    size = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
    picture = cv2.imdecode(np.frombuffer(stream.read(size), np.uint8), cv2.IMREAD_GRAYSCALE)
    connection.close()
    return picture


def told(picture):
    return code.read(code.differences(lambda where: level(picture, where)))


def level(picture, where):
    left, top, right, bottom = (round(edge) for edge in where)
    return picture[top + 5 : bottom - 5, left + 20 : right - 20].mean()


# --- the player ----------------------------------------------------------------------------------


def test_its_page_shows_the_screen(player):
    status, content = asked(player, "GET", "/")
    assert status == 200
    assert b"/screen" in content
    assert asked(player, "GET", "/nothing")[0] == 404


def test_the_screen_tells_the_time_until_a_film_is_begun(player):
    picture = first_picture(player)
    assert picture.shape == (layout.HEIGHT, layout.WIDTH)
    assert told(picture).is_film is False
    screen = PlayerScreen(player.url)
    number = screen.begin(FILM)
    picture = first_picture(player)
    assert told(picture) == Code(True, number)
    assert abs(picture[250, 450].astype(int) - 16) < 6
    assert screen.begin(FILM) == number + 1
    screen.tell_time()
    picture = first_picture(player)
    assert (told(picture).is_film, abs(picture[250, 450].astype(int) - 120) < 6) == (False, True)
    screen.close()


def test_its_time_is_learned(player):
    screen = PlayerScreen(player.url)
    shown, now_s = told(first_picture(player)), time.monotonic()
    late_s = screen.late_s(shown, now_s)
    assert late_s < 20 or late_s > code.ROUND_S - 1  # as late as this machine is slow
    screen.close()


def test_who_watches_is_counted(player):
    screen = PlayerScreen(player.url)
    assert screen.watching() == 0
    connection = HTTPConnection(urlsplit(player.url).netloc, timeout=20)
    connection.request("GET", "/screen")
    connection.getresponse().read(1)
    assert screen.watching() == 1
    connection.close()
    screen.close()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"no json", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"{}", "no film"),
        (json.dumps({"number": 0, "film": films.document(FILM)}), "number 0 is outside 1..511"),
        (json.dumps({"number": True, "film": films.document(FILM)}), "number True"),
        (b"x" * 65537, "at most 65536"),
        (b"[" * 60000, "no JSON object"),
    ],
)
def test_what_can_t_be_shown_is_refused_and_changes_nothing(player, body, why):
    status, content = asked(player, "PUT", "/v1/film", body)
    assert status == 400
    assert why in json.loads(content)["error"]
    assert player.stagehand.film == ""


def test_a_port_that_is_taken_is_told():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PlayerError, match=f"can't listen at 127.0.0.1:{port}: Address"):
            Player("127.0.0.1", port)


def test_where_no_player_is_one_line_says_so():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    with pytest.raises(DriveError, match=f"no player answers at http://127.0.0.1:{port} "):
        PlayerScreen(f"http://127.0.0.1:{port}")


# --- the video -----------------------------------------------------------------------------------

SCENES = [
    Scene(None, 0.5, None),
    Scene(3, 0.5, Film("a", 1.0, FILM.things)),
    Scene(None, 0.5, None),
]


def test_a_video_has_the_time_then_numbers_and_films(tmp_path):
    file = tmp_path / "screen.mp4"
    done = []
    assert video.write(file, SCENES, done.append) == 2.5
    assert done[-1] == 1.0
    with av.open(str(file)) as container:
        pictures = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    assert len(pictures) == 50
    # 20 a second: 10 of the time, 10 of the number alone, 20 of the film, 10 of the time.
    assert [told(pictures[n]) for n in (0, 9)] == [Code(False, 0), Code(False, 9)]
    assert {told(picture) for picture in pictures[10:40]} == {Code(True, 3)}
    assert told(pictures[45]) == Code(False, 45)
    dark = [n for n, picture in enumerate(pictures) if picture[250, 450] < 60]
    assert dark == list(range(20, 40))


@pytest.mark.parametrize("name", ["screen.avi", "screen", "screen.mp4.txt"])
def test_an_ending_that_no_video_has_is_refused(tmp_path, name):
    with pytest.raises(VideoError, match=r"may end in \.mp4, \.mkv, \.mov"):
        video.write(tmp_path / name, SCENES, lambda done: None)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_can_t_be_written_is_told(tmp_path):
    with pytest.raises(VideoError, match=r"nowhere/screen\.mp4: No such file or directory"):
        video.write(tmp_path / "nowhere" / "screen.mp4", SCENES, lambda done: None)
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(VideoError, match=r"folder\.mp4: Is a directory"):
        video.write(tmp_path / "folder.mp4", SCENES, lambda done: None)


def test_a_video_is_followed_by_its_code():
    wanted = plan.numbers(30)["faint"][0]
    seen = iter([None, Code(False, 9), Code(True, wanted - 1), None, Code(True, wanted)])
    slept = []
    screen = VideoScreen(slept.append)
    screen.wait_for(plan.FAINT, lambda: next(seen))
    assert screen.begin(plan.FAINT) == wanted
    assert len(slept) == 4
    screen.wait_for(plan.FAINT, lambda: Code(True, wanted + 1))
    assert screen.begin(plan.FAINT) == wanted + 1


def test_a_video_that_is_past_a_film_or_has_it_no_more_is_told():
    screen = VideoScreen(lambda seconds: None)
    with pytest.raises(NotCheckedError, match=r"the video is past film 3, 'faint'"):
        screen.wait_for(plan.FAINT, lambda: Code(True, 9))
    screen = VideoScreen(lambda seconds: None)
    numbers = iter(plan.numbers(30)["feet"])
    screen.wait_for(plan.FEET, lambda: Code(True, next(numbers)))
    with pytest.raises(NotCheckedError, match=r"the video has 'feet' no more than 1 times"):
        screen.wait_for(plan.FEET, lambda: None)
