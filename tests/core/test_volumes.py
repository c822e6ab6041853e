"""What the camera says of its card and shares (facts 2.3, 7), and sizes that are typed."""

from dataclasses import replace

import pytest

from emulator.core import volumes
from emulator.core.volumes import VolumeError, VolumeStatus

CARD = VolumeStatus(
    *("sd", "sd", "/a/card", "mounted", "", None, True),
    *(32 * 2**30, 5 * 2**20, 31 * 2**30, 12, 0, (), "2026-05-31 11:00:00"),
)
SHARE = replace(CARD, name="nas2", kind="nas", address="smb://ann@nas/heat", total=None)


def test_a_camera_without_a_card_says_so():
    told = volumes.card_fields(None)
    assert list(told) == [
        *("sdcardStatus", "sdcardDiskStatus", "sdcardFullStatus", "sdcardTotalSize"),
        *("sdcardFreeSize", "sdcardUseSize", "sdcardFileSystem", "sdFormatTime"),
    ]
    assert (told["sdcardStatus"], told["sdcardTotalSize"]) == (0, "0")  # 0: none; sizes are texts


def test_a_card_in_use_is_told_in_kilobytes():
    told = volumes.card_fields(CARD)
    assert told["sdcardTotalSize"] == "33554432"
    assert (told["sdcardUseSize"], told["sdcardFreeSize"]) == ("5120", "32505856")
    assert told["sdFormatTime"] == "2026-05-31 11:00:00"


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        # facts 2.3: 0 none, 1 not initialised, 3 normal; 0 needs format, 1 normal, 4 damaged
        ("mounted", (3, 1, 0)),
        ("read-only", (3, 1, 0)),
        ("full", (3, 1, 1)),
        ("failing", (3, 4, 0)),
        ("unformatted", (1, 0, 0)),
        ("unmounted", (1, 1, 0)),
        ("absent", (0, 0, 0)),
    ],
)
def test_each_state_has_its_codes(state, codes):
    told = volumes.card_fields(replace(CARD, state=state))
    found = (told["sdcardStatus"], told["sdcardDiskStatus"], told["sdcardFullStatus"])
    assert found == codes


def test_shares_are_listed_by_number():
    assert volumes.share_fields([SHARE]) == {
        "nasList": [
            {
                "index": 2,
                "address": "smb://ann@nas/heat",
                "status": "mounted",
                "totalSize": "0",
                "freeSize": "32505856",
                "useSize": "5120",
            }
        ]
    }


def test_a_request_says_which_volume_or_whether_to_recycle():
    assert volumes.request([("volume", "nas1")], {"volume"}) == {"volume": "nas1"}
    assert volumes.request([("recycle", 1)], {"recycle"}) == {"recycle": 1}
    assert volumes.request([], {"volume"}) == {}


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([("disk", "sd")], "'disk' is not one of: volume"),
        ([("volume", "sd"), ("volume", "sd")], "volume is given twice"),
    ],
)
def test_a_request_for_something_else_is_refused(values, why):
    with pytest.raises(VolumeError, match=why):
        volumes.request(values, {"volume"})


@pytest.mark.parametrize("value", [2, "yes", None, ""])
def test_recycle_is_0_or_1(value):
    with pytest.raises(VolumeError, match=r"recycle=.* is not 0 or 1"):
        volumes.request([("recycle", value)], {"recycle"})


@pytest.mark.parametrize(
    ("text", "size"), [("32G", 34_359_738_368), ("1m", 1_048_576), ("2T", 2_199_023_255_552)]
)
def test_a_size_is_counted_in_powers_of_1024(text, size):
    assert volumes.card_size(text) == size


@pytest.mark.parametrize("text", ["", "G", "32", "32GB", "-1G", "1.5G", "٣G", "9999999G"])
def test_a_size_that_is_none_is_refused(text):
    with pytest.raises(VolumeError, match="is not like 32G; units are K, M, G, T"):
        volumes.card_size(text)


def test_a_card_too_small_to_hold_a_day_is_refused():
    with pytest.raises(VolumeError, match="size 1023K is below 1M"):
        volumes.card_size("1023K")
