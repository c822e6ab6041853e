"""A camera with a card and shares in a process of its own, over its own interface."""

import pytest
import requests
import samba
from requests.auth import HTTPBasicAuth
from running import PASSWORD

BASIC = HTTPBasicAuth("admin", PASSWORD)


def ask(camera, action, **values):
    """An action's answer; with values it is posted."""
    url = f"{camera.url}/cgi-bin/operator/operator.cgi?action={action}&format=json"
    if action.startswith("get."):
        return requests.get(url, auth=BASIC, timeout=30).json()
    return requests.post(url, json=values, auth=BASIC, timeout=30).json()


@pytest.fixture(scope="module")
def volumes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("volumes")
    (folder / "share").mkdir()
    return folder


@pytest.fixture(scope="module")
def camera(start_camera, clip, volumes):
    return start_camera(
        *("--source", clip, "--speed", "max", "--clock", "2026-03-04T05:00:00"),
        *("--sd", f"{volumes}/card:64M", "--nas", volumes / "share", "--nas", volumes / "gone"),
    )


def test_a_new_card_is_formatted_and_told_in_kilobytes(camera, volumes):
    told = ask(camera, "get.storage.settings")
    assert (told["sdcardStatus"], told["sdcardDiskStatus"], told["sdcardTotalSize"]) == (
        3,
        1,
        "65536",
    )
    assert (volumes / "card/stuntcam/card.json").exists()


def test_shares_are_listed_with_their_states(camera, volumes):
    first, second = ask(camera, "get.storage.nas")["nasList"]
    assert (first["index"], first["address"], first["status"]) == (
        *(1, str(volumes / "share")),
        "mounted",
    )
    assert (second["index"], second["status"]) == (2, "absent")
    assert not (volumes / "gone").exists()


def test_a_card_is_unmounted_mounted_and_formatted_over_the_interface(camera):
    done = {"setState": "succeed"}
    assert ask(camera, "set.storage.unmount") == done
    assert ask(camera, "get.storage.settings")["sdcardStatus"] == 1
    assert ask(camera, "set.storage.unmount") == {
        "setState": "failed",
        "message": "sd is not mounted: it is unmounted",
    }
    assert ask(camera, "set.storage.mount", volume="sd") == done
    assert ask(camera, "set.storage.format", volume="sd") == done
    told = ask(camera, "get.storage.settings")
    assert told["sdcardStatus"] == 3
    assert told["sdFormatTime"].startswith("2026-03-04 05:00:")
    assert ask(camera, "set.storage.settings", recycle=0) == done


@pytest.mark.parametrize(
    ("action", "values", "why"),
    [
        ("set.storage.mount", {"volume": "usb"}, "no volume 'usb'; there are: sd, nas1, nas2"),
        ("set.storage.mount", {"volume": "nas2"}, "nas2 can't be mounted: it is absent"),
        ("set.storage.mount", {"disk": "sd"}, "'disk' is not one of: volume"),
        ("set.storage.format", {"volume": "nas1"}, "nas1 is a share; only an SD card"),
        ("set.storage.settings", {"recycle": 2}, "recycle='2' is not 0 or 1"),
    ],
)
def test_what_can_not_be_is_refused_in_words(camera, action, values, why):
    told = ask(camera, action, **values)
    assert told["setState"] == "failed"
    assert told["message"].startswith(why)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--sd", "card:0G"], "--sd: size 0G is below 1M"),
        (["--sd", "card:big"], "--sd: size 'big' is not like 32G"),
        (["--nas", "nfs://nas/heat"], "--nas: share nfs://nas/heat is neither a folder nor smb://"),
        (["--nas", "smb://ann@nas/heat"], "needs a password: name its variable"),
        (["--nas", "a"] * 2, "--nas a is given twice"),
        (
            [x for n in range(6) for x in ("--nas", f"n{n}")],
            "--nas is given 6 times; a camera takes 5 shares",
        ),
        (["--nas", "a", "--nas-password-env", "NOWHERE"], "NOWHERE: no such variable"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_code_2(stuntcam, tmp_path, arguments, why):
    done = stuntcam("serve", "--state", tmp_path / "state", *arguments, cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert why in done.stderr
    assert not (tmp_path / "state").exists()


@pytest.mark.skipif(not samba.is_there(), reason=samba.MISSING)
def test_a_share_with_wrong_credentials_is_exit_code_2_and_one_with_right_ones_is_used(
    stuntcam, start_camera, clip, tmp_path
):
    (tmp_path / "samba").mkdir()
    (tmp_path / "shared/cameras").mkdir(parents=True)
    server = samba.Samba(tmp_path / "samba", tmp_path / "shared")
    try:
        options = ("--nas", server.address, "--nas-password-env", "SHARED")
        ports = ("--http-port", "0", "--control-port", "0", "--rtsp-port", "0")
        done = stuntcam(
            *("serve", *ports, "--state", tmp_path / "state", "--source", clip, *options),
            env={"SHARED": "wrong-password-1"},
        )
        assert done.returncode == 2
        last = done.stderr.splitlines()[-1]
        assert last.endswith(f"--nas {server.address}: wrong user name or password")
        assert "wrong-password-1" not in done.stderr
        running = start_camera("--source", clip, *options, env={"SHARED": samba.PASSWORD})
        (share,) = ask(running, "get.storage.nas")["nasList"]
        assert share["status"] == "mounted"
        assert running.stop() == 0
    finally:
        server.stop()
