"""The mailbox and the FTP server, as any sender meets them."""

import ftplib
import smtplib
import threading
from email.message import EmailMessage
from io import BytesIO

import pytest

from conformance import receiving
from conformance.receiving import HOST


def sent(port, subject, **files):
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "camera@x.test", "shop@x.test"
    mail.set_content("two files")
    for name, content in files.items():
        mail.add_attachment(content, "application", "octet-stream", filename=name)
    with smtplib.SMTP(HOST, port, timeout=30) as server:
        server.send_message(mail)


def test_a_mail_is_its_subject_and_its_files_to_the_byte():
    every_byte = bytes(range(256)) * 1000
    with receiving.mailbox() as box:
        sent(box.port, "Heat Map Report", map=every_byte, empty=b"")
        sent(box.port, "without any")
    assert box.mails == [
        ("Heat Map Report", {"map": every_byte, "empty": b""}),
        ("without any", {}),
    ]


def test_two_mailboxes_at_once_are_two():
    with receiving.mailbox() as one, receiving.mailbox() as other:
        sent(other.port, "to the other")
        assert (one.mails, len(other.mails)) == ([], 1)


def test_what_is_put_on_the_ftp_server_is_there_by_its_path_with_the_name_it_got_last():
    every_byte = bytes(range(256)) * 1000
    with receiving.ftp_folder() as folder, ftplib.FTP(timeout=30) as ftp:
        ftp.connect(HOST, folder.port)
        ftp.login()
        ftp.mkd("heat")
        ftp.cwd("heat")
        ftp.storbinary("STOR map.png.part", BytesIO(every_byte))
        ftp.rename("map.png.part", "map.png")
        ftp.storbinary("STOR other", BytesIO(b"1"))
        assert folder.files() == {"heat/map.png": every_byte, "heat/other": b"1"}
        ftp.delete("other")
        assert list(folder.files()) == ["heat/map.png"]


@pytest.mark.parametrize("server", [receiving.mailbox, receiving.ftp_folder])
def test_afterwards_nobody_listens_and_no_thread_is_left(server):
    before = threading.active_count()
    with server() as open_one:
        port = open_one.port
        assert threading.active_count() > before
    assert threading.active_count() == before
    with pytest.raises(OSError, match="refused"):
        smtplib.SMTP(HOST, port, timeout=30)


def test_a_sender_that_hangs_on_does_not_keep_the_mailbox_open():
    with receiving.mailbox() as box:
        left = smtplib.SMTP(HOST, box.port, timeout=30)
        left.ehlo()
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        left.noop()
    left.close()
