"""Volumes from what is typed: `DIR[:32G]`, `DIR`, `smb://user@host[:port]/share/path`."""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from emulator.core.volumes import DEFAULT_CARD, MOST_NAS, VolumeError, card_size
from emulator.edge.storage.places import Folder, Patience, Place, Through
from emulator.edge.storage.volume import Volume

PATIENCE_S = 5.0
"""How long a share may take for an answer before it counts as gone."""


class SmbAddress(NamedTuple):
    """Where a share is on the network, and as whom it is used."""

    host: str
    port: int
    user: str
    share: str
    path: str


def sd_card(text: str) -> Volume:
    """Return the card that `DIR` or `DIR:32G` means. Its folder is made if it is not there.

    Raises VolumeError for a size that is none, or a folder that can't be made.
    """
    found = re.fullmatch(r"(.+):([^:/]*)", text)
    folder, size = (found[1], card_size(found[2])) if found else (text, DEFAULT_CARD)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VolumeError(f"the card's folder {folder} can't be made: {error.strerror}") from error
    return Volume("sd", "sd", folder, Folder(Path(folder)), capacity=size)


def nas(number: int, text: str, password: str | None) -> Volume:
    """Return the share that `text` means, as nas1 to nas5.

    number    1..5
    password  for SMB
    Raises VolumeError for an address that is none, or without a password.
    """
    if not 1 <= number <= MOST_NAS:
        raise VolumeError(f"a camera takes {MOST_NAS} shares, not {number}")
    return Volume(
        f"nas{number}", "nas", text, Through(_place(text, password), Patience(PATIENCE_S))
    )


def smb_address(text: str) -> SmbAddress:
    """Return what `smb://user@host[:port]/share/path` says. Raises VolumeError."""
    wanted = f"share {_without_secret(text)} is not like smb://user@host[:port]/share/path"
    try:
        parts = urlsplit(text)
        port = parts.port or 445
    except ValueError as error:
        raise VolumeError(f"{wanted}: {error}") from error
    names = [unquote(name) for name in parts.path.split("/") if name]
    if parts.password is not None:
        raise VolumeError(f"{wanted}: a password belongs into --nas-password-env")
    if not parts.hostname or not parts.username or not names or parts.query or parts.fragment:
        raise VolumeError(wanted)
    return SmbAddress(parts.hostname, port, unquote(parts.username), names[0], "/".join(names[1:]))


def _place(text: str, password: str | None) -> Place:
    if "://" not in text:
        return Folder(Path(text))
    if not text.startswith("smb://"):
        raise VolumeError(f"share {text} is neither a folder nor smb://; mount NFS as a folder")
    address = smb_address(text)
    if password is None:
        raise VolumeError(f"share {text} needs a password: name its variable, --nas-password-env")
    # Not at the top: the library takes a while to load, and few cameras need it.
    from emulator.edge.storage.share import Share  # noqa: PLC0415

    return Share(*address, password=password, wait_s=PATIENCE_S)


def _without_secret(text: str) -> str:
    return re.sub(r"(//[^/@:]*):[^@/]*@", r"\1@", text)
