"""Gating: the article's models and limits typed out, then laws, then refusals."""

import contextlib
import doctest
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core import gating
from emulator.core.gating import Firmware, GatingError, decide, overview, parse_firmware

DOCUMENT = tomllib.loads(
    (Path(__file__).parents[2] / "fixtures" / "models.toml").read_text(encoding="utf-8")
)
FAMILIES = gating.series_table(DOCUMENT)

AI = ["MS-C2972-RFPE", "MS-C2964-RFPE", "MS-C2966-RFPE", "MS-C2966-X12RPE", "MS-C2966-X12ROPC"]
AI += ["MS-C8477-PC", "MS-C5376-PE", "MS-C8165-PE", "MS-C9674-PA", "MS-C8274-PA"]
PANORAMIC = ["MS-C5374-PB", "MS-C9674-PB"]
AI_PTZ = ["MS-C2961-X12PE", "MS-C5371-X12PE", "MS-C2941-X30RPE", "MS-C2967-X23RPE"]
LPR = ["MS-C2966-RFLPE"]
TRAFFIC = ["TS4466-X4RPE"]
NEITHER = ["MS-C5341-X30PB", "MS-C2964-PD", "MS-C2962-FIPB"]
UNDOCUMENTED = ["MS-CQ4472-HPG1", "MS-C8266-RFIPKG1"]
NEVER = AI_PTZ + LPR + TRAFFIC + NEITHER + UNDOCUMENTED
ALL = AI + PANORAMIC + NEVER

NEW = "61.8.0.3-r8"  # recorded from an MS-C8165-PE; newer than every limit

models = st.sampled_from(ALL)
numbers = st.integers(0, 9999)
releases = st.tuples(*[st.integers(0, 9) | st.sampled_from([72]) | numbers] * 4)
platforms = st.integers(1, 999)


def text_of(release, platform=61):
    major, minor, patch, r = release
    return f"{platform}.{major}.{minor}.{patch}-r{r}"


def offered(model, firmware):
    return decide(model, firmware, FAMILIES).offered


def changed(**fields):
    """The document with one field of its first series changed; None takes the field out."""
    row = {**DOCUMENT["series"][0], **fields}
    first = {key: value for key, value in row.items() if value is not None}
    return {**DOCUMENT, "series": [first, *DOCUMENT["series"][1:]]}


# --- worked examples: models and limits from the article and facts 6 ---------------------------


@pytest.mark.parametrize(
    ("text", "platform", "release"),
    [
        ("61.8.0.3-r8", 61, (8, 0, 3, 8)),
        ("51.7.0.77-r12", 51, (7, 0, 77, 12)),
        ("V43.7.0.72-r7", 43, (7, 0, 72, 7)),
        ("63.8.0.5-r3", 63, (8, 0, 5, 3)),
        ("63.8.0.4-r1-NX", 63, (8, 0, 4, 1)),
        ("45.8.0.2-AIoT-r4", 45, (8, 0, 2, 4)),
        ("CQ_63.8.0.3-r2", 63, (8, 0, 3, 2)),
        ("T_61.8.0.3_EU-r7", 61, (8, 0, 3, 7)),
        ("45.8.0.3-LPR_EU-r1", 45, (8, 0, 3, 1)),
        ("61.8.0.2", 61, (8, 0, 2, 0)),
        ("63.8.0.4-NX", 63, (8, 0, 4, 0)),
    ],
)
def test_version_texts_seen_in_the_field_are_read(text, platform, release):
    version = parse_firmware(text)
    assert version.platform == platform
    assert (version.major, version.minor, version.patch, version.r) == release


def test_numbers_compare_as_numbers_and_a_missing_r_is_r0():
    rising = ["9.7.0.72-r7", "9.7.0.72-r12", "9.7.0.100", "9.7.1.0", "9.8.0.2", "9.8.0.2-r1"]
    assert [text for _, text in sorted((parse_firmware(t), t) for t in rising)] == rising
    assert parse_firmware("9.8.0.2") == parse_firmware("9.8.0.2-r0")


@pytest.mark.parametrize("model", AI)
@pytest.mark.parametrize(
    ("firmware", "has_it"),
    [
        ("61.8.0.1-r999", False),
        ("99.7.9.9", False),
        ("61.8.0.2", True),
        ("3.8.0.2-r0", True),
        ("61.8.0.10", True),
        ("61.9.0.0", True),
    ],
)
def test_an_ai_model_has_it_from_8_0_2_on(model, firmware, has_it):
    decision = decide(model, firmware, FAMILIES)
    assert (decision.offered, decision.series) == (has_it, "AI")
    assert "GATE-01" in decision.reason
    assert "x.8.0.2" in decision.reason


