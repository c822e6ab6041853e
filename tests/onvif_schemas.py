"""ONVIF's own schemas, compiled from the WSDLs of installed packages: is a response valid?

lxml where libxml2 takes the schema (the services of the first versions); xmlschema for those
of aonvif, whose content models libxml2 calls not deterministic.
"""

import functools
from importlib import metadata
from pathlib import Path

import xmlschema
from lxml import etree

XS = "http://www.w3.org/2001/XMLSchema"
OLD = {
    "http://www.onvif.org/ver10/device/wsdl": "devicemgmt",
    "http://www.onvif.org/ver10/media/wsdl": "media",
    "http://www.onvif.org/ver20/imaging/wsdl": "imaging",
    "http://www.onvif.org/ver10/events/wsdl": "events",
    "http://docs.oasis-open.org/wsn/b-2": "events",
}
NEW = {
    "http://www.onvif.org/ver20/media/wsdl": "ver20/media/wsdl/media.wsdl",
    "http://www.onvif.org/ver10/deviceIO/wsdl": "ver10/deviceio.wsdl",
    "http://www.onvif.org/ver20/analytics/wsdl": "ver20/analytics/wsdl/analytics.wsdl",
}


def home(package, name):
    return next(
        Path(f.locate()).parent.resolve() for f in metadata.files(package) if f.name == name
    )


OASIS = home("onvif-zeep", "devicemgmt.wsdl")
TREE = home("aonvif", "b-2.xsd")


def beside(url):
    """The installed file for a URL that a schema imports; never the network."""
    name = {"soap-envelope": "envelope"}.get(url.rstrip("/").rsplit("/", 1)[1])
    name = name or url.rstrip("/").rsplit("/", 1)[1]
    return next(folder / name for folder in (OASIS, TREE) if (folder / name).is_file())


class Beside(etree.Resolver):
    def resolve(self, url, _, context):
        if url.startswith("http"):
            return self.resolve_filename(str(beside(url)), context)
        return None


@functools.cache
def parser():
    made = etree.XMLParser()
    made.resolvers.add(Beside())
    return made


def embedded(path):
    """The schemas inside a WSDL, with imports that can be found from anywhere."""
    for schema in etree.parse(str(path)).iter(f"{{{XS}}}schema"):
        for imported in schema.iter(f"{{{XS}}}import", f"{{{XS}}}include"):
            place = imported.get("schemaLocation")
            if place:
                there = beside(place) if place.startswith("http") else path.parent / place
                imported.set("schemaLocation", str(there.resolve()))
        yield schema.get("targetNamespace"), etree.tostring(schema)


@functools.cache
def schema_of(namespace):
    if namespace in OLD:
        path = OASIS / f"{OLD[namespace]}.wsdl"
        if namespace not in dict(embedded(path)):
            return etree.XMLSchema(etree.parse(str(OASIS / "b-2.xsd"), parser()))
        source = dict(embedded(path))[namespace]
        return etree.XMLSchema(etree.fromstring(source, parser()))
    path = TREE / NEW[namespace]
    source = dict(embedded(path))[namespace].decode()
    places = {url: str(beside(url)) for url in _urls()}
    return xmlschema.XMLSchema11(
        source, validation="lax", allow="local", base_url=str(path.parent), uri_mapper=places
    )


@functools.cache
def _urls():
    found = set()
    for file in [*TREE.rglob("*.xsd"), *OASIS.glob("*.xsd")]:
        for element in etree.parse(str(file)).iter(f"{{{XS}}}import", f"{{{XS}}}include"):
            place = element.get("schemaLocation") or ""
            if place.startswith("http"):
                try:
                    beside(place)
                except StopIteration:
                    continue
                found.add(place)
    return found


@functools.cache
def envelope():
    return etree.XMLSchema(etree.parse(str(TREE / "soap-envelope"), parser()))


def envelope_errors(document):
    """What is wrong with an Envelope of SOAP 1.2, a fault's above all."""
    envelope().validate(document)
    return [str(error) for error in envelope().error_log]


def errors(element):
    """What is wrong with the element in a Body, by its namespace's schema."""
    schema = schema_of(etree.QName(element).namespace)
    alone = etree.fromstring(etree.tostring(element))
    if isinstance(schema, etree.XMLSchema):
        schema.validate(alone)
        return [str(error) for error in schema.error_log]
    return [f"{error.path}: {error.reason}" for error in schema.iter_errors(alone)]
