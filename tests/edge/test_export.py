"""Deliveries to real servers on loopback: what arrives, and what is said when it can't."""

import logging
import socket
from contextlib import closing

import pytest
from delivery_servers import PASSWORD, USER, FtpServer, MailServer

from emulator.core.reports.export import DeliveryError, File
from emulator.core.reports.export_settings import FTP, MAIL, STORAGE, ExportSettings
from emulator.edge.export import senders

# What aiosmtpd thinks of a mail server that takes a log-in without TLS.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SENT_MS = 1_772_611_200_000  # 2026-03-04T08:00:00Z
PNG = File("SN1_space_daily_20260303080000.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
CSV = File("SN1_time_daily_20260303080000.csv", b"StartTime,EndTime,Value(s)\r\n")


@pytest.fixture(autouse=True)
def quiet_servers():
    logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)


@pytest.fixture
def ftp(tmp_path):
    with closing(FtpServer(tmp_path)) as server:
        yield server


@pytest.fixture
def mail():
    with closing(MailServer()) as server:
        yield server


def send(settings, *files, volumes=(), timeout_s=30.0):
    deliver = senders(lambda: volumes, timeout_s)[settings.destination]
    deliver(settings, list(files), SENT_MS)


def to_ftp(port, **more):
    fields = {"ftp_user": USER, "ftp_password": PASSWORD} | more
    return ExportSettings(
        export_time=1, destination=FTP, ftp_host="127.0.0.1", ftp_port=port, **fields
    )


def to_mail(port, **more):
    return ExportSettings(
        export_time=1,
        destination=MAIL,
        mail_host="127.0.0.1",
        mail_port=port,
        mail_from="cam@shop.example",
        mail_to="boss@shop.example",
        **more,
    )


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Card:
    """A volume that keeps files in a dictionary."""

    def __init__(self, name="sd", is_writable=True, full=False):
        self.name, self.is_writable, self._full = name, is_writable, full
        self.files = {}

    def write_file(self, path, content):
        if self._full:
            raise OSError(28, "No space left on device")
        self.files[path] = content


# --- FTP --------------------------------------------------------------------------------------


def test_files_arrive_on_an_ftp_server_byte_for_byte(ftp):
    send(to_ftp(ftp.port), PNG, CSV)
    assert ftp.files() == {PNG.name: PNG.content, CSV.name: CSV.content}


def test_a_file_gets_its_name_when_all_of_it_is_there(ftp):
    send(to_ftp(ftp.port), CSV)
    verbs = [verb for verb in ftp.verbs if verb in {"STOR", "RNFR", "RNTO", "DELE"}]
    assert verbs == ["STOR", "RNFR", "RNTO"]


@pytest.mark.parametrize("folder", ["heat/maps", "/heat/maps", "heat//maps/"])
def test_the_folder_is_made_where_it_is_missing(ftp, folder):
    for _ in range(2):
        send(to_ftp(ftp.port, ftp_folder=folder), CSV)
    assert ftp.files() == {f"heat/maps/{CSV.name}": CSV.content}


def test_a_file_sent_again_replaces_the_one_that_is_there(ftp):
    send(to_ftp(ftp.port), File(CSV.name, b"half"))
    send(to_ftp(ftp.port), CSV)
    assert ftp.files() == {CSV.name: CSV.content}


def test_it_replaces_a_file_even_where_the_server_itself_would_not(tmp_path):
    with closing(FtpServer(tmp_path, replaces=False)) as ftp:
        send(to_ftp(ftp.port), File(CSV.name, b"half"))
        send(to_ftp(ftp.port), CSV)
        assert ftp.files() == {CSV.name: CSV.content}


@pytest.mark.parametrize(("folder", "path"), [("heat", "in/heat"), ("/heat", "heat"), ("", "in")])
def test_a_folder_counts_from_where_the_log_in_ends_or_from_the_root(tmp_path, folder, path):
    (tmp_path / "in").mkdir()
    with closing(FtpServer(tmp_path, home="/in")) as ftp:
        send(to_ftp(ftp.port, ftp_folder=folder), CSV)
        assert ftp.files() == {f"{path}/{CSV.name}": CSV.content}


def test_a_wrong_password_is_said_and_not_shown(ftp):
    told = f"FTP server 127.0.0.1 port {ftp.port}: 530 Authentication failed"
    with pytest.raises(DeliveryError, match=told) as caught:
        send(to_ftp(ftp.port, ftp_password="Wrong-one-1"), CSV)
    assert "Wrong" not in str(caught.value)
    assert ftp.files() == {}