@pytest.mark.parametrize("model", PANORAMIC)
@pytest.mark.parametrize(
    ("firmware", "has_it"),
    [
        ("V43.7.0.72-r6", False),
        ("V43.7.0.72", False),
        ("99.7.0.71-r8", False),
        ("V43.7.0.72-r7", True),
        ("1.7.0.72-r10", True),
        ("43.7.0.75", True),
        ("43.8.0.0", True),
    ],
)
def test_a_panoramic_model_without_ai_has_it_from_7_0_72_r7_on(model, firmware, has_it):
    decision = decide(model, firmware, FAMILIES)
    assert (decision.offered, decision.series) == (has_it, "panoramic non-AI")
    assert "GATE-04" in decision.reason
    assert "x.7.0.72-r7" in decision.reason


@pytest.mark.parametrize(
    ("model", "series", "requirement"),
    [(model, "AI PTZ", "GATE-02") for model in [*AI_PTZ, "MS-C5342-X25RPG1"]]
    + [(model, "AI LPR", "GATE-03") for model in [*LPR, "MS-C2964-XLRPC", "MS-C5374-LPB"]]
    + [(model, "road traffic", "GATE-03") for model in [*TRAFFIC, "TS4441-X36RPE", "TS2966-FPE/P"]]
    + [("MS-C5341-X30PB", "non-AI PTZ", "GATE-05")]
    + [(model, "non-AI", "GATE-05") for model in ["MS-C2964-PD", "MS-C2962-FIPB"]]
    + [(model, "undocumented AI", "GATE-05") for model in [*UNDOCUMENTED, "MS-CQ2972-RFPE"]],
)
def test_a_series_without_the_function_says_so_and_cites_its_requirement(
    model, series, requirement
):
    decision = decide(model, NEW, FAMILIES)
    assert (decision.offered, decision.series) == (False, series)
    assert model in decision.reason
    assert requirement in decision.reason


@pytest.mark.parametrize("model", UNDOCUMENTED)
def test_an_undocumented_series_is_not_said_never_to_have_it(model):
    reason = decide(model, NEW, FAMILIES).reason
    assert "undocumented AI series" in reason
    assert "never" not in reason


@pytest.mark.parametrize("tens", ["41", "42", "61", "67", "71"])
@pytest.mark.parametrize("suffix", ["PE", "X12PC", "RFPA"])
def test_ptz_digits_beat_the_ai_letters(tens, suffix):
    assert not offered(f"MS-C29{tens}-{suffix}", NEW)
    assert offered(f"MS-C2966-{suffix}", NEW)


@pytest.mark.parametrize("name", ["MS-C374-B", "MS-C5365-PB", "MS-C5376-FB", "MS-C7474-XYZ1B"])
def test_a_panoramic_name_has_3_or_4_digits_and_any_letters_before_the_b(name):
    assert offered(name, "43.7.0.72-r7")


@pytest.mark.parametrize("digits", ["2964", "5372", "8277", "7466"])
def test_b_without_panoramic_digits_has_nothing(digits):
    assert decide(f"MS-C{digits}-PB", NEW, FAMILIES).series == "non-AI"
    assert not offered(f"MS-C{digits}-PB", NEW)


def test_the_overview_shows_every_model_known_by_name_once():
    rows = overview(FAMILIES)
    assert sorted(row.model for row in rows) == sorted(ALL)
    assert [row.family for row in rows if row.model == "MS-C8165-PE"] == ["AI panoramic"]
    assert {row.family for row in rows} == {
        *("AI bullet", "AI dome", "AI fisheye", "AI panoramic", "AI PTZ", "AI LPR"),
        *("road traffic", "panoramic non-AI", "non-AI PTZ", "non-AI", "undocumented AI"),
    }


def test_the_overview_tells_who_has_it_from_which_firmware_and_why_not():
    rows = {row.model: row for row in overview(FAMILIES)}
    bullet, fisheye = rows["MS-C2964-RFPE"], rows["MS-C9674-PB"]
    assert (bullet.firmware, bullet.decision.offered) == ("61.8.0.1-r6", False)
    assert (fisheye.firmware, fisheye.decision.offered) == ("V43.7.0.72-r7", True)
    assert "61.8.0.1-r6 is older" in bullet.decision.reason
    assert "V43.7.0.72-r7 is not older" in fisheye.decision.reason
    needs = {model: row.needs for model, row in rows.items()}
    assert needs == (
        dict.fromkeys(AI, "x.8.0.2")
        | dict.fromkeys(PANORAMIC, "x.7.0.72-r7")
        | dict.fromkeys(AI_PTZ + LPR + TRAFFIC + NEITHER, "never")
        | dict.fromkeys(UNDOCUMENTED, "undocumented")
    )


