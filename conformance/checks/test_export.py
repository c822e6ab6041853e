"""Export: what a report is as a file, and reports that are sent by themselves."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from conformance import address, colours, forms, oracle, receiving
from conformance.camera import Camera
from conformance.control import Control
from conformance.exchange import NoAnswerError
from conformance.expect import Expectations, MismatchError, does_not_apply, not_checked
from conformance.oracle import DAY, KINDS
from conformance.receiving import HOST, Files
from conformance.run import Run
from conformance.stage import Stage

DUE = datetime(2026, 3, 12, 8)  # noqa: DTZ001  # a wall clock's: a Thursday, 8:00
FILLED = ("2026-03-06", "2026-03-11")
BEFORE, MINUTE = timedelta(seconds=30), timedelta(minutes=1)
EVERY_DAY, THURSDAY = 7, 4  # EXP-01, from Sunday
TOO_MUCH = {"space": 2, "time": -1, "weekday": 8, "hour": 24, "minute": 60, "second": 60,
            "range": 4, "to": 3, "mail_port": 0, "ftp_port": 65536}  # fmt: skip


@pytest.fixture
def before(camera: Camera) -> Iterator[dict[str, Any]]:
    """The export's settings, which are put back after the check."""
    try:
        settings = camera.export()
    except NoAnswerError as error:
        not_checked(f"no automatic export where the dialect looks for it: {error}")
    yield settings
    if camera.export() != settings:
        camera.save_export(**settings)


def expect_saved(camera: Camera, expect: Expectations, **values: Any) -> None:
    """Settings of the export that must be accepted and read back."""
    saved = camera.save_export(**values)
    expect.that(f"saving {values}", saved.answer.shown, "accepted", saved.accepted)
    found = camera.export()
    expect("the export's settings read back", {name: found.get(name) for name in values}, values)


def choices(camera: Camera, kind: str, **more: Any) -> dict[str, Any]:
    """Both reports of a kind at 8:00:00, daily every day, else on Thursdays."""
    weekday = EVERY_DAY if kind == "daily" else THURSDAY
    when = {"weekday": weekday, "hour": DUE.hour, "minute": 0, "second": 0}
    return {"space": 1, "time": 1, "range": camera.dialect.export["ranges"][kind], **when, **more}


def by_mail(camera: Camera, port: int) -> dict[str, Any]:
    """To a mailbox of this machine, without a log-in."""
    to = camera.dialect.export["destinations"]["mail"]
    addresses = {"mail_from": "camera@stuntcam.test", "mail_to": "shop@stuntcam.test"}
    return {"to": to, "mail_host": HOST, "mail_port": port, "mail_user": "", **addresses}


def exported(
    run: Run, camera: Camera, control: Control, expect: Expectations, kind: str
) -> list[tuple[str, Files]]:
    """The mails of an export that falls due. Ends the check where none comes: that is EXP-01's."""
    mails = sent(run, camera, control, expect, kind)
    if not mails:
        not_checked(f"no {kind} export came by mail when it was due: EXP-01")
    return mails


def sent(
    run: Run, camera: Camera, control: Control, expect: Expectations, kind: str
) -> list[tuple[str, Files]]:
    """The mails of an export that falls due, everything in it a minute old at most."""
    needs_loopback(run)
    told = Stage(camera, control)
    told.filled(*FILLED, now=text(DUE - BEFORE))
    with receiving.mailbox() as box:
        expect_saved(camera, expect, **choices(camera, kind, **by_mail(camera, box.port)))
        told.step(MINUTE)
        return list(box.mails)


def needs_loopback(run: Run) -> None:
    """End the check where the device can't reach this machine's own receivers."""
    if not address.is_loopback(run.client.address.host):
        not_checked("the device is on another machine than the harness's FTP and mail servers")


def text(reading: datetime) -> str:
    """A reading of the wall clock, for the control interface."""
    return f"{reading:%Y-%m-%dT%H:%M:%S}"


def begins(csv: bytes, kind: str) -> datetime:
    """The start of the report that was exported, by its first row.

    Whether it is the one that was due is EXP-01's; where it has no rows, which is REP-09's, it is
    taken for that.
    """
    try:
        rows = forms.readable_rows(csv.decode())
    except (forms.FormError, UnicodeDecodeError) as error:
        raise MismatchError("the exported CSV", "rows of a time report", str(error)) from None
    return rows[0].start if rows else oracle.exported_start(kind, DUE)


