"""A recording written, read again and asked, without a device; and folders that are none."""

import json
from contextlib import ExitStack, closing
from datetime import UTC, datetime

import pytest

from conformance.exchange import Answer, Exchange
from conformance.recorded import keeping, questions
from conformance.recorded.answering import Answers
from conformance.recorded.folder import EXCHANGES, HEADER, Recording, RecordingError
from conformance.recorded.keeping import Recorder
from conformance.recorded.questions import ACCOUNT, NOBODY, SESSION, STRANGER, Asker

THEN, NOW = "http://192.168.5.190", "http://127.0.0.1:40123"
ABOUT = {"target": {"model": "M", "firmware": "1", "serial": "S", "url": THEN}}
LOGGED_IN = (("Authorization", 'Digest username="admin"'),)
CHALLENGE = (("WWW-Authenticate", 'Digest realm="cam"'), ("Server", "cam"))


def said(path, status, body, headers=(), sent=(), method="GET", asked=b""):
    url = THEN + path if path.startswith("/") else path
    answer = None if body is None else Answer(f"{method} {url}", status, headers, body)
    size, failure = (0, "no answer within 30 s") if body is None else (len(body), "")
    began = datetime(2026, 3, 4, tzinfo=UTC)
    return Exchange(began, 0.2, method, url, sent, asked, answer, size, failure)


TALK = [
    said("/a", 401, b"log in", CHALLENGE),
    said("/a", 200, b"first", sent=LOGGED_IN),
    said("/b", 200, b'{"at": "http://192.168.5.190/b", "token": "t-1"}', sent=LOGGED_IN),
    said("/a", 200, b"second", sent=LOGGED_IN),
    said("/", 200, b"\xff\xd8\xff", (("Content-Type", "image/jpeg"),)),
    said("/slow", 0, None, sent=LOGGED_IN),
    said("/login", 200, b"ok", (("Set-Cookie", "sid=s3cret; Domain=cam; Path=/; Secure"),)),
]


@pytest.fixture
def folder(tmp_path):
    return written(tmp_path / "rec", TALK, ["s3cret", "t-1"])


def written(folder, talk, secrets=(), **bounds):
    folder.mkdir()
    with closing(Recorder(**bounds)) as recorder:
        for one in talk:
            recorder.keep(one)
        recorder.write(folder, ABOUT, secrets, ["X-Auth"])
    return folder


class Asking:
    def __init__(self, folder):
        with ExitStack() as stack:
            recording = stack.enter_context(closing(Recording(folder)))
            self._answers = Answers(recording)
            self._opened = stack.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._opened.close()

    def __call__(self, path, party=ACCOUNT, how="digest MD5", method="GET", body=b""):
        asked = questions.question(method, path, body, "", NOW)
        return self._answers.answer(asked, Asker(party, how if party == ACCOUNT else ""), NOW)


# --- worked examples -----------------------------------------------------------------------------


def test_the_nth_time_the_nth_answer_and_then_the_last_one(folder):
    with Asking(folder) as ask:
        assert [ask("/a").body for _ in range(3)] == [b"first", b"second", b"second"]
        assert ask("/a", NOBODY).status == 401


def test_another_order_of_other_questions_changes_nothing(folder):
    with Asking(folder) as ask:
        assert ask("/").body == b"\xff\xd8\xff"
        assert ask("/a").body == b"first"
        ask("/b")
        assert ask("/a").body == b"second"


def test_the_device_is_where_it_is_now_and_secrets_are_gone(folder):
    with Asking(folder) as ask:
        body = json.loads(ask("/b").body)
        assert body == {"at": "http://127.0.0.1:40123/b", "token": "(removed)"}
        assert dict(ask("/login", NOBODY).headers)["Set-Cookie"] == "sid=(removed); Path=/"
    text = (folder / EXCHANGES).read_text() + (folder / HEADER).read_text()
    assert "s3cret" not in text
    assert "t-1" not in text


def test_who_did_not_ask_then_is_asked_to_log_in_or_let_in(folder):
    with Asking(folder) as ask:
        refused = ask("/b", NOBODY)
        assert (refused.status, refused.headers) == (401, CHALLENGE[:1])
        assert ask("/b", STRANGER).status == 401
        assert ask("/b", SESSION).status == 200
        assert ask("/b", ACCOUNT, "basic").status == 200
        assert ask("/", ACCOUNT).status == 200


