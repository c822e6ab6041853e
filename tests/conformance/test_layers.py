"""Texts inside texts: what stands where, and one value changed with the rest as it was."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import layers
from conformance.layers import LayerError, leaves, pick, put

INNER = base64.b64encode(b'{"heat":{"sens":"7"}}').decode()

EXAMPLES = [
    ("cmd=save&s=7&s=8&n=a+b%26", {"form cmd": "save", "form s": "7", "form s#2": "8"}),
    ('{"a":{"b/c":[1,"2",true,null]}}', {"json /a/b~1c/0": "1", "json /a/b~1c/2": "true"}),
    ("var on='1';\nvar n = 7;\nvar t=\"a'b;\";\n", {"lines on": "1", "lines n": "7"}),
    ("a=1;\r\nb=\r\nc=x=y\r\n", {"lines a": "1;", "lines b": "", "lines c": "x=y"}),
    ("<A i='1'><B>x</B><B/></A>", {"xml /A/@i": "1", "xml /A/B": "x", "xml /A/B#2": ""}),
    (f"v=1&cfg={INNER.replace('=', '%3D')}", {"form v": "1"}),
]


@pytest.mark.parametrize(("text", "some"), EXAMPLES, ids=lambda one: str(one)[:12])
def test_values_are_found_at_their_places(text, some):
    found = {" > ".join(leaf.place): leaf.value for leaf in leaves(text)}
    assert {place: found.get(place) for place in some} == some


def test_a_number_in_json_in_base64_in_a_form():
    text = f"v=1&cfg={INNER.replace('=', '%3D')}"
    place = ("form cfg", "base64", "json /heat/sens")
    assert [leaf.value for leaf in leaves(text) if leaf.place == place] == ["7"]
    assert pick(text, place) == "7"
    changed = put(text, place, "9")
    assert changed.startswith("v=1&cfg=")
    assert pick(changed, place) == "9"


@pytest.mark.parametrize(
    "text",
    [
        "Sens",
        "",
        "08:30-17:30;",
        "c3R1bnQtZG91YmxlLTE=",
        "{not json",
        "<p>not closed",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "fc00fc00" * 10,
    ],
)
def test_what_has_no_layers_is_one_leaf(text):
    assert [(leaf.place, leaf.value) for leaf in leaves(text)] == [((), text)]


@pytest.mark.parametrize(
    ("text", "place", "value", "changed"),
    [
        ("a=1&b=%20x&c", ("form b",), "1", "a=1&b=1&c"),
        ("a=1&b=%20x&a=2", ("form a#2",), "3&4", "a=1&b=%20x&a=3%264"),
        ('{"a": 1, "b": "2"}', ("json /a",), "3", '{"a": 3, "b": "2"}'),
        ('{"a":1,"b":"2"}', ("json /b",), "3", '{"a":1,"b":"3"}'),
        ("var a='1';\nvar b=2;\n", ("lines b",), "5", "var a='1';\nvar b=5;\n"),
        ("a=1;\r\nb=2;\r\n", ("lines a",), "5", "a=5\r\nb=2;\r\n"),
        (
            '<?xml version="1.0"?>\n<n:A xmlns:n="u" i=\'1\'>\n <B/><B>2</B>\n</n:A>',
            ("xml /n:A/B",),
            "<&",
            '<?xml version="1.0"?>\n<n:A xmlns:n="u" i=\'1\'>\n <B>&lt;&amp;</B><B>2</B>\n</n:A>',
        ),
        ("<A i='1' j=\"2\"/>", ("xml /A/@i",), 'a"b', '<A i=\'a"b\' j="2"/>'),
        ("<A>é<B>1</B></A>", ("xml /A/B",), "ü", "<A>é<B>ü</B></A>"),
    ],
)
def test_one_value_changes_and_the_rest_stays(text, place, value, changed):
    assert put(text, place, value) == changed
    assert pick(changed, place) == value


def test_the_key_of_a_leaf_is_its_innermost_name():
    found = [leaf.key for leaf in leaves('{"week":[{"mon":"1"}]}')]
    assert found == ["mon"]
    assert leaves('{"rows":["1"]}')[0].key == "rows"
    assert leaves("<A><B#/></A>")[0].key == ""
    assert leaves('<A><B i="1"/></A>')[0].key == "i"


trees = st.recursive(
    st.integers() | st.booleans() | st.text('ab/~"<&=é', max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("ab/~ ", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["a", "b/", "~", ""]), trees, max_size=3))
def test_every_place_can_be_picked_and_put_back(document):
    text = json.dumps(document)
    for leaf in leaves(text):
        assert pick(text, leaf.place) == leaf.value
        assert json.loads(put(text, leaf.place, leaf.value)) == document


@given(st.text())
def test_any_text_has_leaves_and_each_can_be_picked(text):
    for leaf in leaves(text):
        assert pick(text, leaf.place) == leaf.value


@pytest.mark.parametrize("place", [("form b",), ("json /a",), ("xml /a",), ("klingon x",)])
def test_a_place_that_is_not_there_is_named(place):
    with pytest.raises(LayerError, match=f"nothing at {place[0]}"):
        pick("a=1&c=2", place)


@pytest.mark.parametrize("value", ["x", "1.5", "true", ""])
def test_a_text_can_not_stand_where_a_whole_number_was(value):
    with pytest.raises(LayerError, match="can't stand at json /a"):
        put('{"a": 1}', ("json /a",), value)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "<a>" * 100_000 + "</a>" * 100_000,
        "var a =" + " " * 1_000_000,
        "a" * (layers.LONGEST + 1),
        "a=1&" * 30_000,
        # Each of these would take minutes, or all the memory, if it were looked at naively.
        "AAAA" + " " * 1_000_000 + "!",
        "var a=" + "b " * 4000 + '"',
        json.dumps({"n" * 1_000_000: [1] * 300_000}),
        f"<{'n' * 500_000}>" + "<b/>" * 10_000 + f"</{'n' * 500_000}>",
        "<a>" + "<b/>" * 30_000 + "</a>",
    ],
    ids=lambda text: text[:8],
)
def test_what_is_too_deep_or_too_large_is_one_leaf(text):
    assert [leaf.place for leaf in leaves(text)] == [()]


def test_a_text_in_many_pieces_is_read_as_one():
    pieces = "x&amp;" * 200_000
    assert pick(f"<a>{pieces}</a>", ("xml /a",)) == "x&" * 200_000


def test_a_text_too_large_to_look_into_is_not_picked_from():
    with pytest.raises(LayerError, match="are more than"):
        pick("a=1&b=" + "2" * layers.LONGEST, ("form a",))
