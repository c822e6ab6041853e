"""A fleet: many cameras on one machine, one process for each core.

  plan     who they are: a document (TOML) in, identities out; pure
  looks    what they look at, shared where it is the same
  berth    one camera's place: a socket that listens, and the camera once somebody calls
  finding  what discovery is told of all of them
  worker   one process: its berths, and their control interface
  parent   the processes together: the one control interface for all

A camera that nobody has called is a listening socket and a name. The first connection, or the
first control request, makes it: the very camera that `serve` runs, which takes the socket over.
"""
