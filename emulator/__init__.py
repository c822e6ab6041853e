"""The emulator: software that other software can't tell from a camera with a heat map.

One camera is a pipe, and everything flows one way:

    frame -> foreground -> objects -> tracks -> stays -> heat tiles -> store
          -> report -> picture / CSV / JSON

(docs/engine.md walks through the detector, from frame to stays, room by room.)

  core/          pure: same input, same output. A stage is a function from a state and a
                 value to a state and a value; time and zone are arguments. detection/ goes
                 from frame to stays, reports/ from stays to what is told of them, scenes/
                 draws footage with known truth; onvif/ and streams/ are wires as values;
                 defects/ spoils policy.py, which holds the camera's rules
  edge/          input and output: clock, video sources, storage, HTTP. Decides little.
                 edge/pages/ are the camera's own pages, their scripts and looks in its web/;
                 edge/rtsp/ its streams
  recording.py   folds frames through core and hands each finished minute to a store
  app.py         one camera: wires core to edges, owns start and stop order; playing.py
                 plays its source, sight.py keeps what it sees, viewing.py shows it, reports.py
                 answers for its store, exporting.py sends reports when they are due, users.py
                 knows who may log in, setup.py what it was made of; serving.py listens
  onvif_facts.py what ONVIF's services (edge/onvif/) know of a camera; streams.py how it codes
                 what it sends
  happenings.py  what a camera has to tell of itself, and telling.py whom it concerns
  duties.py      what a camera does besides looking; timekeeping.py, power.py and faulting.py
                 are its time, its mains and its troubles, for the control interface, whose
                 requests are done in controls/
  duty.py        what is done again and again, alone or, in a fleet, for many in turn
  fleet/         a thousand cameras: a socket each until somebody calls, then the same camera
  analysis.py    the same pipe for recorded footage: files in, reports out; examining.py does one
                 video, archive.py has them done by workers, or takes what is kept
  demo.py        drives a camera from outside, as a client would; auditing.py has the harness
                 judge one with each defect, likewise
  making.py      what a camera is made with, from what somebody names; served.py: one that runs
  kit/           a camera for programs, and reports of footage by a call; plugin.py has the
                 pytest fixtures
  cli/           the subcommands; with app.py the only place that prints or exits

Layer rule, kept by tests/test_structure.py: core imports no edge and no input or output
of any kind; an edge imports core and never another edge (but the clock); only the wiring
(the rooms named above, from app.py to controls/) knows both. Nothing here imports
`conformance`, nor the other way round.

Words: a *stay* is one object's presence in the region, from entering to leaving. *Heat* is
presence time: of a cell in space, of all objects together in time. A *tile* is the heat of
one minute on the 192 x 192 map grid. A *bucket* is one row of a time report. A *part* is what
a closed hour held, for good; *volumes*, a card and shares, hold copies of parts
(edge/storage/, docs/storage.md).

Inside, an instant is integer milliseconds since 1970 UTC and a stretch is half-open. Lengths
are measured on the *film axis*, which only goes forward; the clock *reads* so much more or less,
and heat is booked at its readings (core/readings.py). The camera's zoneless local text
exists only where text is made or read.
"""

import gc
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.kit.analyzing import analyze
    from emulator.kit.camera import Camera

__all__ = ["Camera", "analyze"]

_ROOMS = {"Camera": "emulator.kit.camera", "analyze": "emulator.kit.analyzing"}


def __getattr__(name: str) -> Any:
    # When it is asked for: what is behind it takes a second to load, and most don't want it.
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # The collector would look through all that is loaded again and again, and find nothing.
    was_on = gc.isenabled()
    gc.disable()
    try:
        return getattr(import_module(_ROOMS[name]), name)
    finally:
        if was_on:
            gc.enable()
