"""ONVIF: services and their addresses, who is let in, faults, validity, and what they tell of it.

For any ONVIF camera, of whatever make (WIRE-03). What stands in ONVIF's own documents is cited by
its Core Specification.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance import invented
from conformance.camera import Camera
from conformance.expect import Expectations, does_not_apply, not_checked
from conformance.known import Way
from conformance.onvif import messages, probing, pulling, wsdls
from conformance.onvif.device import INFORMATION, Device, Told, of
from conformance.onvif.messages import FaultError
from conformance.run import Run

GUARDED = (
    INFORMATION,
    ("device", "GetUsers"),
    ("media", "GetProfiles"),
    ("media2", "GetProfiles"),
    ("events", "CreatePullPointSubscription"),
)

Asked = dict[str, dict[str, Any]]


def with_account(run: Run) -> None:
    """Go on where the run has an account."""
    if run.client.login is None:
        not_checked("no account was given (-u USER)")


def with_service(device: Device, name: str) -> None:
    """Go on where the device tells of a service."""
    if not device.has(name):
        not_checked(f"it tells of no service {name}")


def is_refused(ask: Callable[[], Told]) -> str:
    """Return how a request is refused, or that it is answered."""
    try:
        ask()
    except FaultError as fault:
        return "refused" if fault.is_refusal else fault.told
    return "answered"


# --- services and addresses -----------------------------------------------------------------------


@pytest.mark.requirement("WIRE-03")
def test_a_device_service_tells_the_time_to_everybody(run: Run, expect: Expectations) -> None:
    device = of(run)
    if run.target.camera is None and not device.is_there():
        does_not_apply(f"no ONVIF device service answers at {device.path}")
    told = device.told_utc()  # devicemgmt.wsdl: it shall be told
    expect.that("UTCDateTime (GetSystemDateAndTime)", str(told), "a time", told is not None)


@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize("name", wsdls.NEEDED)
def test_a_service_is_told_of(device: Device, expect: Expectations, name: str) -> None:
    spaces = device.services()
    wanted = wsdls.SERVICES[name].namespace
    expect.that(
        f"services that GetServices tells ({name})", sorted(spaces), wanted, wanted in spaces
    )


@pytest.mark.requirement("WIRE-03")
def test_addresses_point_to_where_they_were_asked_for(device: Device, expect: Expectations) -> None:
    found = dict(device.services())
    told = device.call("device", "GetCapabilities", {"Category": "All"})
    for one in told.element.iter(f"{{{messages.TT}}}XAddr"):
        found[f"GetCapabilities: {one.getparent().tag.rpartition('}')[2]}"] = one.text or ""
    if device.has("events"):
        with pulling.subscribed(device) as point:
            found["a subscription"] = point.address
    elsewhere = {what: one for what, one in found.items() if device.note_elsewhere(one)}
    expect(f"addresses that are not at {device.client.address.url}", elsewhere, {})


@pytest.mark.requirement("WIRE-03")
def test_discovery_finds_it(run: Run, device: Device, expect: Expectations) -> None:
    try:
        mode = str(device.call("device", "GetDiscoveryMode").value)
    except FaultError:
        mode = "Discoverable"
    if mode != "Discoverable":
        not_checked(f"its discovery mode is {mode}")
    address = device.client.address
    mid, message = probing.probe()
    url = f"soap.udp://{address.host}:{probing.PORT}"
    try:
        sought = probing.Sought.at(address)
        came = run.client.recorded("PROBE", url, message, lambda: probing.ask(sought, message, mid))
    except OSError as error:
        not_checked(f"no Probe can be sent to {url}: {error}")
    found = probing.matches(came, mid)
    its = {match.endpoint: match for match in found if match.is_at(sought)}  # some answer twice
    shown = [(match.endpoint, match.xaddrs) for match in found]
    expect.that(f"who answers to a Probe at {url}", shown, f"one at {address.url}", len(its) == 1)
    [match] = its.values()
    is_one = "NetworkVideoTransmitter" in match.types or "Device" in match.types
    expect.that("its types", match.types, "NetworkVideoTransmitter or Device", is_one)
    expect.that("its endpoint", match.endpoint, "an address", bool(match.endpoint))
    here = any(one.endswith(device.path) for one in match.xaddrs)
    expect.that("its addresses", match.xaddrs, f"one ends in {device.path}", here)


# --- who is let in -----------------------------------------------------------------------------


@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize(("service", "operation"), GUARDED)
def test_nothing_is_told_without_a_log_in(
    run: Run, device: Device, expect: Expectations, service: str, operation: str
) -> None:
    with_account(run)
    with_service(device, service)
    got = is_refused(lambda: device.call(service, operation, way=Way.NOBODY))
    expect(f"{operation} ({service}) without credentials", got, "refused")


@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize("way", [Way.TOKEN, Way.DIGEST])
def test_the_account_is_let_in(run: Run, device: Device, expect: Expectations, way: Way) -> None:
    with_account(run)
    if device.way() is not way and way is Way.TOKEN:
        expect(f"GetDeviceInformation with {way}", "refused", "answered")
    got = is_refused(lambda: device.call(*INFORMATION, way=way))
    expect(f"GetDeviceInformation with {way}", got, "answered")


@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize("way", [Way.TOKEN, Way.DIGEST])
def test_an_unknown_account_is_not_let_in(
    run: Run, device: Device, expect: Expectations, way: Way
) -> None:
    with_account(run)
    nobody = invented.login()
    got = is_refused(lambda: device.call(*INFORMATION, way=way, login=nobody))
    expect(f"GetDeviceInformation for an unknown account, {way}", got, "refused")


@pytest.mark.requirement("WIRE-03")
def test_a_token_is_good_for_once(run: Run, device: Device, expect: Expectations) -> None:
    with_account(run)
    if device.way() is not Way.TOKEN:
        not_checked("it does not let in by WS-UsernameToken")
    assert run.client.login is not None
    token = device.token(run.client.login)
    first = is_refused(lambda: device.call(*INFORMATION, token=token))
    expect("GetDeviceInformation with a fresh token", first, "answered")
    again = is_refused(lambda: device.call(*INFORMATION, token=token))
    expect("the same token, with its nonce, a second time", again, "refused")


# --- faults --------------------------------------------------------------------------------------


@pytest.mark.requirement("WIRE-03")
def test_an_unknown_operation_is_told_so(device: Device, expect: Expectations) -> None:
    asked = f'<GetNothingOfTheKind xmlns="{wsdls.DEVICE}"/>'
    got = messages.fault_of(lambda: messages.content(device.say(device.path, asked)))
    # 5.8.2.3: Receiver/ActionNotSupported; older devices say that it was the sender.
    expect.that(
        "the fault for an operation that there is not",
        got,
        "Receiver/ActionNotSupported",
        bool(re.fullmatch(r"(Receiver|Sender)/ActionNotSupported(/\w+)*", got)),
    )


@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize("service", ["media", "media2"])
def test_an_unknown_profile_is_told_so(device: Device, expect: Expectations, service: str) -> None:
    with_service(device, service)
    how = dict(stream_of(service)) | {"ProfileToken": "no-such-profile"}
    got = messages.fault_of(lambda: device.call(service, "GetStreamUri", how))
    expect(f"the fault for an unknown profile ({service})", got, "Sender/InvalidArgVal/NoProfile")


@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize(
    "body",
    [
        b"<Envelope",
        b"",
        b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><s:Envelope xmlns:s="'
        + messages.SOAP.encode()
        + b'"><s:Body><GetSystemDateAndTime xmlns="'
        + wsdls.DEVICE.encode()
        + b'">&b;</GetSystemDateAndTime></s:Body></s:Envelope>',
    ],
    ids=["no XML", "nothing", "entities"],
)
def test_what_is_no_soap_is_refused(device: Device, expect: Expectations, body: bytes) -> None:
    answer = device.post(device.path, body)
    if answer.status in messages.REFUSING and device.client.login is not None:
        by_digest = is_refused(lambda: device.call(*INFORMATION, way=Way.DIGEST))
        if by_digest == "answered":
            answer = device.post(device.path, body, Way.DIGEST)
    if answer.status in messages.REFUSING:
        not_checked(f"it asks who is there before it looks at anything: {answer.status}")
    refused = 400 <= answer.status < 600
    expect.that("the status for what is no SOAP", answer.status, "an error's", refused)
    expect.that(
        "what is told", answer.shown, "no answer", b"DateAndTimeResponse" not in answer.body
    )


# --- every answer is valid ------------------------------------------------------------------------


def stream_of(service: str) -> dict[str, Any]:
    """How to ask for a stream's address."""
    if service == "media2":
        return {"Protocol": "RtspUnicast"}
    return {"StreamSetup": {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}}


