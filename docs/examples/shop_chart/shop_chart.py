"""A small client of a camera: reads a day of heat as CSV, and draws it as an SVG chart.

    python shop_chart.py http://192.168.5.190 admin PASSWORD 2026-03-04 chart.svg

Its tests (test_shop_chart.py) run against an emulated camera.
"""

import csv
import io
import sys
import time
from datetime import date
from pathlib import Path

import httpx

PATIENCE_S = (0.1, 0.5, 2.0)
"""How long to wait before a report is asked for again, where the camera is busy."""

BAR, GAP, HEIGHT = 24, 4, 200


class CameraError(Exception):
    """The camera gave no report; the message says why."""


def hours(url: str, auth: tuple[str, str], day: date) -> list[int]:
    """Return the seconds of presence in each hour of a day. Raises CameraError."""
    query = {"dw": "heatmapcsv", "time_start": f"{day}-00:00:00", "sub_type": "0"}
    for wait_s in (*PATIENCE_S, None):
        try:
            answer = httpx.get(
                f"{url}/dataloader.cgi", params=query, auth=httpx.DigestAuth(*auth), timeout=10
            )
        except httpx.TransportError as error:
            raise CameraError(f"{url} does not answer: {error}") from error
        if answer.status_code != 503 or wait_s is None:
            break
        time.sleep(wait_s)
    if answer.status_code == 404:
        raise CameraError(f"{url} has no heat map")
    if answer.status_code != 200:
        raise CameraError(f"{url} answers {answer.status_code}")
    rows = list(csv.reader(io.StringIO(answer.text)))[1:]
    return [int(row[-1]) for row in rows]


def chart(seconds: list[int]) -> str:
    """Return a bar chart: SVG, a bar an hour, the fullest as high as the picture."""
    most = max([*seconds, 1])
    bars = []
    for hour, value in enumerate(seconds):
        high = HEIGHT * value / most
        bars.append(
            f'<rect x="{hour * (BAR + GAP)}" y="{HEIGHT - high:.1f}" width="{BAR}" '
            f'height="{high:.1f}"><title>{hour}:00: {value} s</title></rect>'
        )
    size = f'width="{len(seconds) * (BAR + GAP)}" height="{HEIGHT}"'
    return "\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="#c33">', *bars, "</svg>"]
    )


def main(url: str, user: str, password: str, day: str, out: str) -> None:
    """Draw one day of one camera."""
    Path(out).write_text(chart(hours(url, (user, password), date.fromisoformat(day))))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except CameraError as error:
        sys.exit(str(error))
