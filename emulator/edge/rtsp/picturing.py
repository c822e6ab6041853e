"""A frame as an encoder takes it: at a stream's size, with the clock written over it."""

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from emulator.core.frame import Frame, Luma, Planes
from emulator.core.streams.overlay import write_clock


def planes(frame: Frame) -> Planes:
    """Return `frame`'s planes; views where its source has them so."""
    if frame.planes is not None:
        return frame.planes()
    coloured = frame.picture()
    # 4:2:0 wants even sides; a line more or less is not seen.
    rows, columns = (side // 2 * 2 for side in coloured.shape[:2])
    stacked = cv2.cvtColor(coloured[:rows, :columns], cv2.COLOR_BGR2YUV_I420)
    flat = np.asarray(stacked, np.uint8).reshape(-1)
    luma, rest = flat[: rows * columns], flat[rows * columns :].reshape(2, rows // 2, columns // 2)
    return luma.reshape(rows, columns), rest[0], rest[1]


class Canvas:
    """What one stream's pictures are drawn on, again and again: `size`, width and height, even.

    A fresh one each time would cost a tenth of what coding does. `picture` is for an encoder
    that has done with it when it returns.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.picture = av.VideoFrame(*size, "yuv420p")
        self._planes = [_lines(self.picture, number) for number in range(3)]

    def draw(self, shown: Planes, text: str | None) -> None:
        """Draw a picture, scaled; `text` is written over it, if there is one."""
        for target, plane in zip(self._planes, shown, strict=True):
            target[:] = _scaled(plane, target.shape)
        if text is not None:
            write_clock(self._planes[0], text)


def _lines(picture: VideoFrame, number: int) -> NDArray[np.uint8]:
    plane = picture.planes[number]
    lines = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
    view: NDArray[np.uint8] = lines[: plane.height, : plane.width]
    return view


def _scaled(plane: Luma, shape: tuple[int, ...]) -> Luma:
    rows, columns = shape
    if plane.shape[0] - rows in (0, 1) and plane.shape[1] - columns in (0, 1):
        return plane[:rows, :columns]  # odd sides, made even
    how = cv2.INTER_AREA if rows < plane.shape[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, (columns, rows), interpolation=how), np.uint8)
