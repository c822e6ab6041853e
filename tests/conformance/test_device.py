"""How often an account that ONVIF refuses is shown; and what counts as a device's answer."""

import time
from datetime import UTC, datetime

import nasty
import pytest

from conformance import address
from conformance.client import Client, Login, LoginRefusedError
from conformance.expect import NotCheckedError
from conformance.known import Known, Way
from conformance.onvif import wsdls
from conformance.onvif.device import Device
from conformance.onvif.messages import SOAP, FaultError
from conformance.pace import Pace

TT = "http://www.onvif.org/ver10/schema"
FAULT = (
    '<s:Fault xmlns:ter="http://www.onvif.org/ver10/error"><s:Code><s:Value>s:Sender</s:Value>'
    "<s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code><s:Reason>"
    '<s:Text xml:lang="en">no</s:Text></s:Reason></s:Fault>'
)
INFORMATION = (
    f'<d:GetDeviceInformationResponse xmlns:d="{wsdls.DEVICE}"><d:Manufacturer>m</d:Manufacturer>'
    "<d:Model>m</d:Model><d:FirmwareVersion>1</d:FirmwareVersion><d:SerialNumber>s"
    "</d:SerialNumber><d:HardwareId>h</d:HardwareId></d:GetDeviceInformationResponse>"
)


def told_time(month):
    return (
        f'<d:GetSystemDateAndTimeResponse xmlns:d="{wsdls.DEVICE}" xmlns:tt="{TT}">'
        "<d:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false"
        "</tt:DaylightSavings><tt:UTCDateTime><tt:Time><tt:Hour>5</tt:Hour><tt:Minute>6</tt:Minute>"
        "<tt:Second>7</tt:Second></tt:Time><tt:Date><tt:Year>2026</tt:Year>"
        f"<tt:Month>{month}</tt:Month><tt:Day>4</tt:Day></tt:Date></tt:UTCDateTime>"
        "</d:SystemDateAndTime></d:GetSystemDateAndTimeResponse>"
    )


def saying(**answers):
    """A device that answers so to operations, and refuses whoever asks for others."""

    def behaviour(connection, _):
        came = b""
        while not came.endswith(b"Envelope>"):
            if not (piece := connection.recv(65536)):
                return
            came += piece
        inside = next((text for name, text in answers.items() if f"{name} ".encode() in came
                       or f"{name}/".encode() in came), FAULT)  # fmt: skip
        body = f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{inside}</s:Body></s:Envelope>'.encode()
        status = "400 Bad Request" if inside == FAULT else "200 OK"
        head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)

    return behaviour


@pytest.fixture
def device():
    """Returns the ONVIF services of a server of one behaviour, and its client."""
    opened = []

    def at(behaviour):
        server = nasty.Server(behaviour)
        pace = Pace(time.monotonic, lambda seconds: None)
        login = Login("admin", "stunt-double-1")
        client = Client(address.read(server.url), pace, lambda: datetime.now(UTC), login)
        opened.extend([client.close, lambda: server.__exit__(None, None, None)])
        return Device(client, {"device": "/onvif/device_service"}, Known(), []), client

    yield at
    for end in opened:
        end()


def shown(client):
    """How often the account was shown."""
    return sum(b"UsernameToken" in one.request_body for one in client.exchanges)


def test_an_account_that_is_refused_is_shown_twice_at_most(device):
    asked, client = device(saying(GetSystemDateAndTime=told_time(3)))
    for _ in range(3):
        with pytest.raises((LoginRefusedError, FaultError)):
            asked.call("device", "GetUsers", way=Way.TOKEN)
    with pytest.raises(LoginRefusedError, match="twice"):
        asked.say(asked.path, "<x/>")
    assert shown(client) == 2


def test_what_an_account_may_not_is_no_refusal_of_the_account(device):
    asked, _ = device(saying(GetSystemDateAndTime=told_time(3), GetDeviceInformation=INFORMATION))
    for _ in range(4):
        with pytest.raises(FaultError):
            asked.call("device", "GetUsers")
    assert asked.call("device", "GetDeviceInformation").value.Model == "m"


def test_a_device_whose_time_is_none_is_there_and_tells_none(device):
    asked, _ = device(saying(GetSystemDateAndTime=told_time(13)))
    assert asked.is_there()
    assert asked.told_utc() is None
    asked, _ = device(saying(GetSystemDateAndTime=told_time(3)))
    assert asked.told_utc() == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize("behaviour", [nasty.no_camera, nasty.lying, nasty.soap_bomb, nasty.close])
def test_what_answers_no_soap_is_no_device(device, behaviour):
    asked, _ = device(behaviour)
    assert not asked.is_there()


def test_what_onvif_zeep_does_not_send_is_not_the_devices_fault(device):
    asked, client = device(saying())
    with pytest.raises(NotCheckedError, match="does not send it"):
        asked.call("device", "GetServices", {"NoSuchThing": 1}, way=Way.NOBODY)
    assert client.exchanges == []


def test_another_port_is_one_session_with_the_same_counts(device):
    _, client = device(saying())
    other = client.beside(client.address.port + 1)
    assert other is client.beside(client.address.port + 1)
    assert client.beside(client.address.port) is client
    other.note_login("RTSP", is_refused=True)
    with pytest.raises(LoginRefusedError):
        client.note_login("RTSP", is_refused=True)
