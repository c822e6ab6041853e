"""Pieces as bytes and in a folder: what went in comes out, or nothing does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.detection.stays import Ruled
from emulator.core.piece import Piece, Sparse
from emulator.edge.pieces import KeepError, Kept, PieceError, Waiting, packed, unpacked

BEGINS = 1_767_225_600_000
SCENE = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


def piece(minutes=(), begins_ms=BEGINS):
    return Piece(
        begins_ms=begins_ms,
        end_ms=begins_ms + 61_040,
        minutes={
            begins_ms + 60_000 * at: Sparse(
                np.array(list(cells), np.uint16), np.array(list(cells.values()), np.uint64), 40
            )
            for at, cells in enumerate(minutes)
        },
        stays=(Ruled(begins_ms, begins_ms + 5000, "yes"),),
        objects=3,
        decoded=1526,
        analysed=763,
        damaged=1,
        decode_s=0.5,
        missing_s=2.0,
        scene=SCENE,
        known=SCENE[:, :, 0] > 20,
    )


def told(one):
    """All of a piece, in values that can be compared."""
    minutes = {at: (a.tolist(), b.tolist(), c) for at, (a, b, c) in one.minutes.items()}
    numbers = (one.begins_ms, one.end_ms, one.objects, one.decoded, one.analysed, one.damaged)
    seconds = (one.decode_s, one.missing_s)
    return minutes, numbers, seconds, one.stays, one.scene.tolist(), one.known.tolist()


HEAT = st.dictionaries(st.integers(0, 192 * 192 - 1), st.integers(1, 2**63), max_size=5)


@given(st.lists(HEAT, max_size=4))
def test_what_is_packed_is_unpacked(minutes):
    assert told(unpacked(packed(piece(minutes)))) == told(piece(minutes))


@given(st.data())
def test_what_is_cut_or_no_piece_is_refused(data):
    whole = packed(piece([{5: 7}]))
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    for octets in (cut, data.draw(st.binary(max_size=50))):
        with pytest.raises(PieceError):
            unpacked(octets)


@pytest.fixture
def video(tmp_path):
    file = tmp_path / "a.mp4"
    file.write_bytes(b"film")
    return file


def test_a_piece_is_found_for_the_same_film_settings_and_begin_only(tmp_path, video):
    kept = Kept(tmp_path / "pieces", {"version": "1"})
    kept.put(video, BEGINS, packed(piece()))
    assert told(kept.get(video, BEGINS)) == told(piece())
    assert kept.get(video, BEGINS + 1) is None
    assert Kept(tmp_path / "pieces", {"version": "2"}).get(video, BEGINS) is None
    video.write_bytes(b"another film")
    assert kept.get(video, BEGINS) is None
    assert [file.suffix for file in (tmp_path / "pieces").iterdir()] == [".piece"]


def test_of_a_film_that_is_gone_nothing_is_kept_and_nothing_found(tmp_path, video):
    kept = Kept(tmp_path / "pieces", {})
    video.unlink()
    kept.put(video, BEGINS, packed(piece()))
    assert kept.get(video, BEGINS) is None
    assert list((tmp_path / "pieces").iterdir()) == []


def test_what_waits_is_on_disk_but_for_the_latest_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    waiting = Waiting()
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("stuntcam-pieces-")
    waiting.put(7, packed(piece([{1: 1}])))
    assert list(folder.iterdir()) == []
    waiting.put(3, piece([{2: 2}]))
    waiting.put(5, packed(piece([{3: 3}])))
    assert sorted(file.name for file in folder.iterdir()) == ["3.piece", "7.piece"]
    waiting.put(7, piece([{4: 4}]))
    assert told(waiting.take(5)) == told(piece([{3: 3}]))
    assert told(waiting.take(3)) == told(piece([{2: 2}]))
    assert told(waiting.take(7)) == told(piece([{4: 4}]))
    waiting.put(1, piece())
    assert told(waiting.take(1)) == told(piece())
    waiting.put(2, piece())
    assert list(folder.iterdir()) == []  # what is taken waits no longer
    waiting.put(8, piece())
    waiting.put(9, piece())
    waiting.close()
    assert list(tmp_path.iterdir()) == []


def test_what_waits_and_can_not_be_written_or_read_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    waiting = Waiting()
    (folder,) = tmp_path.iterdir()
    waiting.put(1, piece())
    waiting.put(2, piece())
    (folder / "1.piece").write_bytes(b"rubbish")
    with pytest.raises(KeepError, match=r"1\.piece can't be read again"):
        waiting.take(1)
    waiting.close()
    with pytest.raises(KeepError, match=r"2\.piece can't be written"):
        waiting.put(3, piece())