def asked_of_device(device: Device) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "GetServices", {"IncludeCapability": True}
    yield "GetCapabilities", {"Category": "All"}
    for name in ("DeviceInformation", "SystemDateAndTime", "ServiceCapabilities", "Scopes"):
        yield f"Get{name}", {}
    for name in ("Hostname", "NetworkInterfaces", "NetworkProtocols", "DNS", "NTP", "Users"):
        yield f"Get{name}", {}
    for name in ("NetworkDefaultGateway", "DiscoveryMode", "WsdlUrl"):
        yield f"Get{name}", {}


def asked_of_media(device: Device) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in ("Profiles", "ServiceCapabilities", "VideoSources", "VideoSourceConfigurations"):
        yield f"Get{name}", {}
    for name in ("EncoderConfigurations", "EncoderConfigurationOptions", "SourceConfigurations"):
        yield f"GetVideo{name}", {}
    for name in ("Metadata", "VideoAnalytics"):
        yield f"Get{name}Configurations", {}
    token = profile(device, "media").token
    yield "GetStreamUri", stream_of("media") | {"ProfileToken": token}
    yield "GetSnapshotUri", {"ProfileToken": token}


def asked_of_media2(device: Device) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "GetProfiles", {"Type": ["All"]}
    for name in ("ServiceCapabilities", "VideoSourceConfigurations", "MetadataConfigurations"):
        yield f"Get{name}", {}
    for name in ("VideoEncoderConfigurations", "VideoEncoderConfigurationOptions"):
        yield f"Get{name}", {}
    token = profile(device, "media2").token
    yield "GetStreamUri", stream_of("media2") | {"ProfileToken": token}
    yield "GetSnapshotUri", {"ProfileToken": token}


