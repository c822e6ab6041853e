"""What the harness and a replayed recording know of one another: a header, and a path.

A recording has holes: what was never asked, and moving pictures. A device that says by this header
that it is a recording is asked by the path for what was no HTTP, and from a hole no verdict comes.
"""

HEADER = "X-Stuntcam-Replay"
KEPT, NOTHING = "recorded", "not recorded"
OTHER = "/.stuntcam/other"
"""GET with the query `method` and `url`, the body as it was sent: what is no HTTP."""

NO_ANSWER = 599
"""The status there of what had no answer; why is the body."""
