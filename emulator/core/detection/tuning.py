"""What each setting means to the detector: levels in, seconds and shares of the picture out.

Every map is monotone, so that a setting does what its name says over its whole range
(BEH-01, -02, -04). Nothing here counts frames or pixels: a faster camera or a larger
picture must not change what a level means.

CHOICE: the vendor gives levels without units; the maps below are ours. The size limit and
the time after which a still thing is absorbed are CONTRACT 3.
"""

from dataclasses import dataclass
from fractions import Fraction

from emulator.core.settings import HeatSettings


@dataclass(frozen=True, slots=True)
class Tuning:
    """The detector's numbers for one set of settings.

    threshold_deviations  a pixel differs when it is this many mean deviations off, and
    threshold_floor       at least this many grey levels (0..255)
    hits_to_confirm       pictures in which an object must be seen before it is believed
    min_box_share         share of the picture's area below which a box is left out
    half_life_s           the background forgets half of what it knew in this time
    absorb_after_s        a thing that lies still this long becomes background
    relight_share         brightness of the whole scene may step by this share before the
                          step is taken for a change of light and learnt at once
    """

    threshold_deviations: float
    threshold_floor: float
    hits_to_confirm: int
    min_box_share: Fraction
    half_life_s: float
    absorb_after_s: float
    relight_share: float

    def least_box(self, pixels: int) -> int:
        """Return of how many pixels a box must be in a picture that has `pixels`."""
        share = self.min_box_share  # in whole numbers: a product of Fractions takes long
        return -(-share.numerator * pixels // share.denominator)


def tuning(settings: HeatSettings) -> Tuning:
    """Return what `settings` ask of the detector.

    >>> tuning(HeatSettings()).min_box_share
    Fraction(1, 400)
    """
    # Halving the threshold every 6 levels keeps level 10 usable (2.2 deviations, 11 grey
    # levels); every 4 levels was measured and drowns level 10 in noise.
    fainter = 2.0 ** ((5 - settings.sensitivity) / 6)
    adapting = settings.adaptability - 1
    return Tuning(
        threshold_deviations=4.0 * fainter,
        threshold_floor=20.0 * fainter,
        hits_to_confirm=5 - (settings.sensitivity - 1) // 3,
        min_box_share=Fraction(settings.min_object_size, 200) ** 2,
        half_life_s=120.0 * 2.0 ** (-0.7 * adapting),
        absorb_after_s=300.0 * 2.0 ** (-adapting / 2.25),
        relight_share=0.12 * (1 / 3) ** (adapting / 9),
    )
