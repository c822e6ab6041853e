"""Duties of many cameras, done by a rota."""

import threading

from emulator.duty import Duty, Rota

WITHIN_S = 30


def test_a_camera_whose_duty_fails_holds_up_no_other(caplog):
    tried, done, rota = threading.Semaphore(0), threading.Semaphore(0), Rota()

    def fail():
        tried.release()
        raise OSError("its disk is gone")

    duties = [Duty("keep", fail, 1.0, rota), Duty("keep", done.release, 1.0, rota)]
    for duty in duties:
        duty.start()
    try:
        for came in (tried, done, tried, done):  # both come round again
            assert came.acquire(timeout=WITHIN_S)
    finally:
        rota.stop()
    assert caplog.text.count("keep has failed") == 1
    assert "its disk is gone" in caplog.text


def test_what_has_ended_is_not_done_any_more():
    first, other, rota = threading.Semaphore(0), threading.Semaphore(0), Rota()
    ended = Duty("keep", first.release, 1.0, rota)
    for duty in (ended, Duty("keep", other.release, 1.0, rota)):
        duty.start()
    try:
        assert first.acquire(timeout=WITHIN_S)
        ended.stop()
        while first.acquire(blocking=False):
            pass
        assert other.acquire(timeout=WITHIN_S)
        assert other.acquire(timeout=WITHIN_S)
        assert not first.acquire(blocking=False)
    finally:
        rota.stop()