def test_what_was_never_asked_has_no_answer_and_what_got_none_tells_why(folder):
    with Asking(folder) as ask:
        assert ask("/c") is None
        assert ask("/a", method="POST") is None
        assert ask("/slow").failure == "no answer within 30 s"


def test_a_body_that_held_a_secret_fits_with_any_in_its_place(tmp_path):
    talk = [said("/login", 200, b"ok", method="POST", asked=b"who=admin&key=5f4dcc3b&go=1")]
    with Asking(written(tmp_path / "rec", talk, ["5f4dcc3b"])) as ask:
        assert ask("/login", NOBODY, method="POST", body=b"who=admin&key=77&go=1").body == b"ok"
        assert ask("/login", NOBODY, method="POST", body=b"who=admin&key=77&go=2") is None


def test_what_is_no_http_is_kept_by_its_whole_address(tmp_path):
    talk = [said("rtsp://192.168.5.190:554/main", 0, b"RTSP/1.0 200 OK", method="DESCRIBE")]
    with Asking(written(tmp_path / "rec", talk)) as ask:
        found = ask("rtsp://127.0.0.1:554/main", NOBODY, method="DESCRIBE")
        assert found.body == b"RTSP/1.0 200 OK"


def test_a_large_body_is_told_by_its_beginning_and_its_length(tmp_path):
    large = b"x" * 300_000
    talk = [said("/a", 413, b"too large", method="POST", asked=large)]
    with Asking(written(tmp_path / "rec", talk)) as ask:
        assert ask("/a", NOBODY, method="POST", body=large).status == 413
        assert ask("/a", NOBODY, method="POST", body=large + b"x") is None


def test_what_is_more_than_is_kept_is_counted(tmp_path):
    folder = written(tmp_path / "rec", TALK, most_bytes=600)
    about = json.loads((folder / HEADER).read_text())
    assert about["exchanges"] + about["left_out"] == len(TALK)
    assert about["exchanges"] == 1


def test_a_cookie_keeps_its_name_and_what_does_not_tie_it_to_the_device():
    told = keeping.cookie("sid=a=b; Max-Age=5; domain=x; HttpOnly; secure")
    assert told == "sid=(removed); Max-Age=5; HttpOnly"


# --- refusals ------------------------------------------------------------------------------------


def cut(folder):
    text = (folder / EXCHANGES).read_bytes()
    (folder / EXCHANGES).write_bytes(text[: len(text) // 2])


def shorter(folder):
    lines = (folder / EXCHANGES).read_bytes().splitlines(keepends=True)
    (folder / EXCHANGES).write_bytes(b"".join(lines[:-1]))


def changed(**new):
    def change(folder):
        about = json.loads((folder / HEADER).read_text())
        (folder / HEADER).write_text(json.dumps(about | new))

    return change


def another_line(text):
    def change(folder):
        (folder / EXCHANGES).write_text(text + "\n")

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda folder: (folder / HEADER).unlink(), [HEADER, "No such file"]),
        (lambda folder: (folder / EXCHANGES).unlink(), [EXCHANGES, "No such file"]),
        (lambda folder: (folder / HEADER).write_text("{"), [HEADER, "not JSON"]),
        (changed(schema=2), [HEADER, "no recording of schema 1"]),
        (changed(target={}), [HEADER, "damaged"]),
        (changed(target={"url": "ftp://x"}), [HEADER, "damaged", "ftp://x"]),
        (cut, [EXCHANGES, "is damaged"]),
        (shorter, [EXCHANGES, "6 exchanges", "7"]),
        (another_line("[]"), [EXCHANGES, "line 1"]),
        (another_line("{}"), [EXCHANGES, "line 1", "request"]),
        (another_line("[" * 100_000), [EXCHANGES, "line 1"]),
    ],
)
def test_a_damaged_or_foreign_folder_is_refused(folder, change, words):
    change(folder)
    with pytest.raises(RecordingError) as refused, Asking(folder):
        pass
    assert [word for word in words if word not in str(refused.value)] == []
