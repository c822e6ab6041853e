"""How large somebody is where: learnt from those who walk alone, used for those in groups.

On a plane in perspective a body's height grows in a straight line with the row of its foot.
The line is fitted to what was seen; where objects are not alike it is not used.
"""

from dataclasses import dataclass

from emulator.core.frame import Box

FADES_AFTER = 3_000
"""Sightings; what is older counts for less."""

LEAST = 60
"""Sightings before anything is said."""

ALIKE = 0.15
"""Of the usual height: by how much heights may differ for objects to be alike."""


@dataclass(frozen=True, slots=True)
class Perspective:
    """Sums over sightings, faded: their number, foot rows, heights, products, and shapes.

    width   sum of widths, each as a share of its height
    filled  sum of pixels in the mask, each as a share of the height's square
    """

    count: float = 0.0
    row: float = 0.0
    row2: float = 0.0
    height: float = 0.0
    height2: float = 0.0
    both: float = 0.0
    width: float = 0.0
    filled: float = 0.0

    def plus(self, box: Box, area: float) -> "Perspective":
        """Return what is known after somebody was seen alone and whole in `box`.

        area  pixels of him in the mask
        """
        keep = 1 - 1 / FADES_AFTER
        row, height = float(box.bottom), float(box.bottom - box.top)
        return Perspective(
            keep * self.count + 1,
            keep * self.row + row,
            keep * self.row2 + row * row,
            keep * self.height + height,
            keep * self.height2 + height * height,
            keep * self.both + row * height,
            keep * self.width + (box.right - box.left) / height,
            keep * self.filled + area / (height * height),
        )

    def height_at(self, row: float) -> float | None:
        """Return how high somebody is whose foot is at `row`; None: not known."""
        if self.count < LEAST:
            return None
        mean_row, mean = self.row / self.count, self.height / self.count
        slope = self._slope()
        variance = max(self.height2 / self.count - mean * mean, 0.0)
        spread = variance - slope * slope * self._row_variance()
        if spread > (ALIKE * mean) ** 2:
            return None
        height = mean + slope * (row - mean_row)
        return height if height > mean / 4 else None

    @property
    def widths(self) -> float:
        """How wide somebody usually is, as a share of his height."""
        return self.width / max(self.count, 1.0)

    @property
    def fill(self) -> float:
        """How many pixels of the mask somebody has, as a share of his height's square."""
        return self.filled / max(self.count, 1.0)

    @property
    def slope(self) -> float:
        """By how much somebody is higher a row further down."""
        return self._slope()

    def _row_variance(self) -> float:
        mean = self.row / self.count
        # A pixel's own: whoever keeps to one row says nothing about others.
        return max(self.row2 / self.count - mean * mean, 0.0) + 4.0

    def _slope(self) -> float:
        covariance = self.both / self.count - self.row * self.height / self.count**2
        return covariance / self._row_variance()
