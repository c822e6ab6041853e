"""Automatic export as it is set: what, when, over which range, and to where (EXP-01).

Pure: a change makes a new value; none is edited. Two tick boxes say what is exported;
with neither, nothing is. The choices are facts 5.7's. The wire's keys are [INV], the form
of `weekday` and the time of day that of `auto.reboot` (facts 2.3).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from emulator.core.reports.period import KINDS
from emulator.core.settings import Row, SettingError, unreadable, whole_number

EVERY_DAY = 7
FTP, MAIL, STORAGE = range(3)
DESTINATIONS = ("FTP", "mail", "storage")
"""By `destination`."""

_HOST = "[A-Za-z0-9._:-]*"  # colons: IPv6
_ADDRESS = r"(|[!#-'*+./-9=?A-Z^-~-]+@[A-Za-z0-9.-]+)"  # nothing that ends a header or a list
_PLAIN = "[ -~]*"  # what every server's log-in can carry
_PRINTABLE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*"


@dataclass(frozen=True, slots=True)
class Text:
    """A setting that is a text: what it may hold, and how that is said. Secret: never read back."""

    name: str
    key: str
    most: int
    pattern: str
    wanted: str
    secret: bool = False


NUMBERS = (
    Row("export_space", "exportSpace", "Space Heat Map", 0, 1, default=0),
    Row("export_time", "exportTime", "Time Heat Map", 0, 1, default=0),
    Row("weekday", "exportWeekday", "Day", 0, EVERY_DAY, default=EVERY_DAY),
    Row("hour", "exportHour", "Hour", 0, 23, default=0),
    Row("minute", "exportMin", "Minute", 0, 59, default=0),
    Row("second", "exportSec", "Second", 0, 59, default=0),
    Row("range", "exportRange", "Export Time Range", 0, 3, default=0),
    Row("destination", "exportTo", "Export To", 0, 2, default=STORAGE),
    Row("ftp_port", "ftpPort", "FTP Port", 1, 65535, default=21),
    Row("mail_port", "smtpPort", "SMTP Port", 1, 65535, default=25),
)
TEXTS = (
    Text("ftp_host", "ftpServer", 253, _HOST, "a host name or address"),
    Text("ftp_user", "ftpUser", 64, _PLAIN, "printable ASCII"),
    Text("ftp_password", "ftpPassword", 64, _PLAIN, "printable ASCII", secret=True),
    Text("ftp_folder", "ftpPath", 255, _PRINTABLE, "a folder, its parts separated by /"),
    Text("mail_host", "smtpServer", 253, _HOST, "a host name or address"),
    Text("mail_user", "smtpUser", 64, _PLAIN, "printable ASCII"),
    Text("mail_password", "smtpPassword", 64, _PLAIN, "printable ASCII", secret=True),
    Text("mail_from", "smtpSender", 254, _ADDRESS, "one mail address, NAME@DOMAIN"),
    Text("mail_to", "smtpReceiver", 254, _ADDRESS, "one mail address, NAME@DOMAIN"),
)
KEYED: Mapping[str, Row | Text] = {row.key or "": row for row in (*NUMBERS, *TEXTS)}
_DEFAULT = {row.name: row.default for row in NUMBERS}
_SPELLED = {row.name: f"{row.name} ({key})" for key, row in KEYED.items()}

_NEEDED = {
    FTP: ("ftp_host",),
    MAIL: ("mail_host", "mail_from", "mail_to"),
    STORAGE: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSettings:
    """One consistent set; a wrong one cannot be made.

    export_space, export_time  1: that report is exported; both 0: nothing is
    weekday       0..6 Sunday first, EVERY_DAY
    hour, minute, second  the time of day, on the camera's wall clock
    range         the report type by its number in period.KINDS: daily for every day; weekly,
                  monthly or annual for a weekday
    destination   FTP, MAIL or STORAGE; its fields must be filled in to export there

    Raises SettingError for the first value that is refused.
    """

    export_space: int = _DEFAULT["export_space"]
    export_time: int = _DEFAULT["export_time"]
    weekday: int = _DEFAULT["weekday"]
    hour: int = _DEFAULT["hour"]
    minute: int = _DEFAULT["minute"]
    second: int = _DEFAULT["second"]
    range: int = _DEFAULT["range"]
    destination: int = _DEFAULT["destination"]
    ftp_host: str = ""
    ftp_port: int = _DEFAULT["ftp_port"]
    ftp_user: str = ""
    ftp_password: str = ""
    ftp_folder: str = ""
    mail_host: str = ""
    mail_port: int = _DEFAULT["mail_port"]
    mail_user: str = ""
    mail_password: str = ""
    mail_from: str = ""
    mail_to: str = ""

    def __post_init__(self) -> None:
        for row in NUMBERS:
            whole_number(row, getattr(self, row.name), _SPELLED[row.name])
        for text in TEXTS:
            _check_text(text, getattr(self, text.name))
        if (self.weekday == EVERY_DAY) != (self.range == 0):
            raise SettingError(_wrong_range(self))
        for name in _NEEDED[self.destination] if self.is_on else ():
            if not getattr(self, name):
                to = DESTINATIONS[self.destination]
                raise SettingError(f"{_SPELLED[name]} is empty; an export to {to} needs it")

    @property
    def is_on(self) -> bool:
        """Tell whether anything is to be exported."""
        return bool(self.export_space or self.export_time)

    @property
    def kind(self) -> str:
        """The report type, of period.KINDS."""
        return KINDS[self.range]


def change_export(settings: ExportSettings, values: Iterable[tuple[str, Any]]) -> ExportSettings:
    """Return `settings` with every (wire key, value) of `values`, or refuse them all.

    As settings.change_by_key: numbers are integers, keys left out stay, an unknown or
    repeated key is refused. Raises SettingError.
    """
    changed: dict[str, Any] = {}
    for key, value in values:
        if (row := KEYED.get(key)) is None:
            raise SettingError(f"{key[:40]!r} is not an export setting")
        if row.name in changed:
            raise SettingError(f"{_SPELLED[row.name]} is given twice")
        changed[row.name] = value
    return replace(settings, **changed)


def export_fields(settings: ExportSettings, *, secrets: bool = False) -> dict[str, object]:
    """Return the settings by their wire keys, in the table's order.

    secrets  True: the passwords, too, for the camera's own store; the wire never sees them
    """
    return {
        key: getattr(settings, row.name)
        for key, row in KEYED.items()
        if secrets or not (isinstance(row, Text) and row.secret)
    }


def _check_text(row: Text, value: Any) -> None:
    spelled = _SPELLED[row.name]
    if not isinstance(value, str):
        shown = "that" if row.secret else value
        raise SettingError(unreadable(spelled, shown, f"a text, {row.wanted}"))
    if len(value) > row.most:
        raise SettingError(f"{spelled} has {len(value)} characters, more than {row.most}")
    if not re.fullmatch(row.pattern, value):
        shown = "" if row.secret else f"={value[:24]!r}"
        raise SettingError(f"{spelled}{shown} is not {row.wanted}")


def _wrong_range(settings: ExportSettings) -> str:
    given = f"{_SPELLED['range']}={settings.range} is {settings.kind}"
    others = ", ".join(f"{number} {KINDS[number]}" for number in range(1, 4))
    takes = f"0 {KINDS[0]}" if settings.weekday == EVERY_DAY else f"one of {others}"
    day = "every day" if settings.weekday == EVERY_DAY else "a weekday"
    return f"{given}; {_SPELLED['weekday']}={settings.weekday}, {day}, takes {takes}"
