"""Where pictures come from: video files, drawn scenes, and cameras that are live.

  decoding   what FFmpeg reads, picture by picture; what can't be decoded is counted
  pixels     brightness, colour and planes of a decoded picture
  copying    what a file has coded, for who passes it on as it is
  files      a video file, on its own time axis
  scenes     a scene that is drawn
  still      a picture in which nothing ever moves
  addresses  what may be typed for a live source, and how it is opened
  live       a live source: the latest picture, and the word that there is none
  attempts   when to look for a silent one again, and what to say meanwhile

Files and scenes yield frames on a time axis that begins where they are told to; a live
source yields them as they arrive, by a clock it is given.
"""

from emulator.edge.sources.addresses import NETWORK_KINDS, Address, network, webcam, without_secrets
from emulator.edge.sources.decoding import ANALYSE_FPS, Count, SourceError
from emulator.edge.sources.files import VideoFile
from emulator.edge.sources.live import LiveSource
from emulator.edge.sources.pixels import luma_of
from emulator.edge.sources.scenes import DrawnScene, drawn
from emulator.edge.sources.still import Still

Recorded = VideoFile | DrawnScene | Still
Source = Recorded | LiveSource

__all__ = [
    "ANALYSE_FPS",
    "NETWORK_KINDS",
    "Address",
    "Count",
    "DrawnScene",
    "LiveSource",
    "Recorded",
    "Source",
    "SourceError",
    "Still",
    "VideoFile",
    "drawn",
    "luma_of",
    "network",
    "webcam",
    "without_secrets",
]
