"""A fleet: many cameras, in a process for each core here, or on a cluster's machines.

  plan        who they are: a document (TOML) in, identities out; pure
  places      where they listen: ports, loopback addresses
  namespaces  or a network of their own, a namespace each
  looks       what they look at, shared where it is the same
  berth       one camera's place: a socket that listens, and the camera once somebody calls
  finding     what discovery is told of all of them
  worker      one process: its berths, and their control interface
  crew        what the processes are to those that run them, wherever they are
  here        the processes on this machine
  afar        the processes on a cluster's machines; order, hosted: how one comes to be there
  control     the one control interface for all
  parent      the processes together: watched, controlled, ended

A camera that nobody has called is a listening socket and a name. The first connection, or the
first control request, makes it: the very camera that `serve` runs, which takes the socket over.
"""
