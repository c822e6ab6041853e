"""Who is in view now, as answer fields: what the live view draws boxes around.

The form is [INV], in the manner of the `vca.*` answers (facts 2.3): coordinates within
`maxWidth` x `maxHeight`, whatever the picture's own size is.
"""

from collections.abc import Iterable, Mapping

from emulator.core.detection.stays import Stay
from emulator.core.detection.tracks import Sighting
from emulator.core.frame import Size
from emulator.core.localtime import SECOND_MS


def objects(
    sightings: Iterable[Sighting], size: Size, stays: Mapping[int, Stay], now_ms: int
) -> dict[str, object]:
    """Return `get.heatmap.objects`: every confirmed object that is seen.

    size    of the picture that the sightings' boxes lie in
    stays   those that are not over, by the objects' numbers; now_ms: on the film's axis
    `stay`  is for how many whole seconds it has been in the region, -1 for one outside
    """
    return {
        "maxWidth": size.columns,
        "maxHeight": size.rows,
        "objectList": [
            {
                "objectIndex": one.number,
                "left": one.box.left,
                "top": one.box.top,
                "right": one.box.right,
                "bottom": one.box.bottom,
                "stay": _seconds(stays.get(one.number), now_ms),
            }
            for one in sightings
            if one.seen and one.confirmed
        ],
    }


def _seconds(stay: Stay | None, now_ms: int) -> int:
    # One that left the region a moment ago may come back to the same stay.
    if stay is None or stay.end_ms < now_ms:
        return -1
    return (stay.end_ms - stay.start_ms) // SECOND_MS
