"""Automatic export as it is set: what a new camera has, changes, what is read back, refusals."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.reports.export_settings import ExportSettings, change_export, export_fields
from emulator.core.settings import SettingError

TO_FTP = [("exportSpace", 1), ("exportTo", 0), ("ftpServer", "nas.shop")]
TO_MAIL = [("exportTime", 1), ("exportTo", 1), ("smtpServer", "mail.shop"),
           ("smtpSender", "cam@shop.example"), ("smtpReceiver", "boss@shop.example")]  # fmt: skip
NUMBERS = {
    "exportSpace": (0, 1),
    "exportTime": (0, 1),
    "exportHour": (0, 23),
    "exportMin": (0, 59),
    "exportSec": (0, 59),
    "ftpPort": (1, 65535),
    "smtpPort": (1, 65535),
}
SECRETS = ["ftpPassword", "smtpPassword"]


def changed(*values):
    return change_export(ExportSettings(), values)


# --- worked examples --------------------------------------------------------------------------


def test_a_new_camera_exports_nothing():
    assert not ExportSettings().is_on
    assert export_fields(ExportSettings()) == {
        "exportSpace": 0,
        "exportTime": 0,
        "exportWeekday": 7,
        "exportHour": 0,
        "exportMin": 0,
        "exportSec": 0,
        "exportRange": 0,
        "exportTo": 2,
        "ftpPort": 21,
        "smtpPort": 25,
        "ftpServer": "",
        "ftpUser": "",
        "ftpPath": "",
        "smtpServer": "",
        "smtpUser": "",
        "smtpSender": "",
        "smtpReceiver": "",
    }


def test_either_report_switches_it_on():
    assert changed(("exportSpace", 1)).is_on
    assert changed(("exportTime", 1)).is_on


def test_a_day_and_a_range_are_set_together():
    monday = changed(("exportWeekday", 1), ("exportRange", 1))
    assert (monday.weekday, monday.kind) == (1, "weekly")
    assert change_export(monday, [("exportRange", 3)]).kind == "annual"


def test_a_number_as_large_as_allowed_is_taken_and_the_next_is_not():
    for key, (low, high) in NUMBERS.items():
        for value in (low, high):
            assert export_fields(changed((key, value)))[key] == value
        for value in (low - 1, high + 1):
            with pytest.raises(
                SettingError, match=rf"\({key}\)={value} is outside {low}\.\.{high}"
            ):
                changed((key, value))


# --- laws -------------------------------------------------------------------------------------


@given(st.sampled_from(SECRETS), st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_a_password_is_kept_but_never_read_back(key, secret):
    secret = secret[:64]
    settings = changed((key, secret))
    assert key not in export_fields(settings)
    kept = export_fields(settings, secrets=True)
    assert kept[key] == secret
    assert change_export(ExportSettings(), kept.items()) == settings


@given(st.permutations([*TO_FTP, *TO_MAIL[:1], ("ftpPassword", "Secret-77"), ("exportMin", 30)]))
def test_the_order_of_the_keys_does_not_matter(values):
    assert changed(*values) == changed(*sorted(values, key=lambda pair: pair[0]))


@given(
    st.dictionaries(
        st.sampled_from([*NUMBERS, *SECRETS, "exportWeekday", "exportRange", "exportTo", "ftpPath"])
        | st.sampled_from(["ftpServer", "smtpServer", "smtpSender", "smtpReceiver", "x"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none()),
    )
)
def test_anything_at_all_gives_settings_or_a_refusal_of_one_line(values):
    settings, refusal = ExportSettings(), ""
    try:
        settings = change_export(settings, values.items())
    except SettingError as error:
        refusal = str(error)
    assert len(refusal.splitlines()) <= 1
    assert change_export(settings, export_fields(settings).items()) == settings


@given(st.text(st.characters(categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_no_text_can_end_a_line_of_a_protocol(bad):
    for key in ["ftpServer", "ftpUser", "ftpPassword", "ftpPath", "smtpServer", "smtpUser"]:
        with pytest.raises(SettingError):
            changed((key, f"a{bad}b"))
    for key in ["smtpSender", "smtpReceiver"]:
        with pytest.raises(SettingError):
            changed((key, f"a@b{bad}.c"))
        with pytest.raises(SettingError):
            changed((key, f"a@b.c{bad}"))


# --- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["1", 1.0, True, None, [1]])
def test_a_number_is_an_integer(value):
    with pytest.raises(
        SettingError, match=r"^hour \(exportHour\)=.* takes a whole number, 0\.\.23"
    ):
        changed(("exportHour", value))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("ftpServer", "a b", r"ftp_host \(ftpServer\)='a b' is not a host name"),
        ("ftpServer", "ftp://nas", "is not a host name"),
        ("ftpServer", "x" * 254, "has 254 characters, more than 253"),
        ("ftpPath", 5, r"ftp_folder \(ftpPath\)=5 cannot be read; it takes a text"),
        ("smtpSender", "camera", r"mail_from \(smtpSender\)='camera' is not one mail address"),
        ("smtpReceiver", "a@x.example,b@x.example", "is not one mail address"),
        ("smtpReceiver", "a,b@x.example", "is not one mail address"),
        ("smtpReceiver", "a@x.example>", "is not one mail address"),
        ("smtpUser", "kamera-büro", "is not printable ASCII"),
        ("ftp", "x", "'ftp' is not an export setting"),
        ("exportRange", 4, r"range \(exportRange\)=4 is outside 0\.\.3"),
        ("exportWeekday", 8, r"weekday \(exportWeekday\)=8 is outside 0\.\.7"),
        ("exportTo", 3, r"destination \(exportTo\)=3 is outside 0\.\.2"),
    ],
)
def test_a_refusal_names_the_setting_and_what_it_takes(key, value, message):
    with pytest.raises(SettingError, match=message):
        changed((key, value))


@pytest.mark.parametrize("value", ["Sécret-77", "Secret\n77", ["Secret-77"], "Secret-77" * 8])
def test_a_refused_password_is_not_repeated(value):
    with pytest.raises(SettingError, match=r"^ftp_password \(ftpPassword\)") as caught:
        changed(("ftpPassword", value))
    assert not re.search("S.cret", str(caught.value))


@pytest.mark.parametrize("range_", [1, 2, 3])
def test_every_day_takes_daily_reports_only(range_):
    with pytest.raises(SettingError, match=r"=7, every day, takes 0 daily$"):
        changed(("exportRange", range_))


@pytest.mark.parametrize("weekday", range(7))
def test_a_weekday_takes_a_longer_report(weekday):
    with pytest.raises(SettingError, match="takes one of 1 weekly, 2 monthly, 3 annual"):
        changed(("exportWeekday", weekday))


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        (TO_FTP, ["ftpServer"]),
        (TO_MAIL, ["smtpServer", "smtpSender", "smtpReceiver"]),
    ],
)
def test_an_export_needs_to_know_where_to(values, missing):
    assert changed(*values).is_on
    for key in missing:
        with pytest.raises(SettingError, match=rf"\({key}\) is empty; an export to (FTP|mail)"):
            changed(*(pair for pair in values if pair[0] != key))
    for key in missing:
        with pytest.raises(SettingError, match="is empty"):
            change_export(changed(*values), [(key, "")])


def test_what_is_not_exported_needs_no_server():
    assert changed(("exportTo", 0)).ftp_host == ""


def test_a_text_as_long_as_allowed_is_taken():
    for key, most in [("ftpServer", 253), ("ftpUser", 64), ("smtpPassword", 64), ("ftpPath", 255)]:
        assert export_fields(changed((key, "x" * most)), secrets=True)[key] == "x" * most
        with pytest.raises(SettingError, match=f"has {most + 1} characters, more than {most}$"):
            changed((key, "x" * (most + 1)))


def test_a_key_given_twice_is_refused():
    with pytest.raises(SettingError, match=r"hour \(exportHour\) is given twice"):
        changed(("exportHour", 1), ("exportHour", 1))


def test_a_refused_change_changes_nothing():
    before = changed(*TO_FTP)
    with contextlib.suppress(SettingError):
        change_export(before, [("exportHour", 5), ("exportMin", 60)])
    assert before == changed(*TO_FTP)
