"""Parts: their paths, their bytes, and what is not taken for one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.localtime import Stretch
from emulator.core.reports import parts
from emulator.core.reports.heat import Tile
from emulator.core.reports.parts import PartError

HOUR = Stretch(1_780_221_600_000, 1_780_225_200_000)  # 2026-05-31T10:00Z


def made(value=7, *, sequence=17, is_filled=False):
    cells = np.zeros((192, 192), np.uint64)
    cells[3, 191] = value
    tile = Tile(cells, 912_345)
    return parts.make(HOUR, "2026-05-31", "9f3a12cc", sequence, tile, is_filled=is_filled)


# --- worked examples ---------------------------------------------------------------------


def test_a_path_tells_the_day_the_hour_who_made_it_and_the_presence():
    part, _ = made()
    day, name = part.path.split("/")
    assert day == "2026-05-31"
    assert name.startswith("1780221600000-1780225200000-9f3a12cc-17-912345-")
    assert name.endswith(f"-{part.checksum}.heat")


def test_a_file_begins_with_its_own_path():
    part, content = made()
    assert content.startswith(part.path.encode() + b"\n")


def test_the_checksum_is_blake2b_over_all_else():
    from hashlib import blake2b

    part, content = made()
    cells = content.partition(b"\n")[2]
    known = b"2026-05-31/1780221600000-1780225200000-9f3a12cc-17-912345.heat\n"
    assert part.checksum == blake2b(known + cells, digest_size=8).hexdigest()
    assert part.mark == int(part.checksum, 16)


def test_made_up_heat_is_marked_in_its_name():
    part, content = made(is_filled=True)
    assert part.path.endswith(".filled")
    assert parts.from_path(part.path) == part
    assert parts.cells_of(part, content)[3, 191] == 7


@pytest.mark.parametrize("value", [0, 1, 2**32 - 1, 2**32, 2**63])
def test_cells_come_back_as_they_were(value):
    part, content = made(value)
    cells = parts.cells_of(part, content)
    assert (cells.dtype, cells.shape, cells[3, 191], cells.sum()) == (
        *(np.uint64, (192, 192)),
        *(value, value),
    )


def test_the_same_heat_of_another_closing_is_another_part():
    assert made(sequence=1)[0].checksum != made(sequence=2)[0].checksum


# --- laws --------------------------------------------------------------------------------


@given(st.integers(0, 2**40), st.integers(1, 10**6), st.integers(0, 10**12), st.booleans())
def test_a_path_read_back_is_the_part(start_ms, lasts_ms, presence_ms, is_filled):
    tile = Tile(np.zeros((192, 192), np.uint64), presence_ms)
    hour = Stretch(start_ms, start_ms + lasts_ms)
    part, content = parts.make(hour, "1999-12-31", "00000000", 1, tile, is_filled=is_filled)
    assert parts.from_path(part.path) == part
    assert not parts.cells_of(part, content).any()


@given(st.text() | st.from_regex(r"2026-05-31/[0-9a-f-]{40,60}\.heat", fullmatch=True))
def test_any_other_text_is_no_part_or_reads_as_it_is_written(text):
    part = parts.from_path(text)
    assert part is None or part.path == text


@given(st.integers(0), st.integers(1, 255))
def test_a_byte_changed_anywhere_is_noticed(where, by):
    part, content = made()
    spoilt = bytearray(content)
    spoilt[where % len(spoilt)] ^= by
    with pytest.raises(PartError):
        parts.cells_of(part, bytes(spoilt))


# --- refusals ----------------------------------------------------------------------------


def test_another_parts_content_is_refused_by_name():
    part, _ = made()
    _, other = made(sequence=18)
    with pytest.raises(PartError, match=r"^2026-05-31/.*-17-.*\.heat holds something else$"):
        parts.cells_of(part, other)


@pytest.mark.parametrize("content", [b"", b"x", b"\n"])
def test_what_is_no_file_of_ours_is_refused(content):
    with pytest.raises(PartError, match="holds something else"):
        parts.check(made()[0], content)


@pytest.mark.parametrize("kept", [b"", b"no zstd", parts.packed(np.zeros((3, 3), np.uint64))])
def test_cells_that_can_not_be_read_are_refused(kept):
    with pytest.raises(PartError, match="a heat tile can't be read"):
        parts.unpacked(kept)