def test_the_first_series_that_fits_decides():
    anything = {"name": "all", "from_firmware": "x.0.0.0", "requirement": "X", "who": "all models"}
    few = [{"name": "any", "series": "all", "models": [["MS-C8165-PE", NEW]]}]
    families = gating.series_table({"series": [anything, *DOCUMENT["series"]], "family": few})
    assert decide("MS-C2961-X12PE", "1.0.0.0", families).series == "all"


# --- laws --------------------------------------------------------------------------------------


@given(models, releases, platforms, platforms)
def test_the_platform_never_matters(model, release, one, other):
    first, second = text_of(release, one), text_of(release, other)
    assert offered(model, first) == offered(model, second)
    assert parse_firmware(first) == parse_firmware(second)


@given(models, releases, releases)
def test_once_offered_a_higher_version_is_offered(model, one, other):
    lower, higher = sorted([one, other])
    assert offered(model, text_of(lower)) <= offered(model, text_of(higher))


@given(st.sampled_from(NEVER), releases)
def test_ptz_lpr_road_traffic_and_plain_models_never_have_it(model, release):
    assert not offered(model, text_of(release))


@given(st.sampled_from(AI + PANORAMIC), releases)
def test_a_release_is_enough_exactly_from_the_limit_on(model, release):
    limit = (8, 0, 2, 0) if model in AI else (7, 0, 72, 7)
    assert offered(model, text_of(release)) == (release >= limit)


@given(releases, platforms, st.sampled_from(["", "V", "CQ_", "T_V"]), st.sampled_from("-_"))
def test_prefix_and_variant_change_nothing(release, platform, prefix, separator):
    plain = text_of(release, platform)
    before, _, r = plain.partition("-r")
    for text in (f"{prefix}{plain}{separator}NX", f"{prefix}{before}{separator}AIoT-r{r}"):
        assert parse_firmware(text) == parse_firmware(plain)


@given(st.tuples(platforms, numbers, numbers, numbers, numbers))
def test_what_was_written_is_what_is_read(parts):
    version = parse_firmware("{}.{}.{}.{}-r{}".format(*parts))
    assert (version.platform, version.major, version.minor, version.patch, version.r) == parts


@given(
    st.text() | st.text("0123456789.-rV_ AX", max_size=20),
    st.text() | st.from_regex(r"(MS-C[A-Z]?|TS)[0-9]{2,5}-[A-Z0-9]{0,6}", fullmatch=True),
)
def test_any_text_at_all_gives_an_answer_or_a_refusal(firmware, model):
    with contextlib.suppress(GatingError):
        assert isinstance(parse_firmware(firmware), Firmware)
    with contextlib.suppress(GatingError):
        assert decide(model, NEW, FAMILIES).series


# --- refusals ----------------------------------------------------------------------------------


NOT_A_VERSION = {
    "blanks": [
        "",
        " ",
        "61.8.0.3-r8\n",
        " 61.8.0.3-r8",
        "61.8.0.3 -r8",
        "61.8.0.3-r8 ",
        "61. 8.0.3",
    ],
    "count": ["61.8.0", "61.8.0.3.1", "61..0.3", "x.8.0.2", "3x.8.0.3-r11", "61,8,0,3"],
    "release": ["61.8.0.3-r", "61.8.0.3-r-NX", "61.8.0.3_r-r8", "61.8.0.3-r8-r9", "61.8.0.3-R8"],
    "variant": ["61.8.0.3-", "61.8.0.3r8", "61.8.0.3-r8-N2", "61.8.0.3_1", "61.8.0.3-" + "N" * 99],
    "prefix": [
        "v43.7.0.72-r7",
        "VV43.7.0.72",
        "CQ63.8.0.3",
        "_63.8.0.3",
        "A_B_63.8.0.3",
        "C-Q_6.8.0.3",
    ],
    "digits": ["\u0666\u0661.8.0.3", "61.8.0.\u0663", "61.8.0.3-r\u0668", "61.8.0.\u00b3"],
    "signs": ["61.8.0.-3", "+61.8.0.3", "61.8.0.3-\u00c4", "61.8.0.3\x00"],
    "length": ["61.8.0." + "9" * 5000, "9" * 5000 + ".8.0.3", "61.8.0.3-r12345"],
}


