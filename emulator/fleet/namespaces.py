"""A network for a fleet: for each camera a namespace with an address, a MAC and ports of its own.

    stuntcam0, a bridge, 198.18.0.1/16 --+-- eth0 198.18.0.2 | camera 1
                                         +-- eth0 198.18.0.3 | camera 2 ...

Only the listener is in there: a socket stays where it was made, so a camera need not know. The
namespace lives as long as the socket, and a cable as long as its ends; of a fleet that was killed
nothing is left but the bridge, which the next one takes away.

198.18.0.0/15 is set apart for tests of networks (RFC 2544, RFC 6890): nobody's own.
"""

import fcntl
import os
import re
import shutil
import socket
import struct
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from emulator import netns
from emulator.fleet.places import FleetError, Place, hosts, need_handles
from emulator.fleet.plan import Member
from emulator.listening import listen

BRIDGE, NETWORK, GATE, BITS, MASK = "stuntcam0", "198.18", "198.18.0.1", 16, "255.255.0.0"
MOST = 1000
"""Cameras; the kernel gives a bridge 1024 ports (BR_MAX_PORTS), and neighbours no more places."""

_SET_ADDRESS, _SET_MASK, _GET_FLAGS, _SET_FLAGS = 0x8916, 0x891C, 0x8913, 0x8914  # netdevice(7)
_UP = 1


class Network:
    """The bridge of one fleet; only one can be on a machine. To be closed."""

    def __init__(self) -> None:
        self._claim: socket.socket | None = None

    def opened(self, members: Sequence[Member], port: int) -> list[Place]:
        """Return each camera with its listener, on `port` in a namespace of its own.

        Raises PortError or FleetError; nothing is left then.
        """
        _refuse_impossible(len(members), port)
        need_handles(len(members))
        self._claim = _claimed()
        handles: list[int] = []
        places: list[Place] = []
        try:
            handles.extend(_new() for _ in members)
            _cable(members, handles)
            # The first is the bridge's own.
            addresses = [f"{NETWORK}.{host}" for host in hosts(len(members) + 1)[1:]]
            for member, handle, address in zip(members, handles, addresses, strict=True):
                with netns.within(handle):
                    _plug_in(address)
                    places.append((member, listen(address, port)))
        except BaseException as error:
            for _, listener in places:
                listener.close()
            self.close()
            if isinstance(error, OSError):
                raise FleetError(f"--address namespace: {error.strerror}") from error
            raise
        finally:
            for handle in handles:
                os.close(handle)
        return places

    def close(self) -> None:
        """Take the bridge away; the kernel does so with the cables, as their ends are gone."""
        if self._claim is not None:
            _ip([f"link delete {BRIDGE}"])
            self._claim.close()
            self._claim = None


def _claimed() -> socket.socket:
    """Return what says that the bridge is ours, until the last process that has it has ended."""
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        claim.bind(f"\0{BRIDGE}")
    except OSError as error:
        claim.close()
        raise FleetError(f"--address namespace: another fleet has {BRIDGE}") from error
    # What a killed one left, and cables that the kernel has not come to yet.
    name = re.compile(rf"^[0-9]+: ({BRIDGE}(?:-[0-9]+)?)[@:]", re.MULTILINE)
    if left := name.findall(_ip(["link show"])[1]):
        _ip([f"link delete {one}" for one in left])
    return claim


def _refuse_impossible(count: int, port: int) -> None:
    if not port:
        raise FleetError("--http-port 0: by network namespace all have one port; 80 is one")
    if count > MOST:
        raise FleetError(f"--address namespace: {count} cameras are more than {MOST}")
    if shutil.which("ip") is None:
        raise FleetError("--address namespace needs the command `ip` (iproute2)")


def _new() -> int:
    try:
        handle = netns.new()
    except OSError as error:
        needs = "--address namespace needs Linux and root (CAP_SYS_ADMIN, CAP_NET_ADMIN)"
        raise FleetError(f"{needs}: {error.strerror}; --address loopback does not") from error
    with suppress(OSError), netns.within(handle):
        # Or every camera would ask all others whether they are routers.
        Path("/proc/sys/net/ipv6/conf/default/disable_ipv6").write_text("1")
    return handle


def _cable(members: Sequence[Member], handles: Sequence[int]) -> None:
    """Lay a cable from the bridge into each namespace."""
    lines = [
        f"link add {BRIDGE} type bridge",
        f"address add {GATE}/{BITS} dev {BRIDGE}",
        f"link set {BRIDGE} addrgenmode none up",
    ]
    for number, (member, handle) in enumerate(zip(members, handles, strict=True), 1):
        ours, there = f"stuntcam0-{number}", f"/proc/{os.getpid()}/fd/{handle}"
        mac = member.identity.mac
        lines += [
            f"link add {ours} type veth peer name eth0 address {mac} netns {there}",
            f"link set {ours} addrgenmode none",
            f"link set {ours} master {BRIDGE} up",
        ]
    wrong, _ = _ip(lines)
    if wrong:
        raise FleetError(f"--address namespace: ip: {wrong.partition(chr(10))[0]}")


def _ip(lines: Sequence[str]) -> tuple[str, str]:
    """Carry out lines of `ip`, all of them; return what is wrong, and what it says."""
    done = subprocess.run(
        ["ip", "-oneline", "-force", "-batch", "-"],  # noqa: S607  # where it is differs
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.strip() if done.returncode else "", done.stdout


def _plug_in(address: str) -> None:
    """Give this thread's namespace its address, and have it up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for request, text in ((_SET_ADDRESS, address), (_SET_MASK, MASK)):
            value = struct.pack("16sHH4s8x", b"eth0", socket.AF_INET, 0, socket.inet_aton(text))
            fcntl.ioctl(any_socket, request, value)
        for name in (b"lo", b"eth0"):
            now = fcntl.ioctl(any_socket, _GET_FLAGS, struct.pack("16sH14x", name, 0))
            _, flags = struct.unpack("16sH14x", now)
            fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", name, flags | _UP))
