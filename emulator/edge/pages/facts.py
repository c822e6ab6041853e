"""What a page knows from the start: who asks, which camera, and the tables of the core.

The pages spell no setting's label, bound, default or unit, and no grid's size: they are
handed the tables that hold them. Pure.
"""

from collections.abc import Iterable, Mapping

from emulator.core import accounts, schedule, settings
from emulator.core.accounts import Account
from emulator.core.frame import MAP_COLUMNS, MAP_ROWS, REGION_COLUMNS, REGION_ROWS
from emulator.core.reports import export_settings, picture
from emulator.core.reports.period import KINDS
from emulator.core.reports.report import RETENTION_HOURS
from emulator.core.settings import Row

PASSWORDS = {"shortest": accounts.SHORTEST_PASSWORD, "longest": accounts.LONGEST_PASSWORD}


def facts_outside(activated: bool, admin: str) -> dict[str, object]:
    """Return what the log-in page knows; `admin` is told only where he has no password yet."""
    return {"activated": activated, "admin": "" if activated else admin, "passwords": PASSWORDS}


def facts_inside(
    account: Account,
    token: str,
    device: Mapping[str, object],
    offered: bool,
    size: tuple[int, int],
) -> dict[str, object]:
    """Return what a page knows that `account` has opened.

    device  what the camera says of itself (`get.system.information`)
    size    the height and width of what the camera sees, so that its place can be kept free
    """
    return {
        "user": account.name,
        "role": account.role,
        "token": token,
        "device": {key: device[key] for key in ("model", "firmwareVersion", "snCode")},
        "heatMap": offered,
        "picture": {"rows": size[0], "columns": size[1]},
        "settings": _numbers(row for row in settings.ROWS if row.key is not None),
        "export": {
            "numbers": _numbers(export_settings.NUMBERS),
            "texts": [
                {"name": text.name, "key": text.key, "most": text.most, "secret": text.secret}
                for text in export_settings.TEXTS
            ],
            "everyDay": export_settings.EVERY_DAY,
        },
        "region": {"rows": REGION_ROWS, "columns": REGION_COLUMNS},
        "map": {"rows": MAP_ROWS, "columns": MAP_COLUMNS},
        "schedule": {"days": schedule.DAY_NAMES, "slots": schedule.SLOTS},
        "reports": KINDS[:4],
        "keptDays": RETENTION_HOURS // 24,
        "colours": [
            {"share": share, "rgb": [red, green, blue]} for share, blue, green, red in picture.STOPS
        ],
        "accounts": {
            "levels": accounts.LEVELS,
            "most": accounts.MOST_ACCOUNTS,
            "longestName": accounts.LONGEST_NAME,
            **PASSWORDS,
        },
    }


def _numbers(rows: Iterable[Row]) -> list[dict[str, object]]:
    return [
        {
            "name": row.name,
            "key": row.key,
            "label": row.label,
            "low": row.low,
            "high": row.high,
            "default": row.default,
            "unit": row.unit,
        }
        for row in rows
    ]
