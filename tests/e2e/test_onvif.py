"""A running camera over ONVIF, asked in SOAP that is written by hand here.

Every answer is held against ONVIF's own schemas, every fault against SOAP's. The clock stands
still, so that what is told of it is known.
"""

import socket
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import onvif_schemas
import pytest
import requests
from cameras import Fed, camera
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from onvif_asked import ASKED, MAIN, PERSIST, SETUP, SOURCE, configuration, encoder1, encoder2
from onvif_asking import (
    PATHS,
    SOAP11,
    TDS,
    TIMG,
    TR2,
    TRT,
    Asker,
    Reply,
    envelope,
    token,
)
from requests.auth import HTTPBasicAuth
from running import PASSWORD

from emulator.edge.onvif.capabilities import with_capabilities
from emulator.edge.onvif.device import device_service
from emulator.edge.onvif.deviceio import deviceio_service
from emulator.edge.onvif.imaging import imaging_service
from emulator.edge.onvif.media import media_service
from emulator.edge.onvif.media2 import media2_service
from emulator.onvif_facts import OnvifFacts
from emulator.streams import Streams

NOW = "2026-03-04T05:00:00"
CREATED = f"{NOW}Z"
ELSEWHERE = {  # asked by tests of their own
    (TDS, "SetSystemDateAndTime"),
    (TDS, "SystemReboot"),
    (TDS, "SetSystemFactoryDefault"),
    (TRT, "GetStreamUri"),
    (TR2, "GetStreamUri"),
}
MADE = (device_service, media_service, media2_service, imaging_service, deviceio_service)
PRE_AUTH = {"GetSystemDateAndTime", "GetServices", "GetCapabilities", "GetWsdlUrl", "GetHostname",
            "GetEndpointReference", "GetServiceCapabilities"}  # fmt: skip


class Checked(Asker):
    """Holds every answer against the schemas."""

    def post(self, *arguments, **options):
        reply = super().post(*arguments, **options)
        if reply.body is None:
            return reply
        assert reply.headers["Content-Type"].startswith(("application/soap+xml", "text/xml"))
        if reply.status == 200:
            assert onvif_schemas.errors(reply.body) == []
        elif reply.document.tag.startswith("{http://www.w3.org"):
            assert onvif_schemas.envelope_errors(reply.document) == []
        return reply


@pytest.fixture(scope="module")
def running(start_camera):
    what = ("--source", "scene:shop", "--clock", NOW, "--rtsp-port", "off")
    running = start_camera(*what)
    control(running, "PUT", "/clock", {"mode": "frozen"})
    return running


def control(running, method, path, body=None):
    answer = requests.request(method, f"{running.control}/v1{path}", json=body, timeout=60)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


@pytest.fixture
def ask(running):
    """A client of a camera that is as it was at its start."""
    control(running, "POST", "/reset")
    control(running, "PUT", "/clock", {"mode": "frozen"})
    control(running, "PUT", "/clock", {"now": NOW})
    asker = Checked(running.url)
    yield asker
    asker.close()
    control(running, "PUT", "/clock", {"mode": "frozen"})


# --- every operation ----------------------------------------------------------------------------


def test_every_operation_answers_by_its_schema(ask):
    for namespace, operation, inner in ASKED:
        reply = ask(namespace, operation, inner)
        assert reply.status == 200, (operation, reply.fault, reply.reason)
        assert etree.QName(reply.body).localname == f"{operation}Response"


def test_nothing_is_served_that_was_not_asked():
    one = camera(Fed())
    try:
        facts = OnvifFacts(one, lambda: None, Streams(one), {"HTTP": 1})
        served = {
            (service.namespace, operation)
            for service in with_capabilities([make(facts) for make in MADE], lambda name: None)
            for operation in service.operations
        }
    finally:
        one.storage.close()
    assert served == {(space, operation) for space, operation, _ in ASKED} | ELSEWHERE


def test_what_needs_a_login_says_so_and_what_does_not_answers(ask):
    for namespace, operation, inner in ASKED:
        reply = ask(namespace, operation, inner, auth=False)
        if operation in PRE_AUTH:
            assert reply.status == 200, operation
        else:
            assert reply.status == 401, operation
            assert reply.headers["WWW-Authenticate"].startswith("Digest ")


