"""Parts of a request that zeep does not read: texts as they were written, and QNames.

A QName's prefix means what it means where it stands, which zeep forgets. Elements are lxml's, but
lxml itself is not needed.
"""

from collections.abc import Iterator
from typing import Any

from emulator.core.onvif.soapfault import Fault

Element = Any  # lxml comes without types


def parts(element: Element, name: str) -> Iterator[Element]:
    """Give an element's children of that name, whatever their namespace."""
    for part in element:
        if part.tag.rpartition("}")[2] == name:
            yield part


def text(element: Element, name: str) -> str | None:
    """Return the text of an element's first child of that name; None: there is none."""
    part = next(parts(element, name), None)
    return None if part is None else (part.text or "").strip() or None


def qname(element: Element, written: str) -> str:
    """Return a QName written in an element as {namespace}name. Raises Fault."""
    prefix, colon, local = written.strip().rpartition(":")
    namespaces = element.nsmap
    if colon and prefix not in namespaces:
        raise Fault(
            "InvalidArgs", f"the prefix {prefix[:40]!r} of {written[:80]!r} is not declared"
        )
    space = namespaces.get(prefix if colon else None)
    return f"{{{space}}}{local}" if space else local
