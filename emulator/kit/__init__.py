"""stuntcam for programs: a camera in an `async with`, reports of footage by a call.

    camera.py     `Camera`: what it is made of, its start and end, in a thread of its own
    handles.py    what can be done to it: clock, scene, storage, faults, history
    commands.py   those by the control interface's own requests, without HTTP
    asked.py      what it was asked, with assertions that say what came instead
    analyzing.py  `analyze`: files in, reports out

The public names are `emulator.Camera` and `emulator.analyze`; the pytest plugin
(emulator/plugin.py) hands out the first as fixtures. docs/for-developers.md shows them at work.
"""
