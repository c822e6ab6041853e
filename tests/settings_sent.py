"""Heat-map settings as they are sent: by name, in a query, in JSON."""

from urllib.parse import parse_qsl

import pytest

from emulator.core import cgi
from emulator.core.settings import change_by_key, change_by_name

NUMBERS = [  # our name, wire key, lowest, highest, default: CONTRACT 2, SET-01..05
    ("enable", "enable", 0, 1, 0),
    ("sensitivity", "sensitivity", 1, 10, 5),
    ("min_object_size", "minsize", 1, 100, 10),
    ("min_dwell", "mintime", 1, 300, 30),
    ("adaptability", "adaptability", 1, 10, 5),
]
EACH_NUMBER = pytest.mark.parametrize(("name", "key", "low", "high", "default"), NUMBERS)
ALL_DAY = "00:00:24:00;" + "00:00:00:00;" * 9
NO_TIME = "00:00:00:00;" * 10
MORNING = "08:00:12:30;" + "00:00:00:00;" * 9


def by_name(settings, **texts):
    """`settings` after `--set NAME=TEXT` for each of `texts`."""
    return change_by_name(settings, texts.items())


def by_get(settings, query):
    """`settings` after a GET whose query is the text `query`."""
    return change_by_key(
        settings, cgi.read_settings_query(parse_qsl(query, keep_blank_values=True))
    )


def by_post(settings, body):
    """`settings` after a POST of the JSON text `body`."""
    return change_by_key(settings, cgi.read_settings_body(body.encode()))


def marks(region):
    return "".join("1" if counted else "0" for row in region for counted in row)


def week(schedule):
    """A scheduleList spelled slot by slot, from minutes."""
    texts = [
        "".join(f"{a // 60:02}:{a % 60:02}:{b // 60:02}:{b % 60:02};" for a, b in day)
        for day in schedule.days
    ]
    return [{"scheduleIndex": index, "schedule": text} for index, text in enumerate(texts)]
