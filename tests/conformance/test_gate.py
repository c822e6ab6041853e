"""The gate: names and versions from the documents, and what is no name or version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.gate import decide, version

# (model, firmware, has the heat map, the rule): names and versions seen in public material.
DOCUMENTED = [
    ("MS-C8165-PE", "61.8.0.3-r8", True, "GATE-01"),
    ("MS-C8165-PE", "61.8.0.2", True, "GATE-01"),
    ("MS-C8165-PE", "61.8.0.1-r99", False, "GATE-01"),
    ("MS-C2966-X12ROPC", "45.8.0.2-AIoT-r4", True, "GATE-01"),
    ("MS-C2966-X12RPE", "61.8.0.3-r8", True, "GATE-01"),  # X12 is the zoom, and no PTZ
    ("MS-C5376-PE", "63.8.0.4-r1-NX", True, "GATE-01"),
    ("MS-C9674-PA", "32.8.0.3-r11", True, "GATE-01"),
    ("MS-C2964-RFPE", "61.10.0.0", True, "GATE-01"),
    ("MS-C2961-X12PE", "61.9.9.9", False, "GATE-02"),
    ("MS-C5371-X12PE", "61.8.0.3-r8", False, "GATE-02"),
    ("MS-C2966-RFLPE", "T_61.8.0.3_EU-r7", False, "GATE-03"),
    ("TS4466-X4RPE", "T_61.8.0.3_EU-r7", False, "GATE-03"),
    ("MS-C9674-PB", "V43.7.0.72-r7", True, "GATE-04"),
    ("MS-C9674-PB", "51.7.0.73", True, "GATE-04"),
    ("MS-C5374-PB", "V43.7.0.72-r6", False, "GATE-04"),
    ("MS-C5374-PB", "V43.7.0.72", False, "GATE-04"),
    ("MS-C5341-X30PB", "51.7.0.77-r12", False, "GATE-05"),
    ("MS-C2964-PD", "51.7.0.77-r12", False, "GATE-05"),
    ("MS-C2962-FIPB", "V43.7.0.72-r7", False, "GATE-05"),
    ("MS-CQ4472-HPG1", "CQ_63.8.0.3-r2", None, "GATE-05"),
    ("MS-C8266-RFIPKG1", "63.8.0.5-r3", None, "GATE-05"),
]


@pytest.mark.parametrize(("model", "firmware", "offered", "rule"), DOCUMENTED)
def test_the_documents_decide(model, firmware, offered, rule):
    claim = decide(model, firmware)
    assert (claim.offered, claim.requirements) == (offered, (rule,))
    assert model in claim.reason


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("61.8.0.3-r8", (8, 0, 3, 8)),
        ("V43.7.0.72-r7", (7, 0, 72, 7)),
        ("CQ_63.8.0.3-r2", (8, 0, 3, 2)),
        ("45.8.0.2-AIoT-r4", (8, 0, 2, 4)),
        ("63.8.0.4-r1-NX", (8, 0, 4, 1)),
        ("45.8.0.2", (8, 0, 2, 0)),
    ],
)
def test_a_version_is_read_without_its_platform(text, parts):
    assert version(text) == parts


@pytest.mark.parametrize(
    "text",
    ["", "8.0.3", "61.8.0", "61.8.0.3-r", "61.8.0.3 r8", "61.8.0.3-r8\n", "x.8.0.3", "61.8.0.٣"],
)
def test_other_text_is_no_version_and_nothing_is_concluded(text):
    assert version(text) is None
    assert decide("MS-C8165-PE", text).offered is None


@pytest.mark.parametrize("model", ["", "Camera", "ms-c8165-pe", "MS-C81-PE", "MS-C8165", "DS-2CD2"])
def test_other_names_are_not_judged(model):
    assert decide(model, "61.8.0.3-r8").offered is None


numbers = st.integers(0, 200)


@given(numbers, numbers, numbers, numbers, numbers, numbers)
def test_versions_compare_as_numbers_and_never_by_platform(
    one, other, major, minor, patch, release
):
    text = f"{major}.{minor}.{patch}-r{release}"
    assert version(f"{one}.{text}") == version(f"{other}.{text}") == (major, minor, patch, release)


@given(st.text(), st.text())
def test_any_two_texts_give_a_claim_with_a_reason(model, firmware):
    assert decide(model, firmware).reason