# --- who asks -----------------------------------------------------------------------------------


def test_a_username_token_is_good_once(ask):
    header = token(CREATED)
    for expected in (200, 400):
        reply = ask(TDS, "GetUsers", header=header, auth=False)
        assert reply.status == expected
    assert reply.fault == "Sender/NotAuthorized"
    assert reply.reason == "the sender is not authorized: the nonce was used before"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: token(CREATED, password="guess"), "name or password is wrong"),
        (lambda: token(CREATED, user="nobody"), "name or password is wrong"),
        (lambda: token("2026-03-04T04:54:59Z"), "-301 s off the camera's clock"),
        (lambda: token("2026-03-04T05:05:01Z"), "+301 s off the camera's clock"),
        (lambda: token(CREATED, kind="#PasswordText"), "not of type PasswordDigest"),
    ],
)
def test_a_token_that_proves_nothing_is_refused(ask, made, told):
    reply = ask(TDS, "GetDeviceInformation", header=made(), auth=False)
    assert (reply.status, reply.fault) == (400, "Sender/NotAuthorized")
    assert told in reply.reason
    # With a clock that is wrong one asks for ours all the same.
    assert ask(TDS, "GetSystemDateAndTime", header=made(), auth=False).status == 200


def test_with_http_and_a_token_both_must_be_right(ask):
    right, wrong = PASSWORD, "guess"
    for http, wsse, status in ((right, right, 200), (right, wrong, 400), (wrong, right, 401)):
        # Basic, since a digest would not be sent before a challenge.
        body = envelope(TDS, "GetUsers", header=token(CREATED, password=wsse))
        basic = HTTPBasicAuth("admin", http)
        answer = requests.post(ask.url + PATHS[TDS], data=body, auth=basic, timeout=30)
        assert answer.status_code == status


def test_basic_is_taken_as_everywhere_on_the_camera(ask):
    body = envelope(TDS, "GetUsers")
    url = ask.url + PATHS[TDS]
    for password, status in ((PASSWORD, 200), ("guess", 401)):
        basic = HTTPBasicAuth("admin", password)
        assert requests.post(url, data=body, auth=basic, timeout=30).status_code == status


def test_an_empty_request_is_a_question_for_a_challenge(ask):
    assert ask.post("", auth=False).status == 401
    assert ask.post("").fault == "Sender/WellFormed"


def test_roles_are_those_of_the_standards_access_classes(ask):
    for name, level in (("vera", "User"), ("olga", "Operator")):
        user = f"<tt:Username>{name}</tt:Username><tt:Password>{name}-secret-1</tt:Password>"
        user += f"<tt:UserLevel>{level}</tt:UserLevel>"
        assert ask(TDS, "CreateUsers", f"<t:User>{user}</t:User>").status == 200
    encoder = encoder1() + PERSIST
    may = {
        (TRT, "GetProfiles", ""): {"vera", "olga"},
        (TRT, "SetVideoEncoderConfiguration", encoder): {"olga"},
        (TDS, "GetDeviceInformation", ""): {"vera", "olga"},
        (TDS, "GetUsers", ""): set(),
        (TDS, "SetHostname", "<t:Name>x</t:Name>"): set(),
    }
    for name in ("vera", "olga"):
        one = Checked(ask.url, name, f"{name}-secret-1")
        for asked, allowed in may.items():
            reply = one(*asked)
            fine = (200, None) if name in allowed else (400, "Sender/NotAuthorized")
            assert (reply.status, reply.fault) == fine, asked
        one.close()


