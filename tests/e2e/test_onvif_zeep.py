"""A running camera, used by onvif-zeep as its users do: connect, look, configure."""

import datetime
import logging

import pytest
import requests
from running import PASSWORD

NOW = "2026-03-04T05:00:00"


@pytest.fixture(scope="module")
def running(start_camera):
    return start_camera("--source", "scene:shop", "--clock", NOW, "--timezone", "Europe/Berlin")


@pytest.fixture(scope="module")
def connect(running):
    """Connects with onvif-zeep; imported here, since its import turns on everybody's logs."""
    before = logging.root.handlers[:], logging.root.level
    import onvif

    logging.root.handlers[:], _ = before
    logging.root.setLevel(before[1])
    host, port = running.url.removeprefix("http://").split(":")

    def connected(user="admin", password=PASSWORD):
        return onvif.ONVIFCamera(host, int(port), user, password, adjust_time=True)

    return connected


@pytest.fixture(scope="module")
def client(connect):
    """One for all: each connection reads the WSDLs again."""
    return connect()


@pytest.fixture(scope="module")
def media(client):
    return client.create_media_service()


def test_it_connects_and_knows_the_device(client):
    told = client.devicemgmt.GetDeviceInformation()
    assert (told.Manufacturer, told.Model, told.FirmwareVersion, told.HardwareId) == (
        "Milesight Technology Co.,Ltd.",
        "MS-C8165-PE",
        "61.8.0.3-r8",
        "V1.0",
    )


def test_a_wrong_password_is_a_fault_that_it_can_read(running, connect):
    import onvif

    with pytest.raises(onvif.ONVIFError, match="not authorized: name or password is wrong"):
        connect(password="guess-it-1").devicemgmt.GetDeviceInformation()


def test_it_manages_users(client, connect):
    device = client.devicemgmt
    olga = {"Username": "olga", "Password": "olga-secret-1", "UserLevel": "Operator"}
    device.CreateUsers({"User": [olga]})
    device.SetUser({"User": [{**olga, "Password": "olga-secret-2"}]})
    assert connect("olga", "olga-secret-2").devicemgmt.GetDeviceInformation()
    users = {user.Username: user.UserLevel for user in device.GetUsers()}
    assert users == {"admin": "Administrator", "olga": "Operator"}
    device.DeleteUsers({"Username": ["olga"]})
    assert [user.Username for user in device.GetUsers()] == ["admin"]


def test_it_finds_profiles_streams_and_pictures(media):
    profiles = media.GetProfiles()
    assert [profile.token for profile in profiles] == [
        "Profile_main",
        "Profile_sub",
        "Profile_third",
    ]
    sizes = [
        (p.VideoEncoderConfiguration.Resolution.Width, p.VideoEncoderConfiguration.Encoding)
        for p in profiles
    ]
    assert sizes == [(1280, "H264"), (426, "H264"), (212, "H264")]
    (source,) = media.GetVideoSources()
    assert (source.Resolution.Width, source.Resolution.Height) == (1280, 720)
    uri = media.GetSnapshotUri({"ProfileToken": "Profile_main"}).Uri
    picture = requests.get(uri, auth=("admin", PASSWORD), timeout=30)
    assert picture.content[:2] == b"\xff\xd8"


def test_it_configures_a_stream(media):
    options = media.GetVideoEncoderConfigurationOptions({"ProfileToken": "Profile_sub"})
    assert options.H264.GovLengthRange.Max == 250
    (coding,) = [c for c in media.GetVideoEncoderConfigurations() if c.Name == "sub"]
    coding.RateControl.FrameRateLimit, coding.RateControl.BitrateLimit = 12, 700
    coding.H264.GovLength = 24
    media.SetVideoEncoderConfiguration({"Configuration": coding, "ForcePersistence": True})
    told = media.GetVideoEncoderConfiguration({"ConfigurationToken": "VideoEncoder_sub"})
    assert (told.RateControl.FrameRateLimit, told.RateControl.BitrateLimit) == (12, 700)
    assert told.H264.GovLength == 24


def test_it_makes_a_profile(media):
    media.CreateProfile({"Name": "mine", "Token": "mine"})
    for kind, token in (
        ("VideoSource", "VideoSourceConfig_1"),
        ("VideoEncoder", "VideoEncoder_sub"),
    ):
        add = getattr(media, f"Add{kind}Configuration")
        add({"ProfileToken": "mine", "ConfigurationToken": token})
    made = media.GetProfile({"ProfileToken": "mine"})
    assert made.VideoEncoderConfiguration.UseCount == 2
    assert made.fixed is False
    media.DeleteProfile({"ProfileToken": "mine"})
    assert len(media.GetProfiles()) == 3


def test_it_sets_the_picture(client):
    imaging = client.create_imaging_service()
    source = {"VideoSourceToken": "VideoSource_1"}
    assert imaging.GetOptions(source).Brightness.Max == 100
    imaging.SetImagingSettings({**source, "ImagingSettings": {"Brightness": 70, "Contrast": 40}})
    told = imaging.GetImagingSettings(source)
    assert (told.Brightness, told.Contrast, told.Sharpness) == (70, 40, 50)


def test_it_sees_one_source_in_device_io(client):
    # It reads no addresses below Extension, where GetCapabilities has this one.
    told = {one.Namespace: one.XAddr for one in client.devicemgmt.GetServices(False)}
    namespace = "http://www.onvif.org/ver10/deviceIO/wsdl"
    client.xaddrs[namespace] = told[namespace]
    (source,) = client.create_deviceio_service().GetVideoSources()
    assert source.token == "VideoSource_1"


# Last: a client whose idea of the camera's clock is not right any more is refused.
def test_it_sets_the_clock(running, client):
    device = client.devicemgmt
    asked = device.create_type("SetSystemDateAndTime")
    asked.DateTimeType, asked.DaylightSavings = "Manual", False
    asked.TimeZone = {"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}
    asked.UTCDateTime = {
        "Date": {"Year": 2026, "Month": 7, "Day": 31},
        "Time": {"Hour": 22, "Minute": 30, "Second": 0},
    }
    device.SetSystemDateAndTime(asked)
    told = device.GetSystemDateAndTime()  # which needs no token that is good
    assert (told.LocalDateTime.Date.Month, told.LocalDateTime.Date.Day) == (8, 1)
    assert (told.LocalDateTime.Time.Hour, told.UTCDateTime.Time.Hour) == (0, 22)
    assert told.DaylightSavings is True
    clock = requests.get(f"{running.control}/v1/clock", timeout=30).json()
    now = datetime.datetime.fromisoformat(clock["now"])
    assert now - datetime.datetime(2026, 8, 1, 0, 30) < datetime.timedelta(minutes=10)
    assert clock["zone"] == "Europe/Berlin"
