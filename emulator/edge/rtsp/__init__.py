"""RTSP: what recorders and players watch a camera by (docs/streams.md).

  server        the port: connections, tunnels over HTTP, refusals
  conversation  one connection's requests and their answers
  session       what one client has set up, and how long it is waited for
  login         who asks
  streams       streams, their tracks, and who watches them; hands packets out
  sending       ways to a client, within the connection or by UDP
  studio        the thread that makes pictures into packets, while somebody watches
  line          one stream there: copied or coded
  coding        the encoders
  packing       coded pictures cut into packets
  picturing     a frame at a stream's size, with the clock in it
  sights        what is asked of the camera

Each stream is coded once, however many watch it, and not at all when nobody does. All but the
studio's rooms belong to the event loop.
"""

from emulator.edge.rtsp.server import RtspServer
from emulator.edge.rtsp.sights import Reading, Sights

__all__ = ["Reading", "RtspServer", "Sights"]
