"""What every worker needs, loaded once: they are forked from a process that has imported this.

Loading takes seconds of a processor's time and most of a worker's memory. Nothing here starts a
thread or opens a connection.
"""

import gc
import importlib

from conformance import dialect
from conformance.onvif import schemas, wsdls

HEAVY = (
    *("av", "cv2", "hypothesis", "onvif", "playwright.sync_api", "requests", "zeep"),
    *("conformance.many.worker", "conformance.checks.conftest"),
)
"""Some are imported when a check is run, and some may not be installed."""


def load() -> None:
    """Import and read all that is the same for every device."""
    with wsdls.quiet():
        for name in HEAVY:
            try:
                importlib.import_module(name)
            except ImportError:  # the checks that want it will say so
                continue
        for service in wsdls.SERVICES:
            wsdls.document(service)
    schemas.load()
    for name in dialect.names():
        dialect.load(name)
    # Workers would look through all of that for garbage again and again, and so copy it.
    gc.collect()
    gc.freeze()


load()
