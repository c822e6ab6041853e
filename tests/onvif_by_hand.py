"""ONVIF by hand: requests written as XML, and answers that must be valid against the schemas.

The schemas are those of onvif-zeep, which libxml2 takes, all in one, so that what stands behind a
wildcard is looked at too.
"""

import functools
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import requests
from lxml import etree
from requests.auth import HTTPBasicAuth

SOAP = "http://www.w3.org/2003/05/soap-envelope"
XS = "http://www.w3.org/2001/XMLSchema"
NAMESPACES = {
    "tev": "http://www.onvif.org/ver10/events/wsdl",
    "tan": "http://www.onvif.org/ver20/analytics/wsdl",
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "tt": "http://www.onvif.org/ver10/schema",
    "tns1": "http://www.onvif.org/ver10/topics",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "ms": "urn:stuntcam:onvif:heatmap",
}
FILES = {
    "http://docs.oasis-open.org/wsn/b-2": "b-2.xsd",
    "http://docs.oasis-open.org/wsn/t-1": "t-1.xsd",
    "http://docs.oasis-open.org/wsrf/r-2": "r-2.xsd",
    "http://www.onvif.org/ver10/schema": "onvif.xsd",
}


class Refused(NamedTuple):
    """A fault: its code and subcodes without prefixes, its reason, what its detail holds."""

    codes: tuple
    reason: str
    detail: object

    @property
    def name(self):
        """The name of the element in the detail."""
        return None if self.detail is None else etree.QName(self.detail).localname


class Onvif:
    """One who asks a camera at `url`, with HTTP Basic."""

    def __init__(self, url, user, password):
        self.url, self.auth = url, HTTPBasicAuth(user, password)

    def post(self, path, body, auth=True):
        declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
        envelope = f'<s:Envelope xmlns:s="{SOAP}" {declared}><s:Body>{body}</s:Body></s:Envelope>'
        return requests.post(
            path if path.startswith("http") else self.url + path,
            data=envelope.encode(),
            headers={"Content-Type": "application/soap+xml; charset=utf-8"},
            auth=self.auth if auth else None,
            timeout=60,
        )

    def ask(self, path, body, **more):
        """Return the response's element, which is valid."""
        answer = self.post(path, body, **more)
        assert answer.status_code == 200, answer.text
        return valid(etree.fromstring(answer.content).find(f"{{{SOAP}}}Body")[0])

    def refused(self, path, body, **more):
        """Return the fault of a request, whose detail is valid."""
        answer = self.post(path, body, **more)
        assert answer.status_code == 400, answer.text
        fault = etree.fromstring(answer.content).find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
        codes = tuple(value.text.partition(":")[2] for value in fault.iter(f"{{{SOAP}}}Value"))
        detail = fault.find(f"{{{SOAP}}}Detail")
        return Refused(
            codes,
            fault.findtext(f"{{{SOAP}}}Reason/{{{SOAP}}}Text"),
            None if detail is None else valid(detail[0]),
        )


def valid(element):
    """Return an element, which is valid against the schemas."""
    alone = etree.fromstring(etree.tostring(element))
    schema().assertValid(alone)
    for value in alone.xpath("//@Type | //@AnalyticsModule | .//*[local-name()='Topic']/text()"):
        prefix = value.strip().partition(":")[0]
        assert prefix in value.getparent().nsmap, f"{value} has a prefix that nothing declares"
    return element


@functools.cache
def folder():
    files = metadata.files("onvif-zeep")
    return next(Path(f.locate()).parent.resolve() for f in files if f.name == "devicemgmt.wsdl")


class _Beside(etree.Resolver):
    """Finds what schemas import by URL beside the WSDLs, and schemas that stand in a WSDL."""

    def resolve(self, url, pid, context):
        name = url.rpartition("/")[2]
        if name.endswith("-in-wsdl"):
            return self.resolve_string(_embedded(name.removesuffix("-in-wsdl")), context)
        return self.resolve_filename(str(folder() / name), context)


def _embedded(name):
    schema = etree.parse(str(folder() / f"{name}.wsdl")).find(f".//{{{XS}}}schema")
    for part in schema.iter(f"{{{XS}}}import", f"{{{XS}}}include"):
        if where := part.get("schemaLocation"):
            part.set("schemaLocation", str(folder() / where.rpartition("/")[2]))
    return etree.tostring(schema)


@functools.cache
def schema():
    """All schemas in one."""
    services = {NAMESPACES["tev"]: "events-in-wsdl", NAMESPACES["tan"]: "analytics-in-wsdl"}
    imports = "".join(
        f'<xs:import namespace="{space}" schemaLocation="{folder() / file}"/>'
        for space, file in (FILES | services).items()
    )
    parser = etree.XMLParser()
    parser.resolvers.add(_Beside())
    return etree.XMLSchema(
        etree.fromstring(f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>', parser)
    )
