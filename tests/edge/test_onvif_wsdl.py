"""Requests as zeep reads them by the WSDLs."""

from lxml import etree

from emulator.edge.onvif.wsdl import messages

DEVICE = "http://www.onvif.org/ver10/device/wsdl"
ASKED = f"{{{DEVICE}}}GetCapabilities"


def request(inside=""):
    written = f'<t:GetCapabilities xmlns:t="{DEVICE}">{inside}</t:GetCapabilities>'
    return messages("device").request(ASKED, etree.fromstring(written))


def test_a_request_for_nothing_in_particular_is_read_once_and_any_other_by_itself():
    first = request()
    assert request(" \n ") is first
    assert request("<t:Category>Media</t:Category>").Category == ["Media"]
    assert request("<t:Category>Device</t:Category>").Category == ["Device"]
    assert request() is first
    assert first.Category == []