@pytest.mark.parametrize("kind", NOT_A_VERSION)
def test_another_version_text_is_refused_and_named(kind):
    for text in NOT_A_VERSION[kind]:
        with pytest.raises(GatingError, match=r"^firmware '") as refusal:
            parse_firmware(text)
        assert len(str(refusal.value)) < 250
        with pytest.raises(GatingError, match=r"^firmware '"):
            decide("MS-C2961-X12PE", text, FAMILIES)


NOT_A_MODEL = {
    "blanks": ["", "MS-C8165-PE\n", " MS-C8165-PE", "MS-C8165-PE ", "MS-C8165 -PE"],
    "digits": ["MS-C65-PE", "MS-C81655-PE", "MS-C-PE", "MS-C\u0668165-PE", "TSHIRT", "TS-X4RPE"],
    "suffix": [
        "MS-C8165",
        "MS-C8165-",
        "MS-C8165-PF",
        "MS-C8165-P",
        "MS-C8165-PE-X",
        "MS-C8165-PE/P",
    ],
    "letters": ["ms-c8165-pe", "MS-C8165-pe", "MS-C8165-P\u0415"],
    "line": ["MSC8165-PE", "MS-D8165-PE", "MS-CX8165-PE", "MS-CQQ4472-HPG1", "XMS-C8165-PE"],
    "others": ["DS-2CD2143G2-IS", "MS-C8165-" + "X" * 5000 + "PE"],
}


@pytest.mark.parametrize("kind", NOT_A_MODEL)
def test_a_name_that_fits_no_series_is_refused_and_named(kind):
    for model in NOT_A_MODEL[kind]:
        with pytest.raises(GatingError, match=r"^model '.*' fits no series$") as refusal:
            decide(model, NEW, FAMILIES)
        assert repr(model[:9])[:-1] in str(refusal.value)
        assert len(str(refusal.value)) < 250


@pytest.mark.parametrize("kind", ["series", "family"])
@pytest.mark.parametrize("rows", [None, [], "AI", {"name": "AI"}, [1]])
def test_a_table_without_rows_is_refused(kind, rows):
    with pytest.raises(GatingError, match=rf"no \[\[{kind}\]\]"):
        gating.series_table({**DOCUMENT, kind: rows})


@pytest.mark.parametrize("kind", ["series", "family"])
def test_a_misspelt_field_is_refused_and_named(kind):
    rows = [{**DOCUMENT[kind][0], "sufix_has": ["L"]}, *DOCUMENT[kind][1:]]
    with pytest.raises(GatingError, match=rf"\[\[{kind}\]\] has no field 'sufix_has'"):
        gating.series_table({**DOCUMENT, kind: rows})


@pytest.mark.parametrize("field", ["name", "from_firmware", "requirement", "who"])
@pytest.mark.parametrize("value", [None, "", 8])
def test_a_series_without_a_text_it_needs_is_refused(field, value):
    with pytest.raises(GatingError, match=f"^{field}="):
        gating.series_table(changed(**{field: value}))


@pytest.mark.parametrize("field", ["line", "last_two_digits", "suffix_has", "suffix_ends"])
@pytest.mark.parametrize("value", ["41", [], [41], [""]])
def test_a_list_of_another_form_is_refused(field, value):
    with pytest.raises(GatingError, match=f"^{field}="):
        gating.series_table(changed(**{field: value}))


@pytest.mark.parametrize("value", ["8.0.2", "sometimes", "x.8.0", "x.8.0.2 ", "XX.8.0.2"])
def test_a_limit_of_another_form_is_refused(value):
    with pytest.raises(GatingError):
        gating.series_table(changed(from_firmware=value))


@pytest.mark.parametrize(
    ("models", "why"),
    [
        ([["MS-C2961-X12PE", NEW]], "MS-C2961-X12PE of family 'any' is 'AI PTZ', not 'AI'"),
        ([["MS-X1", NEW]], "model 'MS-X1' fits no series"),
        ([["MS-C8165-PE", "new"]], "firmware 'new'"),
        ([["MS-C8165-PE"]], "is not .model, firmware."),
        (["MS"], "is not a list of .model, firmware."),
        ([], "is not a list of .model, firmware."),
    ],
)
def test_an_example_that_contradicts_its_family_is_refused(models, why):
    family = {"name": "any", "series": "AI", "models": models}
    with pytest.raises(GatingError, match=why):
        gating.series_table({**DOCUMENT, "family": [family]})


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(gating).failed == 0