def test_another_sites_page_can_not_send_it(ask):
    reply = ask(TDS, "GetUsers", headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.status == 403


# --- the addresses a client is given ------------------------------------------------------------


def test_addresses_are_those_by_which_the_client_came(ask):
    host = "camera.example:8123"
    reply = ask(TDS, "GetServices", "<t:IncludeCapability>false</t:IncludeCapability>",
                headers={"Host": host})  # fmt: skip
    addresses = reply.texts("Service/XAddr")
    assert addresses
    assert {urlsplit(address).netloc for address in addresses} == {host}
    told = ask(TRT, "GetSnapshotUri", MAIN, headers={"Host": "[::1]:80"})
    assert told.text("MediaUri/Uri") == "http://[::1]:80/snapshot.cgi"


@pytest.mark.parametrize("host", ["evil/x", "a b", "x" * 300, "<x>", "a@b", ""])
def test_a_host_that_is_none_is_not_told_again(running, host):
    url = urlsplit(running.url)
    connection = HTTPConnection(url.hostname, url.port, timeout=30)
    connection.putrequest("POST", PATHS[TDS], skip_host=True)
    body = envelope(TDS, "GetCapabilities").encode()
    connection.putheader("Host", host)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    if answer.status == 200:  # aiohttp itself refuses some
        assert f"<tt:XAddr>http://127.0.0.1:{url.port}/onvif/device_service" in said
    else:
        assert answer.status == 400


def test_snapshots_are_where_they_are_said_to_be(ask):
    uri = ask(TR2, "GetSnapshotUri", MAIN).text("Uri")
    picture = ask.session.get(uri, timeout=30)
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/jpeg")
    assert picture.content[:2] == b"\xff\xd8"


def test_every_service_is_at_its_own_address_and_only_by_post(ask):
    reply = ask(TDS, "GetServices", "<t:IncludeCapability>false</t:IncludeCapability>")
    told = zip(reply.texts("Service/Namespace"), reply.texts("Service/XAddr"), strict=True)
    for namespace, address in told:
        path = urlsplit(address).path
        assert ask(namespace, "GetServiceCapabilities", path=path, auth=False).status == 200
        assert requests.get(address, timeout=30).status_code == 405
    assert requests.post(f"{ask.url}/onvif/nowhere", timeout=30).status_code == 404


# --- written, and read again --------------------------------------------------------------------


def test_the_clock_is_set_for_real(ask):
    def instant(year):
        return (
            f"<t:UTCDateTime><tt:Time><tt:Hour>23</tt:Hour><tt:Minute>30</tt:Minute>"
            f"<tt:Second>15</tt:Second></tt:Time><tt:Date><tt:Year>{year}</tt:Year>"
            f"<tt:Month>7</tt:Month><tt:Day>31</tt:Day></tt:Date></t:UTCDateTime>"
        )

    kind = "<t:DateTimeType>Manual</t:DateTimeType><t:DaylightSavings>false</t:DaylightSavings>"
    zone = "<t:TimeZone><tt:TZ>CET-1CEST,M3.5.0,M10.5.0/3</tt:TZ></t:TimeZone>"
    assert ask(TDS, "SetSystemDateAndTime", kind + zone + instant(2026)).status == 200
    told = ask(TDS, "GetSystemDateAndTime", auth=False)
    top = "SystemDateAndTime/"
    assert told.text(f"{top}DateTimeType") == "Manual"
    assert told.text(f"{top}TimeZone/TZ") == "CET-1CEST,M3.5.0,M10.5.0/3"
    assert told.text(f"{top}DaylightSavings") == "true"
    assert told.text(f"{top}UTCDateTime/Time/Hour") == "23"
    assert told.text(f"{top}LocalDateTime/Time/Hour") == "1"
    assert told.text(f"{top}LocalDateTime/Date/Month") == "8"
    cgi = f"{ask.url}/cgi-bin/viewer/viewer.cgi?action=get.system.datetime&format=json"
    fields = ask.session.get(cgi, timeout=30).json()
    assert (fields["month"], fields["day"], fields["hour"], fields["minute"]) == (8, 1, 1, 30)
    assert fields["zoneNameTz"] == "Europe/Amsterdam"
    for wrong, subcode in (
        (kind + instant(1969), "InvalidDateTime"),
        (kind + instant(99999999999), "InvalidDateTime"),
        (kind + instant(2026).replace(">31<", ">32<"), "InvalidDateTime"),
        (kind + zone.replace("M3.5.0", "M3.1.0") + instant(2026), "InvalidTimeZone"),
        (kind.replace("Manual", "NTP"), "NtpServerUndefined"),
    ):
        assert ask(TDS, "SetSystemDateAndTime", wrong).fault == f"Sender/InvalidArgVal/{subcode}"
    assert ask(TDS, "GetSystemDateAndTime").octets == told.octets


def test_users_are_the_cgis_users(ask):
    user = "<t:User><tt:Username>{}</tt:Username><tt:Password>{}</tt:Password>"
    user += "<tt:UserLevel>{}</tt:UserLevel></t:User>"
    two = user.format("ula", "ula-secret-1", "User") + user.format(
        "uwe", "uwe-secret-1", "Operator"
    )
    assert ask(TDS, "CreateUsers", two).status == 200
    listing = f"{ask.url}/cgi-bin/admin/admin.cgi?action=get.system.user&format=json"

    def there():
        return ask.session.get(listing, timeout=30).json()["userList"]

    assert there() == [
        {"username": "ula", "userLevel": 2},
        {"username": "uwe", "userLevel": 1},
        {"username": "admin", "userLevel": 0},
    ]
    changed = user.format("ula", "ula-secret-2", "Operator")
    assert ask(TDS, "SetUser", changed).status == 200
    one = Checked(ask.url, "ula", "ula-secret-2")
    assert one(TRT, "GetProfiles").status == 200
    one.close()
    before = there()
    for operation, inner, fault in (
        ("CreateUsers", user.format("eva", "eva-secret-1", "User") + two,
         "Sender/OperationProhibited/UsernameClash"),
        ("CreateUsers", user.format("eva", "short1", "User"),
         "Sender/OperationProhibited/PasswordTooWeak"),
        ("CreateUsers", user.format("e" * 33, "eva-secret-1", "User"),
         "Sender/OperationProhibited/UsernameTooLong"),
        ("CreateUsers", user.format("eva", "eva-secret-1", "Anonymous"),
         "Sender/OperationProhibited/AnonymousNotAllowed"),
        ("CreateUsers", "".join(user.format(f"u{n}", "eva-secret-1", "User") for n in range(18)),
         "Receiver/Action/TooManyUsers"),
        ("CreateUsers", "", "Sender/InvalidArgs"),
        ("DeleteUsers", "<t:Username>ula</t:Username><t:Username>x</t:Username>",
         "Sender/InvalidArgVal/UsernameMissing"),
        ("DeleteUsers", "<t:Username>admin</t:Username>", "Sender/InvalidArgVal/FixedUser"),
        ("SetUser", user.format("admin", "new-secret-1", "User"),
         "Sender/InvalidArgVal/FixedUser"),
        ("SetUser", user.format("x", "new-secret-1", "User"),
         "Sender/InvalidArgVal/UsernameMissing"),
    ):  # fmt: skip
        assert ask(TDS, operation, inner).fault == fault
    assert there() == before
    assert ask(TDS, "DeleteUsers", "<t:Username>ula</t:Username>").status == 200
    assert [account["username"] for account in there()] == ["uwe", "admin"]


def test_streams_are_one_state_in_both_media_services(ask):
    assert ask(TRT, "SetVideoEncoderConfiguration", encoder1("sub") + PERSIST).status == 200
    told = ask(TR2, "GetVideoEncoderConfigurations", configuration("VideoEncoder_sub"))
    one = told.find("Configurations")
    assert (one.get("GovLength"), one.get("Profile")) == ("20", "High")
    assert told.text("Configurations/Resolution/Width") == "320"
    assert told.text("Configurations/RateControl/FrameRateLimit") in {"10", "10.0"}
    assert ask(TR2, "SetVideoEncoderConfiguration", encoder2("sub")).status == 200
    told = ask(TR2, "GetVideoEncoderConfigurations", configuration("VideoEncoder_sub"))
    assert told.text("Configurations/Encoding") == "H265"
    assert told.find("Configurations/RateControl").get("ConstantBitRate") == "true"
    # The first service can't tell of H.265: that stream has no configuration there.
    fault = ask(TRT, "GetVideoEncoderConfiguration", configuration("VideoEncoder_sub")).fault
    assert fault == "Sender/InvalidArgVal/NoConfig"
    assert len(ask(TRT, "GetProfiles").body) == 3
    for inner in (
        encoder1("sub", codec="MPEG4"),
        encoder1("sub", size=(800, 600)),
        encoder1("sub", fps=31),
        encoder1("sub", gop=0),
        encoder1("sub", quality=11),
    ):
        reply = ask(TRT, "SetVideoEncoderConfiguration", inner + PERSIST)
        assert reply.fault == "Sender/InvalidArgVal/ConfigModify"
    reply = ask(TR2, "SetVideoEncoderConfiguration", encoder2("sub", profile="High"))
    assert reply.reason == "profile=High is not one of Main"
    assert ask(TR2, "GetVideoEncoderConfigurations", configuration("VideoEncoder_sub")).octets == (
        told.octets
    )


def test_options_are_what_can_be_set(ask):
    options = ask(TR2, "GetVideoEncoderConfigurationOptions")
    by_codec = {one.findtext("{*}Encoding"): one for one in options.body}
    assert set(by_codec) == {"H264", "H265", "JPEG"}
    assert by_codec["H264"].get("ProfilesSupported") == "Baseline Main High"
    assert by_codec["H264"].get("GovLengthRange") == "1 250"
    sizes = [
        (int(s[0].text), int(s[1].text)) for s in by_codec["H264"].iter("{*}ResolutionsAvailable")
    ]
    assert sizes == [(1280, 720), (640, 360), (426, 240), (320, 180), (212, 120)]
    for size in sizes:
        inner = encoder1("main", size=size) + PERSIST
        assert ask(TRT, "SetVideoEncoderConfiguration", inner).status == 200


def test_the_picture_is_kept_and_refused_as_a_whole(ask):
    def setting(inner):
        return ask(
            TIMG, "SetImagingSettings", f"{SOURCE}<t:ImagingSettings>{inner}</t:ImagingSettings>"
        )

    wide = "<tt:WideDynamicRange><tt:Mode>ON</tt:Mode><tt:Level>30</tt:Level></tt:WideDynamicRange>"
    assert setting(f"<tt:Brightness>70</tt:Brightness>{wide}").status == 200
    told = ask(TIMG, "GetImagingSettings", SOURCE)
    assert float(told.text("ImagingSettings/Brightness")) == 70
    assert told.text("ImagingSettings/WideDynamicRange/Mode") == "ON"
    assert float(told.text("ImagingSettings/Contrast")) == 50
    reply = setting("<tt:Brightness>1</tt:Brightness><tt:Contrast>101</tt:Contrast>")
    assert reply.fault == "Sender/InvalidArgVal/SettingsInvalid"
    assert reply.reason == "Contrast=101 is outside 0..100"
    assert ask(TIMG, "GetImagingSettings", SOURCE).octets == told.octets
    elsewhere = SOURCE.replace("Source_1", "Source_2")
    assert ask(TIMG, "GetOptions", elsewhere).fault == "Sender/InvalidArgVal/NoSource"


def test_the_network_is_the_cgis_network(ask):
    for namespace, operation, inner in ASKED:
        if operation in {
            "SetDNS",
            "SetNetworkInterfaces",
            "SetNetworkDefaultGateway",
            "SetHostname",
        }:
            assert ask(namespace, operation, inner).status == 200
    cgi = f"{ask.url}/cgi-bin/admin/admin.cgi?action=get.system.information&format=json"
    fields = ask.session.get(cgi, timeout=30).json()
    names = ("ipaddress", "netmask", "gateway", "dns0", "dns1", "dhcpEnable")
    assert [fields[name] for name in names] == [
        "10.0.0.7",
        "255.0.0.0",
        "10.0.0.254",
        "10.0.0.1",
        "",
        0,
    ]
    assert ask(TDS, "GetHostname").text("HostnameInformation/Name") == "door"
    port = str(urlsplit(ask.url).port)
    protocols = ask(TDS, "GetNetworkProtocols")
    assert protocols.texts("NetworkProtocols/Port") == [port, "443", "554"]
    assert protocols.texts("NetworkProtocols/Enabled") == ["true", "false", "false"]
    other = "<t:NetworkProtocols><tt:Name>HTTP</tt:Name><tt:Enabled>true</tt:Enabled>"
    other += "<tt:Port>81</tt:Port></t:NetworkProtocols>"
    reply = ask(TDS, "SetNetworkProtocols", other)
    assert (reply.fault, reply.reason) == (
        "Sender/OperationProhibited", f"HTTP is at port {port}, as it was started",
    )  # fmt: skip


def test_what_was_written_outlives_a_reboot_and_no_factory_reset(ask, running):
    for namespace, operation, inner in ASKED:
        if operation in {"SetScopes", "SetHostname", "SetDiscoveryMode", "SetImagingSettings"}:
            assert ask(namespace, operation, inner).status == 200

    def told():
        return (
            ask(TDS, "GetScopes").texts("Scopes/ScopeItem")[-1],
            ask(TDS, "GetHostname").text("HostnameInformation/Name"),
            ask(TDS, "GetDiscoveryMode").text("DiscoveryMode"),
            float(ask(TIMG, "GetImagingSettings", SOURCE).text("ImagingSettings/Brightness")),
        )

    written = ("onvif://www.onvif.org/name/Door", "door", "NonDiscoverable", 70)
    assert told() == written
    boots = control(running, "GET", "/reboot")["boots"]
    assert ask(TDS, "SystemReboot").text("Message") == "Rebooting"
    wait_for_boot(running, boots + 1)
    assert told() == written
    assert (
        ask(TDS, "SetSystemFactoryDefault", "<t:FactoryDefault>Soft</t:FactoryDefault>").status
        == 200
    )
    wait_for_boot(running, boots + 2)
    delivered = ("onvif://www.onvif.org/location/", "door", "Discoverable", 50)
    assert told() == delivered  # the network stays


def wait_for_boot(running, boots):
    until_s = time.monotonic() + 60
    while True:
        power = control(running, "GET", "/reboot")
        if power["boots"] >= boots and power["up"]:
            return
        assert time.monotonic() < until_s


def test_a_stream_that_is_not_sent_has_no_address(ask):
    setup = SETUP.format("RTP-Unicast", "RTSP")
    assert ask(TRT, "GetStreamUri", setup + MAIN).fault == "Receiver/Action"
    wrong = SETUP.format("RTP-Multicast", "UDP")
    fault = "Sender/InvalidArgVal/InvalidStreamSetup"
    assert ask(TRT, "GetStreamUri", wrong + MAIN).fault == fault
    assert ask(TR2, "GetStreamUri", "<t:Protocol>RtspMulticast</t:Protocol>" + MAIN).fault == fault
    nothing = "<t:ProfileToken>x</t:ProfileToken>"
    assert ask(TRT, "GetStreamUri", setup + nothing).fault == "Sender/InvalidArgVal/NoProfile"
    assert ask(TRT, "CreateProfile", "<t:Name>empty</t:Name>").status == 200
    empty = "<t:ProfileToken>Profile_1</t:ProfileToken>"
    fault = "Receiver/Action/IncompleteConfiguration"
    assert ask(TRT, "GetStreamUri", setup + empty).fault == fault


# --- SOAP itself --------------------------------------------------------------------------------


def test_soap_1_1_is_answered_in_kind(ask):
    reply = ask(TDS, "GetDeviceInformation", soap=SOAP11)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert reply.document.tag == f"{{{SOAP11}}}Envelope"
    refused = ask(TRT, "GetProfile", "<t:ProfileToken>x</t:ProfileToken>", soap=SOAP11)
    assert (refused.status, refused.body.findtext("faultcode")) == (400, "env:Client")


def test_a_message_with_an_id_is_answered_to_it(ask):
    wsa = "http://www.w3.org/2005/08/addressing"
    header = f'<a:MessageID xmlns:a="{wsa}">urn:uuid:1</a:MessageID>'
    header += f'<a:To xmlns:a="{wsa}" s:mustUnderstand="1">{ask.url}</a:To>'
    reply = ask(TDS, "GetDeviceInformation", header=header)
    head = reply.document.find("{*}Header")
    assert head.findtext(f"{{{wsa}}}RelatesTo") == "urn:uuid:1"
    action = f"{TDS}/GetDeviceInformationResponse"
    assert head.findtext(f"{{{wsa}}}Action") == action
    refused = ask(TRT, "GetProfile", "<t:ProfileToken>x</t:ProfileToken>", header=header)
    assert refused.document.find("{*}Header").findtext(f"{{{wsa}}}RelatesTo") == "urn:uuid:1"


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<", "Sender/WellFormed"),
        ("{}", "Sender/WellFormed"),
        (BOMB + envelope(TDS, "GetUsers", "&b;"), "Sender/WellFormed"),
        (envelope(TDS, "GetUsers", "<a>" * 500 + "</a>" * 500), "Sender/WellFormed"),
        (envelope(TDS, "GetUsers").replace("soap-envelope", "soap"), "Sender/WellFormed"),
        (envelope(TDS, "Explode"), "Receiver/ActionNotSupported"),
        (envelope(TDS, "GetStorageConfigurations"), "Receiver/ActionNotSupported"),  # facts 8
        (envelope(TDS, "GetCertificates"), "Receiver/ActionNotSupported"),
        (envelope("urn:x", "GetUsers"), "Receiver/ActionNotSupported"),
        (envelope(TDS, "GetUsers").replace(f' xmlns:t="{TDS}"', "").replace("t:", ""),
         "Receiver/ActionNotSupported"),
        (envelope(TRT, "GetProfile"), "Sender/InvalidArgVal/NoProfile"),
        (envelope(TRT, "GetStreamUri", MAIN), "Sender/InvalidArgs"),
        (envelope(TRT, "SetVideoEncoderConfiguration"), "Sender/InvalidArgs"),
        (envelope(TRT, "SetVideoEncoderConfiguration", encoder1(fps="many")), "Sender/InvalidArgs"),
        (envelope(TDS, "SetSystemDateAndTime"), "Sender/InvalidArgs"),
        (envelope(TDS, "SetUser", "<t:User/>"), "Sender/InvalidArgs"),
        (envelope(TDS, "GetCapabilities", "<t:Category>PTZ</t:Category>"),
         "Receiver/ActionNotSupported/NoSuchService"),
        (envelope(TDS, "GetUsers", header='<x xmlns="urn:x" s:mustUnderstand="true"/>'),
         "MustUnderstand"),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_a_fault(ask, body, fault):
    reply = ask.post(body)
    assert (reply.status, reply.fault) == (400, fault)


def test_ten_megabytes_are_refused_unread(ask):
    assert ask.post(b"x" * 10_000_000).status == 413


def test_a_body_that_never_comes_keeps_nobody(ask):
    url = urlsplit(ask.url)
    head = f"POST {PATHS[TDS]} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<"
    peers = [socket.create_connection((url.hostname, url.port), 30) for _ in range(20)]
    for peer in peers:
        peer.sendall(head.encode())
    assert ask(TDS, "GetDeviceInformation").status == 200
    for peer in peers:
        peer.close()


WORDS = ["", "x", "-1", "1e400", "NaN", "P1Y", "\u00e4", "true", "9" * 400]


@settings(max_examples=40)
@given(data=st.data())
def test_whatever_a_request_holds_it_is_answered(running, data):
    namespace, operation, inner = data.draw(st.sampled_from(ASKED))
    document = etree.fromstring(envelope(namespace, operation, inner))
    parts = list(document.iter())[2:]
    for _ in range(data.draw(st.integers(1, 3))):
        part = data.draw(st.sampled_from(parts))
        match data.draw(st.integers(0, 3)):
            case 0:
                part.text = data.draw(st.sampled_from(WORDS))
            case 1 if part.attrib:
                part.set(data.draw(st.sampled_from(sorted(part.attrib))), "x")
            case 2 if part.getparent() is not None and part is not parts[0]:
                part.getparent().append(etree.fromstring(etree.tostring(part)))
            case _ if len(part):
                part.remove(data.draw(st.sampled_from(list(part))))
    basic = HTTPBasicAuth("admin", PASSWORD)
    url = running.url + PATHS[namespace]
    reply = Reply(requests.post(url, data=etree.tostring(document), auth=basic, timeout=30))
    assert reply.status in {200, 400}
    assert reply.body is not None
    if reply.status == 400:
        assert reply.fault != "Receiver/Action", reply.reason
        assert onvif_schemas.envelope_errors(reply.document) == []
    else:
        assert onvif_schemas.errors(reply.body) == []


def test_nothing_went_wrong_inside(running):
    answered = requests.get(f"{running.control}/v1/requests", timeout=30).json()
    statuses = {entry["status"] for entry in answered["requests"]}
    assert statuses <= {200, 400, 401, 403, 404, 405, 413, None}  # None: nobody was there any more
