"""One camera's ONVIF services: what is asked goes through onvif-zeep, what comes is looked at raw.

onvif-zeep writes the request and must be able to read the answer, as a recorder's client would;
faults and validity are taken from the bytes. Addresses that the device tells are called at its
own host, port and scheme, as a client behind a router must; what differs is noted.
"""

import contextlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import httpx

from conformance.client import Client, Login, LoginRefusedError
from conformance.exchange import Answer, NoAnswerError
from conformance.expect import NotCheckedError
from conformance.known import Known, Way
from conformance.onvif import messages, schemas, tokens, wsdls
from conformance.onvif.messages import FaultError
from conformance.run import Run

NOTHING: Mapping[str, Any] = MappingProxyType({})
TYPE = "application/soap+xml; charset=utf-8"
UNAUTHORIZED = 401
INFORMATION = ("device", "GetDeviceInformation")
"""What every account may ask: if that is refused, it is the log-in that is."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: as onvif-zeep reads it, its element as it came, and the answer itself."""

    value: Any
    element: Any
    answer: Answer

    @property
    def problem(self) -> str:
        """What is not valid in it against the schemas, or an empty text."""
        return schemas.problem(messages.envelope(self.answer))


class Device:
    """The services of one camera, for one check.

    words  the dialect's [onvif]; notes: what a reader has to know
    """

    def __init__(
        self, client: Client, words: Mapping[str, Any], known: Known, notes: list[str]
    ) -> None:
        self.client, self.words, self.known, self.notes = client, words, known, notes
        self._ahead: timedelta | None = None
        self._error: Exception | None = None
        self._answer: Answer | None = None

    # --- who and where -------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Where the device service is."""
        return str(self.words["device"])

    def is_there(self) -> bool:
        """Return whether a device service answers in SOAP, be it with a fault or wrongly."""
        if self.known.is_there is None:
            self.known.is_there = self._answers_in_soap()
        return self.known.is_there

    def _answers_in_soap(self) -> bool:
        with contextlib.suppress(NoAnswerError):
            self.call("device", "GetSystemDateAndTime", way=Way.NOBODY)
        try:
            return self._answer is not None and messages.envelope(self._answer) is not None
        except NoAnswerError:
            return False

    def utc(self) -> datetime:
        """Return the device's time in UTC, as it tells anybody who asks; if it does not, ours."""
        try:
            return self.told_utc() or datetime.now(UTC)
        except NoAnswerError:
            return datetime.now(UTC)

    def told_utc(self) -> datetime | None:
        """Return the time in UTC that is told to anybody; None: none that could be one."""
        told = self.call("device", "GetSystemDateAndTime", way=Way.NOBODY)  # 5.9.4.3: PRE_AUTH
        try:
            date, time = told.value.UTCDateTime.Date, told.value.UTCDateTime.Time
            return datetime(
                *(date.Year, date.Month, date.Day, time.Hour, time.Minute, time.Second),
                tzinfo=UTC,
            )
        except (ValueError, TypeError, AttributeError, OverflowError):
            return None

    def token(self, login: Login) -> tokens.Token:
        """Return a fresh token for an account, by the device's own clock."""
        if self._ahead is None:
            self._ahead = self.utc() - datetime.now(UTC)
        return tokens.Token(login, secrets.token_bytes(16), datetime.now(UTC) + self._ahead)

    def services(self) -> dict[str, str]:
        """Return XAddr by namespace, as GetServices tells (GetCapabilities where there is none)."""
        if self.known.services is None:
            try:
                told = self.call("device", "GetServices", {"IncludeCapability": False})
                rows = {one.Namespace: str(one.XAddr) for one in told.value or ()}
            except FaultError as fault:
                if not fault.is_unsupported:
                    raise
                rows = self._capabilities()
            self.known.services = rows
        return self.known.services

    def _capabilities(self) -> dict[str, str]:
        told = self.call("device", "GetCapabilities", {"Category": "All"}).value
        names = {"Device": wsdls.DEVICE, "Media": wsdls.MEDIA, "Imaging": wsdls.IMAGING}
        names |= {"Events": wsdls.EVENTS, "Analytics": wsdls.ANALYTICS}
        found = ((space, getattr(told, name, None)) for name, space in names.items())
        return {space: str(one.XAddr) for space, one in found if one is not None}

    def has(self, service: str) -> bool:
        """Return whether the device tells of a service."""
        return wsdls.SERVICES[service].namespace in self.services()

    # --- asking --------------------------------------------------------------------------------

    def call(
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, Any] = NOTHING,
        *,
        at: str = "",
        way: Way | None = None,
        login: Login | None = None,
        token: tokens.Token | None = None,
    ) -> Told:
        """Ask an operation of a service (wsdls.SERVICES) and return what is told.

        parameters  by ONVIF's names, as zeep takes them
        at     the address of a subscription; else the service's own
        way    None: the one by which the run's account is let in
        login  somebody else than the run's account; token: this very one, not a fresh one

        Raises FaultError, NoAnswerError, LoginRefusedError, SpentError; NotCheckedError where
        onvif-zeep does not send what it is given.
        """
        if way is None:
            way = self.way() if login is None and token is None else Way.TOKEN
        path = self._path(service, at)
        what = f"{operation} ({service})"
        who = (token.login if token else login) or self.client.login
        is_ours = way is not Way.NOBODY and who is not None and who == self.client.login
        if is_ours:
            self._prove(way, (service, operation))
        if way is Way.TOKEN and token is None and who is not None:
            token = self.token(who)
        post = partial(self.post, path, way=way, login=login)
        value = self._through_onvif_zeep(service, path, operation, parameters, token, post)
        answer, error = self._answer, self._error
        if error is not None:
            raise error
        if answer is None:
            raise NotCheckedError(f"{what}: onvif-zeep does not send it ({str(value)[:300]})")
        if is_ours:
            self._note(way, answer)
        element = messages.content(answer, what)
        if isinstance(value, Exception):
            raise NoAnswerError(f"{what}: onvif-zeep can't read the answer ({str(value)[:300]})")
        return Told(value, element, answer)

    def way(self) -> Way:
        """Return how the run's account is let in, after trying."""
        if self.client.login is None:
            return Way.NOBODY
        if self.known.way is None:
            self.known.way = Way.TOKEN
            for way in (Way.TOKEN, Way.DIGEST):
                if not self._is_refused(way):
                    self.known.way = way
                    break
        return self.known.way

    def _is_refused(self, way: Way) -> bool:
        try:
            self.call(*INFORMATION, way=way)
        except FaultError as fault:
            return fault.is_refusal
        return False

    def _prove(self, way: Way, asked: tuple[str, str]) -> None:
        """After a refusal ask what every account may, before anything else is sent in its name.

        A fault does not tell whether the log-in is refused, or what was asked. Raises
        LoginRefusedError where it is the log-in.
        """
        if not self.client.may_log_in(way) and asked != INFORMATION:
            with contextlib.suppress(FaultError):
                self.call(*INFORMATION, way=way)

    def _note(self, way: Way, answer: Answer) -> None:
        """Count what an answer to the real log-in says of it; 401 to HTTP's is counted there."""
        try:
            messages.content(answer)
        except FaultError as fault:
            if not (way is Way.DIGEST and answer.status == UNAUTHORIZED):
                self.client.note_login(way, fault.is_refusal)
        except NoAnswerError:  # says nothing of the log-in
            return
        else:
            self.client.note_login(way, False)

    def post(
        self, path: str, body: bytes, way: Way = Way.NOBODY, login: Login | None = None
    ) -> Answer:
        """Send any bytes to an address of the device, and return what comes."""
        auth = None
        if way is Way.DIGEST and login is not None:
            auth = httpx.DigestAuth(login.user, login.password)
        is_session = way is Way.DIGEST and login is None
        return self.client.send(
            "POST",
            path,
            body=body,
            headers={"Content-Type": TYPE},
            auth=auth,
            anonymous=not is_session and auth is None,
        )

    def _path(self, service: str, at: str) -> str:
        if not at and service == "device":
            return self.path
        told = at or self.services().get(wsdls.SERVICES[service].namespace, "")
        if not told:
            raise NoAnswerError(f"the device tells of no service {service}")
        parts = messages.address(told)
        self.note_elsewhere(told)
        return messages.target(parts)

    def note_elsewhere(self, told: str) -> bool:
        """Tell whether an address has another host, port or scheme than the target, and note it."""
        own = self.client.address.url
        parts = messages.address(told)
        is_elsewhere = f"{parts.scheme}://{parts.netloc}" not in _spelled(own)
        note = (
            f"ONVIF tells addresses at {parts.scheme}://{parts.netloc}; they were called at {own}"
        )
        if is_elsewhere and note not in self.notes:
            self.notes.append(note)
        return is_elsewhere

    def say(self, path: str, inside: str) -> Answer:
        """Send an envelope with any XML in its body, as the run's account."""
        from lxml import etree  # noqa: PLC0415

        way = self.way()
        if way is not Way.NOBODY:
            self._prove(way, ("", "say"))
        envelope = etree.fromstring(f'<s:Envelope xmlns:s="{messages.SOAP}"><s:Body/></s:Envelope>')
        envelope[0].append(etree.fromstring(inside))
        if way is Way.TOKEN and self.client.login is not None:
            self.token(self.client.login).apply(envelope, {})
        answer = self.post(path, etree.tostring(envelope), way)
        if way is not Way.NOBODY:
            self._note(way, answer)
        return answer

    def _through_onvif_zeep(
        self,
        service: str,
        path: str,
        operation: str,
        parameters: Mapping[str, Any],
        token: tokens.Token | None,
        post: Callable[[bytes], Answer],
    ) -> Any:
        """Return what onvif-zeep makes of the answer, or its error; what came is in _answer."""
        with wsdls.quiet():
            import onvif  # type: ignore[import-untyped]  # noqa: PLC0415
        import zeep  # noqa: PLC0415

        self._answer = self._error = None
        client = zeep.Client(
            wsdls.document(service),
            wsse=token,
            transport=self._transport(post),
            settings=zeep.Settings(strict=False, forbid_dtd=True),
        )
        row = wsdls.SERVICES[service]
        try:
            asked = onvif.ONVIFService(
                self.client.address.url + path,
                *("", "", str(wsdls.path(service))),
                zeep_client=client,
                binding_name=f"{{{row.namespace}}}{row.binding}",
            )
            return getattr(asked, operation)(dict(parameters))
        except onvif.ONVIFError as error:
            return error

    def _transport(self, post: Callable[[bytes], Answer]) -> Any:
        import requests  # noqa: PLC0415
        from zeep.transports import Transport  # noqa: PLC0415

        device = self

        class Through(Transport):
            """Sends what zeep has written through the run's session."""

            def post(self, address: str, message: bytes, headers: Any) -> Any:
                try:
                    if device._answer is not None:
                        raise NoAnswerError(f"{address}: onvif-zeep asks twice in one call")
                    answer = device._answer = post(message)
                except (ValueError, LoginRefusedError) as error:
                    device._error = error  # onvif-zeep would make a text of it
                    raise
                response = requests.Response()
                response.status_code = answer.status
                response._content = answer.body[: messages.MOST_BYTES]
                response.headers.update(answer.headers)
                return response

        return Through()  # type: ignore[no-untyped-call]


def of(run: Run) -> Device:
    """Return the services of a run's device, of another make or not."""
    words = run.target.dialect.onvif
    client = run.client.beside(words["port"]) if "port" in words else run.client
    return Device(client, words, run.known, run.notes)


def _spelled(url: str) -> Iterable[str]:
    """Return a URL with and without its standard port."""
    parts = urlsplit(url)
    port = {"http": 80, "https": 443}[parts.scheme]
    return {url, f"{url}:{port}"} if parts.port is None else {url}
