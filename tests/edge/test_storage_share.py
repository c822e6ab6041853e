"""A share over SMB, against a real Samba server; and shares that take too long."""

import errno
import signal
import threading
from contextlib import closing

import pytest
import samba
from minutes import ALL, MINUTE, at, record

from emulator.core.volumes import VolumeError
from emulator.edge.storage import Storage, nas, sd_card
from emulator.edge.storage.opening import smb_address
from emulator.edge.storage.places import Patience
from emulator.edge.storage.share import Share

SERIAL = "S" * 17

needs_samba = pytest.mark.skipif(not samba.is_there(), reason=samba.MISSING)


@pytest.fixture
def server(tmp_path):
    (tmp_path / "samba").mkdir()
    (tmp_path / "shared/cameras").mkdir(parents=True)
    running = samba.Samba(tmp_path / "samba", tmp_path / "shared")
    yield running
    running.stop()


def share_of(server, password=samba.PASSWORD, wait_s=3.0):
    return Share(*smb_address(server.address), password=password, wait_s=wait_s)


def hours_recorded(store, number, begins="2026-05-31T10:20"):
    for k in range(number):
        minute_ms = at(begins) + k * 60 * MINUTE
        record(store, {minute_ms: 1000 + k}, over_ms=minute_ms + 60 * MINUTE)


def files_below(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*.heat")
        if file.is_file()
    }


@needs_samba
def test_a_share_does_what_a_folder_does(server, tmp_path):
    share = share_of(server)
    share.check()
    share.write("stuntcam/S/2026-05-31/a.heat", b"heat", is_lasting=True)
    share.write("stuntcam/S/2026-05-31/a.heat", b"other heat", is_lasting=False)
    share.write("stuntcam/S/2026-06-01/b.heat", b"", is_lasting=False)
    there = tmp_path / "shared/cameras/stuntcam/S"
    assert (there / "2026-05-31/a.heat").read_bytes() == b"other heat"
    assert sorted(share.files("stuntcam/S")) == [
        ("stuntcam/S/2026-05-31/a.heat", 10),
        ("stuntcam/S/2026-06-01/b.heat", 0),
    ]
    assert share.files("nowhere") == []
    share.rename("stuntcam/S/2026-05-31/a.heat", "stuntcam/S/2026-05-31/a.heat.damaged")
    assert share.read("stuntcam/S/2026-05-31/a.heat.damaged") == b"other heat"
    share.remove_folder("stuntcam/S/2026-06-01")  # not empty: stays
    share.remove("stuntcam/S/2026-06-01/b.heat")
    share.remove("stuntcam/S/2026-06-01/b.heat")
    share.remove_folder("stuntcam/S/2026-06-01")
    share.remove_folder("stuntcam/S/2026-06-01")
    assert [entry.name for entry in there.iterdir()] == ["2026-05-31"]
    total, free = share.room()
    assert 0 < free <= total
    with pytest.raises(FileNotFoundError):
        share.read("stuntcam/S/2026-05-31/a.heat")


@needs_samba
def test_a_wrong_password_is_told_as_such(server):
    with pytest.raises(OSError, match="wrong user name or password") as refused:
        share_of(server, "not-the-password-1").check()
    assert refused.value.errno == errno.EKEYREJECTED
    volume = nas(1, server.address, "not-the-password-1")
    volume.look(0.0)
    assert (volume.state, volume.is_locked_out) == ("failing", True)
    assert volume.status().reason == "wrong user name or password"


@needs_samba
def test_a_share_and_a_card_that_were_gone_for_three_days_hold_the_same_bytes_afterwards(
    server, tmp_path
):
    card, share = sd_card(f"{tmp_path}/card:32G"), nas(1, server.address, samba.PASSWORD)
    with closing(Storage(tmp_path / "a.sqlite", era="0000000a", is_ring=True)) as store:
        store.attach(SERIAL, [card, share])
        hours_recorded(store, 5)
        assert store.copy_some(0.0) == 10
        server.stop()
        card.pull()
        hours_recorded(store, 72, "2026-06-01T00:30")
        store.copy_some(1.0)
        assert (card.state, share.state) == ("absent", "absent")
        assert not store.has_volume
        server.start()
        card.insert()
        while store.copy_some(100.0):
            pass
        assert [volume.parts for volume in store.volumes] == [store._flash.parts] * 2
        assert share.status(0).backlog == 0
        expected = store.heat(ALL)
    on_card = files_below(tmp_path / "card/stuntcam" / SERIAL)
    assert len(on_card) == 77
    assert files_below(tmp_path / "shared/cameras/stuntcam" / SERIAL) == on_card
    assert expected.sum() == sum(range(1000, 1005)) + sum(range(1000, 1072))


@needs_samba
def test_a_server_that_hangs_is_gone_after_a_while_and_back_when_it_goes_on(server, tmp_path):
    share = nas(1, server.address, samba.PASSWORD)
    share._place._place._around = Patience(0.5)  # of this test; else 5 s
    with closing(Storage(tmp_path / "a.sqlite", era="0000000a", is_ring=True)) as store:
        store.attach(SERIAL, [share])
        hours_recorded(store, 2)
        assert store.copy_some(0.0) == 2
        server.signal(signal.SIGSTOP)
        store.copy_some(10.0)
        assert share.state == "absent"
        assert "no answer within" in share.status().reason
        assert store.presence_ms(ALL) == 2001  # of flash
        server.signal(signal.SIGCONT)
        store.copy_some(100.0)
        assert share.state == "mounted"


# --- patience ----------------------------------------------------------------------------


def test_an_operation_that_takes_too_long_is_given_up_and_does_not_stop_the_next():
    patience, go_on = Patience(0.05), threading.Event()
    with pytest.raises(TimeoutError, match=r"no answer within 0\.05 s"):
        patience("read", go_on.wait)
    assert patience("read", lambda: 7) == 7
    go_on.set()


def test_what_an_operation_raises_is_raised():
    def fail():
        raise OSError(errno.EIO, "broken")

    patience = Patience(5.0)
    for _ in range(2):
        with pytest.raises(OSError, match="broken"):
            patience("read", fail)


# --- addresses ---------------------------------------------------------------------------


def test_an_address_says_host_port_user_share_and_path():
    assert smb_address("smb://ann@nas.example:4450/heat/shop/door%201") == (
        *("nas.example", 4450, "ann"),
        *("heat", "shop/door 1"),
    )
    assert smb_address("smb://ann@10.0.0.7/heat") == ("10.0.0.7", 445, "ann", "heat", "")


@pytest.mark.parametrize(
    ("text", "password", "why"),
    [
        ("smb://nas/heat", "x", r"smb://nas/heat is not like smb://user@host"),
        ("smb://ann@nas", "x", "is not like"),
        ("smb://ann@nas:99999/heat", "x", "is not like"),
        ("smb://ann:secret@nas/heat", "x", "a password belongs into --nas-password-env"),
        ("smb://ann@nas/heat", None, "needs a password: name its variable, --nas-password-env"),
        ("nfs://nas/heat", "x", "neither a folder nor smb://; mount NFS as a folder"),
    ],
)
def test_an_address_that_can_not_be_is_refused(text, password, why):
    with pytest.raises(VolumeError, match=why) as refused:
        nas(1, text, password)
    assert "secret" not in str(refused.value)
