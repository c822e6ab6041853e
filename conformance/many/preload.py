"""What every worker needs, loaded once: they are forked from a process that has imported this.

Loading takes seconds of a processor's time, and more memory than a run itself. Nothing here may
start a thread or open a connection.
"""

import importlib
import logging
from contextlib import suppress

from conformance import catalogue, dialect, single
from conformance.onvif import schemas, wsdls

HEAVY = ("av", "cv2", "hypothesis", "httpx", "lxml.etree", "requests", "xmlschema", "zeep")

for _name in HEAVY:
    importlib.import_module(_name)
with wsdls.quiet(), suppress(ImportError):
    importlib.import_module("onvif")
catalogue.load()
for _name in dialect.names():
    dialect.load(_name)
for _service in wsdls.SERVICES:
    wsdls.document(_service)
schemas.warm()
logging.getLogger(__name__)
USED = single
