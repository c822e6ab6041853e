"""The benchmark: the detector beside what people use today, in one run (`tox -e bench`).

Each room measures one thing and gives rows; `table.py` prints them. It never asserts: a bound
is printed with what was measured and whether that meets it. Every ratio is of figures taken
in the same run, in turns, the best of some rounds, since the machine is shared.

  decode.py     a video's whole way, against bare decoding
  detection.py  frames that are in memory
  highway.py    the mask against masks drawn by hand (CDnet 2014, baseline/highway)
  scenes.py     heat maps of drawn scenes against the truth, also in bad light, noise and shake
  quiet.py      what is seen where there is nothing
  dwell.py      stays sorted by dwell limits
  campus.py     heat maps of a street against boxes drawn by hand (MOT15 TUD-Campus)
  memory.py     what the detector keeps, over a simulated day

It knows of the detector only its outer face, `emulator.core.detection.pipeline`. The rivals are in
`baselines.py` and need OpenCV's contrib wheel, which has an environment of its own.
"""
