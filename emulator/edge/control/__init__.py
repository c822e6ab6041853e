"""The control interface: time, scene, storage, faults and mains of one camera, for tests.

A listener of its own, never part of the camera. One table says which requests there are.

  models   what goes in and out, with its limits (pydantic)
  routes   the table: method, path, what it does, what it takes and gives
  openapi  the table as an OpenAPI document
  server   the table as a web application
"""

from emulator.edge.control.models import ConflictError, ImpossibleError, UnknownError
from emulator.edge.control.routes import ROUTES, Route
from emulator.edge.control.server import LARGEST_STATE, application, bearing, spelling

__all__ = [
    "LARGEST_STATE",
    "ROUTES",
    "ConflictError",
    "ImpossibleError",
    "Route",
    "UnknownError",
    "application",
    "bearing",
    "spelling",
]