def named_start(name: str, kind: str) -> datetime:
    """The start in a file's name; where there is none, that of the report that was due."""
    digits = re.search(r"_(\d{14})\.", name)
    with suppress(ValueError):
        if digits is not None:
            return datetime.strptime(digits[1], "%Y%m%d%H%M%S")  # noqa: DTZ007  # a wall clock's
    return oracle.exported_start(kind, DUE)


# --- REP-05: a report as a file ------------------------------------------------------------------


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REP-05")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("before")
def test_an_exported_report_is_what_the_report_shows(
    run: Run, camera: Camera, control: Control, expect: Expectations, kind: str
) -> None:
    files = [
        file for _, mail in exported(run, camera, control, expect, kind) for file in mail.items()
    ]
    endings = sorted(name.rpartition(".")[2].lower() for name, _ in files)
    expect("the kinds of the exported files", endings, ["csv", "png"])
    by_ending = {name.rpartition(".")[2].lower(): content for name, content in files}
    start = begins(by_ending["csv"], kind)
    shown = camera.time_report(kind, start)
    expect(f"the CSV of the {kind} report from {start}", by_ending["csv"], shown.body)
    is_png = by_ending["png"].startswith(b"\x89PNG\r\n\x1a\n")
    expect.that("the picture's first bytes", by_ending["png"][:8], "a PNG's", is_png)
    picture, wanted = (
        colours.decoded(content) for content in (by_ending["png"], camera.picture(kind, start).body)
    )
    expect("the sizes of both pictures", picture.shape, wanted.shape)
    off = int((picture != wanted).sum())
    expect(f"values in which it is not the picture of the {kind} report from {start}", off, 0)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REP-05", level="SHOULD")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("before")
def test_an_exported_report_is_named_by_what_it_is(
    run: Run, camera: Camera, control: Control, expect: Expectations, kind: str
) -> None:
    mails = exported(run, camera, control, expect, kind)
    for _, mail in mails:
        expect.that("files in the mail", len(mail), "1 or more", bool(mail))
        csvs = [name for name in mail if name.lower().endswith(".csv")]
        start = named_start((csvs or [*mail])[0], kind)  # both are of one report
        for name in mail:
            what = "time" if name in csvs else "space"
            wanted = oracle.file_name(run.target.serial, what, kind, start)
            expect("the name of an exported file", name, wanted)
        for name in csvs:
            expect(f"what is in {name}", mail[name], camera.time_report(kind, start).body)


# --- EXP-01: settings ----------------------------------------------------------------------------


@pytest.mark.needs("reversible")
@pytest.mark.requirement("EXP-01")
@pytest.mark.usefixtures("before")
def test_each_choice_is_kept(camera: Camera, expect: Expectations) -> None:
    words = camera.dialect.export
    storage = words["destinations"]["storage"]
    for weekday, kind in [(EVERY_DAY, "daily"), *((n, KINDS[1 + n % 3]) for n in range(7))]:
        space, time = ((1, 0), (0, 1), (1, 1))[weekday % 3]
        values = {"space": space, "time": time, "weekday": weekday, "to": storage}
        values |= {"hour": 3 * weekday, "minute": 59 - weekday, "second": weekday}
        expect_saved(camera, expect, **values, range=words["ranges"][kind])
    expect_saved(camera, expect, space=0, time=0)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("EXP-01", level="MAY")
@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_wrong_choice_is_refused_and_nothing_changes(
    camera: Camera, expect: Expectations, before: dict[str, Any], name: str
) -> None:
    for value in (TOO_MUCH[name], "1", True, None, 1.5):
        saved = camera.save_export(**{"minute": (before["minute"] + 1) % 60, name: value})
        is_refused = saved.answer.status == 200 and camera.has_failed(saved.answer)
        expect.that(f"saving {name}={value!r}", saved.answer.shown, "refused", is_refused)
        expect(f"the export's settings after {name}={value!r}", camera.export(), before)


# --- EXP-01: deliveries --------------------------------------------------------------------------


