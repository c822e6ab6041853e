"""What may be selected, by id and by chapter."""

import pytest

from conformance.catalogue import CatalogueError, load, select


def test_nothing_named_is_everything():
    assert select(load()) == load()


def test_ids_and_chapters_may_be_mixed_and_keep_the_catalogues_order():
    assert list(select(load(), ["wire", "set-04", "SET-02"])) == [
        *("SET-02", "SET-04"),
        *("WIRE-01", "WIRE-02", "WIRE-05"),
    ]


@pytest.mark.parametrize("name", ["SET-99", "", "setings", "SET-04 "])
def test_what_is_not_there_is_named(name):
    with pytest.raises(CatalogueError, match="is neither a requirement such as SET-04"):
        select(load(), ["gate", name])
