"""A store without a file until there is something worth keeping."""

from datetime import UTC

import numpy as np
import pytest

from emulator.core.accounts import Account
from emulator.core.reports.heat import Tile
from emulator.edge.storage import Storage, StorageError

BEGINS = {"settings": {"mintime": 30}, "numbers": ["S", "M"]}
MINUTE_MS = 1_767_225_600_000


def untouched(folder, name="a"):
    path = folder / name / "stuntcam.sqlite"
    is_worth = lambda state: bool(state.keys() - {"clock_ms"})  # noqa: E731
    return path, Storage(path, era="0000000a", is_ring=True, untouched=(BEGINS, is_worth))


def one_second():
    cells = np.zeros((192, 192), np.uint64)
    cells[3, 4] = 1000
    return Tile(cells, 1000)


def test_what_it_begins_with_is_read_and_no_file_is_made(tmp_path):
    path, storage = untouched(tmp_path)
    storage.commit({}, {"clock_ms": 7}, UTC, 7)
    assert storage.state("settings") == {"mintime": 30}
    assert storage.state("clock_ms") == 7
    assert storage.state("zone") is None
    assert storage.accounts() == []
    storage.close()
    assert not path.parent.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.commit({}, {"zone": "Europe/Berlin"}, UTC, 7),
        lambda s: s.commit({MINUTE_MS: one_second()}, {}, UTC, 7),
        lambda s: s.put_account(Account("ann", "viewer", "Passw0rd1")),
        lambda s: s.restore(s.snapshot(), "0000000b"),
    ],
    ids=["a setting", "heat", "an account", "a state"],
)
def test_a_change_makes_the_file_and_all_it_began_with_is_in_it(tmp_path, change):
    path, storage = untouched(tmp_path)
    storage.commit({}, {"clock_ms": 7}, UTC, 7)
    change(storage)
    storage.close()
    again = Storage(path, is_ring=True)
    assert again.state("settings") == {"mintime": 30}
    assert again.state("numbers") == ["S", "M"]
    assert again.state("clock_ms") == 7
    again.close()


def test_stores_without_files_know_nothing_of_each_other(tmp_path):
    _, one = untouched(tmp_path, "a")
    path, other = untouched(tmp_path, "b")
    one.put_account(Account("ann", "viewer", "Passw0rd1"))
    one.commit({}, {"settings": {"mintime": 31}}, UTC, 7)
    assert other.accounts() == []
    assert other.state("settings") == {"mintime": 30}
    assert not path.exists()
    one.close()
    assert other.state("settings") == {"mintime": 30}
    other.close()


def test_a_store_that_is_there_is_opened_as_it_is(tmp_path):
    path, storage = untouched(tmp_path)
    storage.commit({}, {"settings": {"mintime": 31}}, UTC, 7)
    storage.close()
    _, again = untouched(tmp_path)
    assert again.state("settings") == {"mintime": 31}
    again.close()
    assert path.exists()


def test_a_file_that_cannot_be_made_is_told(tmp_path):
    _, storage = untouched(tmp_path)
    (tmp_path / "a").write_text("in the way")
    with pytest.raises(StorageError, match=r"stuntcam\.sqlite"):
        storage.commit({}, {"zone": "UTC"}, UTC, 7)
    assert storage.state("zone") is None
    storage.close()