def test_a_full_disk_is_said_and_nothing_half_done_is_left(tmp_path):
    with closing(FtpServer(tmp_path, room=1000)) as ftp:
        with pytest.raises(DeliveryError, match="552 No space left on device"):
            send(to_ftp(ftp.port), CSV, PNG)
        assert ftp.files() == {CSV.name: CSV.content}  # which had room


def test_a_server_that_is_not_there_is_said():
    with pytest.raises(DeliveryError, match=r"port [0-9]+: Connection refused$"):
        send(to_ftp(free_port()), CSV)


def test_a_server_that_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(DeliveryError, match="timed out"):
            send(to_ftp(port), CSV, timeout_s=0.05)
        with pytest.raises(DeliveryError, match="timed out"):
            send(to_mail(port), CSV, timeout_s=0.05)


def test_a_folder_that_is_not_allowed_is_said(ftp):
    (ftp.folder / "heat").write_text("a file")
    with pytest.raises(DeliveryError, match="550"):
        send(to_ftp(ftp.port, ftp_folder="heat"), CSV)


# --- mail -------------------------------------------------------------------------------------


def test_a_mail_carries_both_files(mail):
    send(to_mail(mail.port), PNG, CSV)
    (message,) = mail.mails
    assert message["Subject"] == "Heat Map Report"
    assert message["From"] == "cam@shop.example"
    assert message["To"] == "boss@shop.example"
    assert message["Date"].datetime.timestamp() * 1000 == SENT_MS
    assert message["Message-ID"] == f"<{PNG.name}@shop.example>"
    attached = [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in message.iter_attachments()
    ]
    assert attached == [(*PNG[:1], "image/png", PNG[1]), (*CSV[:1], "text/csv", CSV[1])]


def test_a_mail_server_may_ask_for_a_log_in():
    with closing(MailServer(needs_login=True)) as mail:
        send(to_mail(mail.port, mail_user=USER, mail_password=PASSWORD), CSV)
        assert len(mail.mails) == 1
        with pytest.raises(DeliveryError, match=r"port [0-9]+: 535 5\.7\.8"):
            send(to_mail(mail.port, mail_user=USER, mail_password="Wrong-one-1"), CSV)
        with pytest.raises(DeliveryError, match=r"port [0-9]+: 530 5\.7\.0"):
            send(to_mail(mail.port), CSV)
        assert len(mail.mails) == 1


def test_a_receiver_that_is_refused_is_said():
    with (
        closing(MailServer(refuse="550 no such user here")) as mail,
        pytest.raises(DeliveryError, match=r"mail server 127.0.0.1 .*: 550 no such user here$"),
    ):
        send(to_mail(mail.port), CSV)


def test_a_log_in_that_the_server_does_not_know_is_said(mail):
    with pytest.raises(DeliveryError, match="not supported"):
        send(to_mail(mail.port, mail_user=USER, mail_password=PASSWORD), CSV)


def test_a_mail_server_that_is_not_there_is_said():
    with pytest.raises(DeliveryError, match=r"mail server .*: Connection refused$"):
        send(to_mail(free_port()), CSV)


def test_an_answer_that_repeats_the_password_is_masked():
    with (
        closing(MailServer(refuse=f"550 bad {PASSWORD}")) as mail,
        pytest.raises(DeliveryError, match=r"550 bad \*\*\*$"),
    ):
        send(to_mail(mail.port, mail_password=PASSWORD), CSV)


# --- storage ----------------------------------------------------------------------------------


def to_storage():
    return ExportSettings(export_time=1, destination=STORAGE)


def test_the_first_volume_that_can_be_written_gets_all_files():
    absent, sd, nas = Card("sd", is_writable=False), Card("nas1"), Card("nas2")
    send(to_storage(), PNG, CSV, volumes=[absent, sd, nas])
    assert sd.files == {f"export/{PNG.name}": PNG.content, f"export/{CSV.name}": CSV.content}
    assert absent.files == nas.files == {}


def test_a_full_card_is_passed_over():
    full, nas = Card(full=True), Card("nas1")
    send(to_storage(), CSV, volumes=[full, nas])
    assert nas.files == {f"export/{CSV.name}": CSV.content}
    with pytest.raises(DeliveryError, match="sd: No space left on device"):
        send(to_storage(), CSV, volumes=[full])


def test_without_any_volume_that_is_said():
    with pytest.raises(DeliveryError, match="no SD card or share"):
        send(to_storage(), CSV)
