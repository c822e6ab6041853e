"""The control interface's requests as calls: the same functions, checked by the same models.

Takes a while to load (pydantic), so it is imported when something is first done to a camera.
"""

import threading
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from emulator.controls import controls
from emulator.edge.control import ROUTES
from emulator.edge.control.wrongs import told
from emulator.served import Served


class CommandError(ValueError):
    """Something ordered that can't be; the message names it, its value and the limit."""


class Commands:
    """What can be done to one camera; from any thread but its own event loop's."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self._calls = controls(served)
        self._routes = {route.name: route for route in ROUTES}
        self._changing = threading.Lock()

    def do(self, name: str, body: Mapping[str, Any] | None = None, **path: str) -> Any:
        """Do the request of that name (edge/control/routes.py), and return its answer's model.

        Raises CommandError for a body that it does not take; ImpossibleError, ConflictError
        or UnknownError, as the interface would answer 422, 409 or 404.
        """
        route, given = self._routes[name], dict[str, Any](path)
        if route.takes is not None:
            assert issubclass(route.takes, BaseModel)
            try:
                given["body"] = route.takes.model_validate(dict(body or {}))
            except ValidationError as error:
                raise CommandError(told(error, route)[0]) from None
        if route.method == "GET":
            return self._calls[name](**given)
        with self._changing:
            return self._calls[name](**given)
