"""The control interface's defects."""

import logging

import emulator.edge.control.models as m
from emulator.app import Camera
from emulator.controls.words import if_it_can
from emulator.core import defects

log = logging.getLogger("stuntcam")


class DefectControls:
    """Gives one camera defects, and takes them away again."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._on: tuple[str, ...] = ()

    def defects(self) -> m.Defects:
        """List all defects."""
        return m.Defects(
            defects=[
                m.DefectState(
                    name=one.name,
                    description=one.about,
                    breaks=list(one.breaks),
                    on=one.name in self._on,
                )
                for one in defects.DEFECTS.values()
            ]
        )

    def set_defects(self, body: m.DefectsChange) -> m.Defects:
        """Have the camera have these defects and no others."""
        on = tuple(one.name for one in defects.known(body.on))
        with if_it_can():
            self._camera.go_by(defects.policy(on))
        if on != self._on:
            log.warning("this camera is defective on purpose: %s", ", ".join(on) or "no more")
        self._on = on
        return self.defects()