@pytest.mark.needs("reversible")
@pytest.mark.requirement("EXP-01")
@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("wanted", [(1, 0), (0, 1), (1, 1)], ids=["space", "time", "both"])
def test_every_day_what_was_chosen_comes_by_mail(
    run: Run, camera: Camera, control: Control, expect: Expectations, wanted: tuple[int, int]
) -> None:
    needs_loopback(run)
    told = Stage(camera, control)
    told.filled(*FILLED, now=text(DUE - BEFORE))
    space, time = wanted
    chosen = {ending for ending, is_on in (("png", space), ("csv", time)) if is_on}
    with receiving.mailbox() as box:
        values = choices(camera, "daily", **by_mail(camera, box.port))
        expect_saved(camera, expect, **{**values, "space": space, "time": time})
        expect("mails before it is time", len(box.mails), 0)
        told.step(MINUTE)
        expect("mails when it is time", len(box.mails), 1)
        told.step(DAY - MINUTE)
        expect("mails until shortly before it is time again", len(box.mails), 1)
        told.step(2 * DAY)
        expect("mails of three days", len(box.mails), 3)
    for _, files in box.mails:
        expect("the kinds of files in a mail", {name[-3:] for name in files}, chosen)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("EXP-01")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("before")
def test_what_comes_is_the_latest_report_that_is_over(
    run: Run, camera: Camera, control: Control, expect: Expectations, kind: str
) -> None:
    mails = sent(run, camera, control, expect, kind)
    expect(f"mails when the {kind} export is due", len(mails), 1)
    files = [file for _, mail in mails for file in mail.items()]
    found = [content for name, content in files if name.lower().endswith(".csv")]
    start = oracle.exported_start(kind, DUE)
    expect(f"the CSVs, {kind} from {start}", found, [camera.time_report(kind, start).body])


@pytest.mark.needs("reversible")
@pytest.mark.requirement("EXP-01")
@pytest.mark.usefixtures("before")
def test_on_a_weekday_the_week_is_put_on_an_ftp_server(
    run: Run, camera: Camera, control: Control, expect: Expectations
) -> None:
    needs_loopback(run)
    told = Stage(camera, control)
    told.filled(*FILLED, now=text(DUE - 2 * DAY))
    with receiving.ftp_folder() as folder:
        to = camera.dialect.export["destinations"]["ftp"]
        ftp = {"to": to, "ftp_host": HOST, "ftp_port": folder.port, "ftp_user": ""}
        values = choices(camera, "weekly", **ftp, ftp_folder="heat/door")
        expect_saved(camera, expect, **values)
        told.step(2 * DAY - MINUTE)
        expect("files before Thursday, 8:00", sorted(folder.files()), [])
        told.step(2 * MINUTE)
        found = folder.files()
        endings = sorted(name.rpartition(".")[2] for name in found)
        expect("the kinds of files on Thursday", endings, ["csv", "png"])
        in_folder = [name for name in found if name.startswith("heat/door/")]
        expect("files in the folder", len(in_folder), 2)
        (csv,) = (content for name, content in found.items() if name.endswith(".csv"))
        start = oracle.exported_start("weekly", DUE)
        expect(f"the CSV of the week from {start}", csv, camera.time_report("weekly", start).body)
        told.step(6 * DAY)
        expect("files until the next Thursday", sorted(folder.files()), sorted(found))


@pytest.mark.needs("reversible")
@pytest.mark.requirement("EXP-01")
@pytest.mark.usefixtures("before")
def test_with_neither_chosen_nothing_is_exported(
    run: Run, camera: Camera, control: Control, expect: Expectations
) -> None:
    needs_loopback(run)
    told = Stage(camera, control)
    told.filled(*FILLED, now=text(DUE - BEFORE))
    with receiving.mailbox() as box:
        values = choices(camera, "daily", **by_mail(camera, box.port))
        expect_saved(camera, expect, **{**values, "space": 0, "time": 0})
        told.step(2 * DAY)
        expect("mails of two days", len(box.mails), 0)


@pytest.mark.needs("destructive")  # what was exported to a card can only be formatted away
@pytest.mark.requirement("EXP-01")
@pytest.mark.usefixtures("before")
def test_reports_are_put_on_the_card(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    if "sd" not in control.volumes():
        does_not_apply("no card to export to, and from a share nothing can be taken away again")
    told = Stage(camera, control)
    told.empty(text(DUE - BEFORE))
    control.post("storage/sd/format")
    try:
        to = camera.dialect.export["destinations"]["storage"]
        expect_saved(camera, expect, **choices(camera, "daily", to=to))
        used = used_bytes(control)
        told.step(MINUTE)
        start = oracle.exported_start("daily", DUE)
        least = len(camera.time_report("daily", start).body)
        least += len(camera.picture("daily", start).body)
        grown = used_bytes(control) - used
        expect.that("bytes more on the card", grown, f"{least} or more", grown >= least)
    finally:
        control.post("storage/sd/format")


def used_bytes(control: Control) -> int:
    """What the card holds."""
    return int(
        next(one["used"] for one in control.get("storage")["volumes"] if one["name"] == "sd")
    )
