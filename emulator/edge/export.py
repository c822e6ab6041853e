"""Where automatic exports go: an FTP server, a mail, the camera's own storage (EXP-01).

Each sender delivers all files or raises DeliveryError with one line that names the server
and never shows the password. Calls block, up to TIMEOUT_S for each step of a server that
falls silent. FTP and mail go unencrypted, as the settings know no other.
"""

import ftplib
import smtplib
from collections.abc import Callable, Iterable
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from functools import partial
from io import BytesIO
from typing import Protocol

from emulator.core.localtime import SECOND_MS
from emulator.core.reports.export import DeliveryError, File
from emulator.core.reports.export_settings import FTP, MAIL, STORAGE, ExportSettings

TIMEOUT_S = 15.0

SUBJECT = "Heat Map Report"  # the recorder's (facts 4.5)
FOLDER = "export"
"""Where exports lie on a volume [INV]."""

PARTIAL = ".part"
"""How a file is named on the FTP server until all of it is there."""

_TYPES = {"png": ("image", "png"), "csv": ("text", "csv")}
_LONGEST_REASON = 200
_FTP_ERRORS: tuple[type[Exception], ...] = (*ftplib.all_errors, ValueError)


class Volume(Protocol):
    """What storage needs of a card or share."""

    @property
    def name(self) -> str:
        """Say which one it is."""

    @property
    def is_writable(self) -> bool:
        """Say whether it can be written now."""

    def write_file(self, path: str, content: bytes) -> None:
        """Write a file, whole or not at all; raises a ValueError or OSError."""


def senders(
    volumes: Callable[[], Iterable[Volume]], timeout_s: float = TIMEOUT_S
) -> dict[int, Callable[[ExportSettings, list[File], int], None]]:
    """Return what delivers to each destination; `volumes` are asked for at each delivery."""
    return {
        FTP: partial(send_ftp, timeout_s=timeout_s),
        MAIL: partial(send_mail, timeout_s=timeout_s),
        STORAGE: partial(send_storage, volumes),
    }


def send_ftp(
    settings: ExportSettings, files: list[File], _sent_ms: int, timeout_s: float = TIMEOUT_S
) -> None:
    """Put `files` into the FTP folder, which is made if it isn't there. Raises DeliveryError.

    A file gets its name when all of it is there, and replaces one of that name.
    """
    host, port = settings.ftp_host, settings.ftp_port
    try:
        with ftplib.FTP(timeout=timeout_s, encoding="utf-8") as ftp:  # noqa: S321  # EXP-01
            ftp.connect(host, port)
            ftp.login(settings.ftp_user, settings.ftp_password)
            _enter(ftp, settings.ftp_folder)
            for file in files:
                _upload(ftp, file)
    except _FTP_ERRORS as error:
        reason = _reason(error, settings.ftp_password)
        raise DeliveryError(f"FTP server {host} port {port}: {reason}") from error


def send_mail(
    settings: ExportSettings, files: list[File], sent_ms: int, timeout_s: float = TIMEOUT_S
) -> None:
    """Mail `files` as attachments, dated by the camera's clock. Raises DeliveryError."""
    host, port = settings.mail_host, settings.mail_port
    try:
        with smtplib.SMTP(host, port, local_hostname="camera", timeout=timeout_s) as server:
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password)
            server.send_message(_message(settings, files, sent_ms))
    except (smtplib.SMTPException, OSError, ValueError) as error:
        reason = _reason(error, settings.mail_password)
        raise DeliveryError(f"mail server {host} port {port}: {reason}") from error


def send_storage(
    volumes: Callable[[], Iterable[Volume]],
    _settings: ExportSettings,
    files: list[File],
    _sent_ms: int,
) -> None:
    """Write `files` to the first volume that takes them all. Raises DeliveryError."""
    reason = "there is no SD card or share that can be written"
    for volume in volumes():
        if not volume.is_writable:
            continue
        try:
            for file in files:
                volume.write_file(f"{FOLDER}/{file.name}", file.content)
        except (ValueError, OSError) as error:
            reason = f"{volume.name}: {_reason(error, '')}"
        else:
            return
    raise DeliveryError(reason)


def _enter(ftp: ftplib.FTP, folder: str) -> None:
    if folder.startswith("/"):
        ftp.cwd("/")
    for part in folder.split("/"):
        if not part:
            continue
        try:
            ftp.cwd(part)
        except ftplib.error_perm:
            ftp.mkd(part)
            ftp.cwd(part)


def _upload(ftp: ftplib.FTP, file: File) -> None:
    partial_name = file.name + PARTIAL
    try:
        ftp.storbinary(f"STOR {partial_name}", BytesIO(file.content))
        try:
            ftp.rename(partial_name, file.name)
        except ftplib.error_perm:  # some servers replace nothing
            ftp.delete(file.name)
            ftp.rename(partial_name, file.name)
    except ftplib.Error:  # the server is still there: leave nothing half done on it
        with suppress(*_FTP_ERRORS):
            ftp.delete(partial_name)
        raise


def _message(settings: ExportSettings, files: list[File], sent_ms: int) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = SUBJECT
    message["From"], message["To"] = settings.mail_from, settings.mail_to
    message["Date"] = formatdate(sent_ms / SECOND_MS)
    # By its files, so that a mail sent twice can be told for one.
    message["Message-ID"] = f"<{files[0].name}@{settings.mail_from.rpartition('@')[2]}>"
    message.set_content("".join(f"{file.name}\n" for file in files))
    for file in files:
        maintype, subtype = _TYPES[file.name.rpartition(".")[2]]
        message.add_attachment(file.content, maintype, subtype, filename=file.name)
    return message


def _reason(error: Exception, secret: str) -> str:
    """Return in one line why a delivery failed, as far as the server said so."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
            text = f"{code} {_text(said)}"
        case smtplib.SMTPResponseException():
            text = f"{error.smtp_code} {_text(error.smtp_error)}"
        case OSError(strerror=str(reason)):
            text = reason
        case EOFError():
            text = "the server hung up"
        case _:
            text = str(error)
    text = "".join(c if c.isprintable() else " " for c in text)
    if secret:
        text = text.replace(secret, "***")
    return " ".join(text.split())[:_LONGEST_REASON] or type(error).__name__


def _text(said: bytes | str) -> str:
    return said if isinstance(said, str) else said.decode(errors="replace")
