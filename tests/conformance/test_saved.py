"""Documents of ours on disk: what is one, and what each other file is told to be."""

import pytest

from conformance import saved


class ThingError(ValueError):
    pass


def test_a_document_of_the_schema_is_read_as_it_stands(tmp_path):
    file = tmp_path / "x.json"
    file.write_text('{"schema": 3, "name": "Ä"}', encoding="utf-8")
    assert saved.read(file, 3, "thing", ThingError) == {"schema": 3, "name": "Ä"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, ": No such file or directory"),
        (b"", " is not JSON"),
        (b"\xff", " is not JSON"),
        (b"[" * 10**5, " is not JSON"),
        (b"[3]", " is no thing of schema 3"),
        (b"{}", " is no thing of schema 3"),
        (b'{"schema": 2}', " is no thing of schema 3"),
        (b'{"schema": "3"}', " is no thing of schema 3"),
    ],
)
def test_any_other_file_is_named_and_told_why_not(tmp_path, content, why):
    file = tmp_path / "x.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ThingError) as told:
        saved.read(file, 3, "thing", ThingError)
    assert str(told.value) == f"{file}{why}"
