"""Topics, and what holds now."""

import pytest

from emulator.core.onvif.events import (
    LAST_REBOOT,
    MOTION,
    MOTION_ALARM,
    STORAGE_FAILURE,
    Board,
    utc_text,
)


def test_topics_are_spelled_as_the_specifications_spell_them():
    assert MOTION.text == "tns1:RuleEngine/CellMotionDetector/Motion"
    assert MOTION_ALARM.text == "tns1:VideoSource/MotionAlarm"
    assert STORAGE_FAILURE.text == "tns1:Device/HardwareFailure/StorageFailure"
    assert LAST_REBOOT.text == "tns1:Monitoring/OperatingTime/LastReboot"


def test_what_is_told_first_is_initialized_and_what_is_told_next_changed():
    board, first = Board().told(MOTION_ALARM, ("video",), ("false",), 1_000)
    assert (first.operation, first.data) == ("Initialized", (("State", "false"),))
    assert first.source == (("Source", "video"),)
    board, second = board.told(MOTION_ALARM, ("video",), ("true",), 2_000)
    assert (second.operation, second.at_ms) == ("Changed", 2_000)


def test_what_holds_already_is_no_event():
    board, _ = Board().told(STORAGE_FAILURE, ("sd",), ("false",), 1_000)
    assert board.told(STORAGE_FAILURE, ("sd",), ("false",), 2_000) == (board, None)


def test_each_source_has_a_state_of_its_own():
    board, _ = Board().told(STORAGE_FAILURE, ("sd",), ("false",), 1_000)
    board, other = board.told(STORAGE_FAILURE, ("nas1",), ("true",), 2_000)
    assert other.operation == "Initialized"
    assert [(event.source[0][1], event.data[0][1]) for event in board.initialized()] == [
        ("sd", "false"),
        ("nas1", "true"),
    ]


def test_who_begins_to_listen_is_told_what_holds_and_since_when():
    board, _ = Board().told(MOTION_ALARM, ("video",), ("false",), 1_000)
    board, _ = board.told(MOTION_ALARM, ("video",), ("true",), 2_000)
    (event,) = board.initialized()
    assert (event.operation, event.at_ms, event.data) == (
        "Initialized",
        2_000,
        (("State", "true"),),
    )


def test_a_property_has_a_value_for_each_of_its_items():
    with pytest.raises(ValueError, match="shorter"):
        Board().told(MOTION, ("video",), ("true",), 0)


def test_instants_are_utc_with_a_z():
    assert utc_text(1_772_600_400_040) == "2026-03-04T05:00:00.040Z"
    assert utc_text(-1) == "1969-12-31T23:59:59.999Z"
