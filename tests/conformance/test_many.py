"""Files of targets, what came of many devices as one, and the reports of that."""

import json
import xml.etree.ElementTree as ET

import pytest

from conformance.many import grid, targets
from conformance.many.grid import Device
from conformance.many.targets import TargetsError
from conformance.report import many

# --- targets -------------------------------------------------------------------------------------


@pytest.fixture
def read(tmp_path):
    def run(text):
        file = tmp_path / "T.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return targets.read(file)

    return run


def test_a_target_is_named_by_itself_or_by_its_host(read):
    rows = read(
        '[[target]]\nname = "door"\nurl = "http://10.0.0.1"\nserial = "A1"\n'
        '[[target]]\nurl = "https://10.0.0.2:8443"\n'
    )
    assert [(row.name, row.url, row.serial) for row in rows] == [
        ("door", "http://10.0.0.1", "A1"),
        ("10.0.0.2-8443", "https://10.0.0.2:8443", ""),
    ]


def two(**second):
    rows = [{"url": "http://10.0.0.1", "name": "a", "serial": "A1"}]
    rows.append({"url": "http://10.0.0.2", "name": "b", "serial": "A2"} | second)
    return "".join(
        "[[target]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in row.items())
        for row in rows
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["has no [[target]]"]),
        ("target = []", ["has no [[target]]"]),
        ("target = 5", ["written [[target]]"]),
        ("[[targets]]\nurl='http://10.0.0.1'", ["'targets'", "[[target]]"]),
        ("[[target]", ["not TOML"]),
        (b"\xff\xfe", ["not TOML"]),
        ("[[target]]\nname='a'", ["target 1", "no url"]),
        (two(serial="A1"), ["targets 1 and 2", "one serial", "'A1'"]),
        (two(name="A"), ["targets 1 and 2", "one name", "'a'"]),
        (two(url="http://10.0.0.1:80"), ["targets 1 and 2", "one url"]),
        (two(colour="red"), ["target 2", "'colour'", "safety"]),
        (two(url="ftp://10.0.0.2"), ["target 2", "ftp://10.0.0.2"]),
        (two(url="http://u:p@10.0.0.2"), ["target 2", "password"]),
        (two(name="../x"), ["target 2", "'../x'", "1..64"]),
        (two(safety="wild"), ["target 2", "'wild'", "read-only"]),
        (two(insecure="yes"), ["target 2", "insecure", "true or false"]),
        ("[[target]]\nurl='http://10.0.0.1'\n" * 1001, ["1001 targets", "1000"]),
    ],
)
def test_a_file_that_can_not_be_used_is_one_line_that_names_it(read, text, words):
    with pytest.raises(TargetsError) as refused:
        read(text)
    message = str(refused.value)
    assert "T.toml" in message
    assert [word for word in words if word not in message] == []


def test_no_file_and_a_file_without_end_are_refused(tmp_path):
    with pytest.raises(TargetsError, match="No such file"):
        targets.read(tmp_path / "T.toml")
    with (tmp_path / "T.toml").open("wb") as file:
        file.truncate(5 * 1024 * 1024)
    with pytest.raises(TargetsError, match="more than 4 MB"):
        targets.read(tmp_path / "T.toml")


# --- the grid ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([0, 0], 0),
        ([0, 5], 0),
        ([5, 5], 5),
        ([0, 1], 1),
        ([1, 3], 3),
        ([3, 2], 2),
        ([2, 130], 130),
        ([130, 4, 1], 4),
    ],
)
def test_the_gravest_exit_code_is_the_runs(codes, code):
    assert grid.exit_code(codes) == code


def row(name, verdict, level="MUST", applies=True):
    reason = "mintime: 301 was <kept>" if verdict == "fail" else ""
    about = {"id": name, "level": level, "verdict": verdict, "reason": reason}
    return {**about, "applies": applies, "chapter": "settings", "rule": f"rule of {name}"}


def results(serial, *rows):
    target = {"model": "MS-C8165-PE", "firmware": "61.8.0.3-r8", "serial": serial}
    return {"target": target, "requirements": list(rows), "summary": {"MUST": {"pass": 1}}}


@pytest.fixture
def three():
    devices = [
        Device("door", "http://10.0.0.1", 0, "", results("A1", row("SET-04", "pass"))),
        Device(
            "yard",
            "http://10.0.0.2",
            1,
            "",
            results("A2", row("SET-04", "fail"), row("REP-01", "pass", applies=False)),
        ),
        Device("gate|5", "http://10.0.0.3", 3, "no connection within 5 s", None),
    ]
    return grid.document(devices, tool="1", started="s", finished="f", parallel=8)


def test_the_grid_has_a_verdict_for_each_device_and_requirement(three):
    assert [one["key"] for one in three["requirements"]] == ["SET-04 MUST", "REP-01 MUST"]
    assert [one["verdicts"] for one in three["devices"]] == [
        {"SET-04 MUST": "pass"},
        {"SET-04 MUST": "fail", "REP-01 MUST": "does not apply"},
        {},
    ]
    assert three["exit"] == 3
    assert many.sentences(three) == [
        "1 of 3 devices does not conform.",
        "1 of 3 devices could not be judged.",
        "1 of 3 devices conforms.",
    ]


def test_the_reports_say_the_same_and_stand_alone(three, tmp_path):
    many.folder(three, tmp_path)
    assert json.loads((tmp_path / "devices.json").read_text()) == three
    page = (tmp_path / "report.html").read_text()
    assert "1 of 3 devices does not conform." in page
    assert "mintime: 301 was &lt;kept&gt;" in page
    assert "no connection within 5 s" in page
    assert 'href="yard/report.html"' in page
    assert "src=" not in page
    assert "<script" not in page
    text = (tmp_path / "report.md").read_text()
    assert "| SET-04 MUST | ✓ | ✗ |  |" in text
    assert "gate\\|5" in text
    root = ET.parse(tmp_path / "junit.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("4", "2", "1")