def asked_of_imaging(device: Device) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "GetServiceCapabilities", {}
    for name in ("GetImagingSettings", "GetOptions", "GetMoveOptions"):
        yield name, {"VideoSourceToken": source_token(device)}


def asked_of_analytics(device: Device) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "GetServiceCapabilities", {}
    token = analytics_token(device)
    if token:
        for name in ("GetSupportedAnalyticsModules", "GetAnalyticsModules"):
            yield name, {"ConfigurationToken": token}
        yield "GetAnalyticsModuleOptions", {"ConfigurationToken": token}


def asked_of_events(device: Device) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "GetServiceCapabilities", {}
    yield "GetEventProperties", {}


ASKED = {
    "device": asked_of_device,
    "media": asked_of_media,
    "media2": asked_of_media2,
    "imaging": asked_of_imaging,
    "analytics": asked_of_analytics,
    "events": asked_of_events,
}


@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize("service", ASKED)
def test_what_a_service_tells_is_valid(device: Device, expect: Expectations, service: str) -> None:
    with_service(device, service)
    for number, (operation, parameters) in enumerate(ASKED[service](device)):
        try:
            told = device.call(service, operation, parameters)
        except FaultError as fault:
            is_optional = number > 0 and "ActionNotSupported" in fault.subcodes
            expect.that(f"{operation} ({service})", str(fault), "an answer", is_optional)
            continue
        expect(f"what is not valid in the answer to {operation} ({service})", told.problem, "")


# --- what is told --------------------------------------------------------------------------------


def profile(device: Device, service: str) -> Any:
    """Return the first profile."""
    if not (found := device.call(service, "GetProfiles").value):
        not_checked(f"{service} tells no profile")
    return found[0]


def source_token(device: Device) -> str:
    """Return the video source's token."""
    return str(device.call("media", "GetVideoSources").value[0].token)


def analytics_token(device: Device) -> str:
    """Return the token of the first analytics configuration; empty: there is none."""
    found = device.call("media", "GetVideoAnalyticsConfigurations").value
    return str(found[0].token) if found else ""


@pytest.mark.requirement("WIRE-03")
def test_it_says_who_it_is_as_on_its_own_interface(
    camera: Camera, device: Device, expect: Expectations
) -> None:
    told, fields = device.call(*INFORMATION).value, camera.fields("information")
    words = camera.dialect.identity
    for name, value in (("Model", "model"), ("FirmwareVersion", "firmware")):
        expect(f"{name} (GetDeviceInformation)", getattr(told, name), fields[words[value]])
    expect("SerialNumber (GetDeviceInformation)", told.SerialNumber, fields[words["serial"]])
