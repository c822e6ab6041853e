"""The defects of ONVIF and of streams: each does what its line says, as rules alone."""

import base64
from datetime import UTC, datetime

import numpy as np
import pytest

from emulator.core.accounts import Account
from emulator.core.defects import policy
from emulator.core.frame import Frame
from emulator.core.onvif.analytics import HEAT_MAP_PARAMETERS
from emulator.core.onvif.soapfault import Fault
from emulator.core.onvif.wsse import Nonces, Token, digest_of
from emulator.core.policy import RIGHT

ANNA = Account("anna", "secret-word-1", "admin")
AT_S = int(datetime(2026, 3, 4, 5, tzinfo=UTC).timestamp())


def token(nonce=b"0123456789abcdef", created="2026-03-04T05:00:00Z"):
    said = digest_of(nonce, created, ANNA.password)
    return Token("anna", said, nonce, created, AT_S)


def test_the_range_that_is_told_goes_up_to_twice_as_much_and_no_other_does():
    told = {one.name: (one.low, one.high) for one in policy(["onvif-range"]).parameters}
    right = {one.name: (one.low, one.high) for one in HEAT_MAP_PARAMETERS}
    assert told.pop("mintime") == (1, 600)
    assert right.pop("mintime") == (1, 300)
    assert told == right


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        ("tns1:RuleEngine/CellMotionDetector/Motion", False),
        ("tns1:VideoSource/MotionAlarm", False),
        ("tns1:Device/HardwareFailure/StorageFailure", True),
    ],
)
def test_motion_is_told_to_nobody_and_the_rest_is(topic, told):
    assert policy(["event-never-sent"]).tells(topic) is told
    assert RIGHT.tells(topic) is True


def test_a_token_lets_in_a_second_time_only_where_it_may():
    nonces, accounts = Nonces(), {"anna": ANNA}
    assert nonces.who(token(), accounts, AT_S, RIGHT.is_used) == ANNA
    with pytest.raises(Fault, match="the nonce was used before"):
        nonces.who(token(), accounts, AT_S, RIGHT.is_used)
    assert nonces.who(token(), accounts, AT_S, policy(["nonce-replayed"]).is_used) == ANNA
    wrong = token()._replace(digest=base64.b64encode(bytes(20)).decode())
    with pytest.raises(Fault, match="name or password"):
        nonces.who(wrong, accounts, AT_S, policy(["nonce-replayed"]).is_used)


def test_an_address_is_that_of_a_host_that_nobody_has():
    assert policy(["xaddr-elsewhere"]).base("http://10.0.0.5:8080") == "http://192.0.2.1"
    assert RIGHT.base("http://10.0.0.5:8080") == "http://10.0.0.5:8080"


def test_the_streams_show_upright_bars_of_the_pictures_size():
    seen = np.full((36, 64, 3), 90, np.uint8)
    frame = Frame(0, 40, seen[:, :, 0], lambda: seen, coded=tuple)
    shown = policy(["rtsp-another-scene"]).streamed(frame)
    picture = shown.picture()
    assert picture.shape == seen.shape
    assert picture[0, 0].tolist() == [235, 235, 235]
    assert picture[35, 63].tolist() == [16, 16, 16]
    assert (picture == picture[0]).all()
    assert (shown.coded, shown.at_ms, shown.until_ms) == (None, 0, 40)
    assert RIGHT.streamed(frame) is frame


def test_a_snapshot_shows_what_the_one_before_did():
    first, second = (np.full((2, 2, 3), level, np.uint8) for level in (1, 2))
    stale = policy(["snapshot-stale"]).snapped
    assert stale(first, None) is first
    assert stale(second, first) is first
    assert RIGHT.snapped(second, first) is second
