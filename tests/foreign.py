"""Devices that spell the heat map's settings as nobody else does, and a browser that records.

Five small cameras on loopback, each with a log-in, a page's requests and a wire of its own, written
without the harness's code. `visit` does what a tester does on the page; `Browser.har` is what the
browser would export.
"""

import base64
import contextlib
import hashlib
import json
import re
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit
from xml.etree import ElementTree

import httpx

USER, PASSWORD = "admin", "stunt-double-1"
MODEL, FIRMWARE, SERIAL = "MS-C8165-PE", "61.8.0.9-r2", "6111B2233445566AB"
ROWS, COLUMNS = 13, 23
RANGES = {"sensitivity": 10, "min_object_size": 100, "min_dwell": 300, "adaptability": 10}

# What the tester saves: rows 1 to 6 of columns 1 to 11, and Tuesday 08:30 to 17:30.
DRAWN = ("1" * 11 + "0" * 12) * 6 + "0" * 23 * 7
TUESDAY = [[], [(510, 1050)], [], [], [], [], []]
SAVED = {
    "enable": 1,
    "sensitivity": 7,
    "min_object_size": 23,
    "min_dwell": 117,
    "adaptability": 3,
    "region": DRAWN,
    "week": TUESDAY,
}
FOUND = {
    "enable": 1,
    "sensitivity": 5,
    "min_object_size": 10,
    "min_dwell": 30,
    "adaptability": 4,
    "region": "1" * 299,
    "week": [[(0, 1440)]] * 7,
}


class RefusedError(Exception):
    pass


class Device:
    """One camera: `state` are its settings in words of the tests, `history` every one it had."""

    def __init__(self):
        self.state = dict(FOUND)
        self.beside = {"trail": "4", "title": "Door & <yard>"}
        self.history, self.log_ins = [], 0
        device = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answered(self):
                size = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(size).decode()
                parts = urlsplit(self.path)
                headers = {name.lower(): text for name, text in self.headers.items()}
                status, more, text = device.answer(
                    self.command, parts.path, parts.query, headers, body
                )
                raw = text if isinstance(text, bytes) else text.encode()
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = do_PUT = answered

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def keep(self, new, beside):
        """Take settings, all or none of them."""
        for name, highest in RANGES.items():
            if not 1 <= new[name] <= highest:
                raise RefusedError(name)
        if len(new["region"]) != ROWS * COLUMNS or new["enable"] not in {0, 1}:
            raise RefusedError("region")
        for day in new["week"]:
            times = [minute for period in day for minute in period]
            if times != sorted(times) or any(b >= e for b, e in day) or max([0, *times]) > 1440:
                raise RefusedError("week")
        self.state, self.beside = new, beside
        self.history.append(new)

    def answer(self, method, path, query, headers, body):
        raise NotImplementedError

    def visit(self, browser):
        """Log in, look, save with it off and with it on, and load the page again."""
        self.log_in(browser)
        self.look(browser)
        for enable in (0, 1):
            self.save(browser, {**SAVED, "enable": enable})
        self.look(browser)


class Browser:
    """Sends a page's requests and keeps them as browsers export them."""

    def __init__(self):
        self.client = httpx.Client(trust_env=False)
        self.entries, self.at = [], datetime(2026, 3, 4, tzinfo=UTC)

    def send(self, method, url, body="", **headers):
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        answer = self.client.request(method, url, content=body.encode(), headers=sent)
        request = answer.request
        entry = {
            "startedDateTime": self.at.isoformat(),
            "time": 1,
            "request": {
                "method": method,
                "url": url,
                "headers": [{"name": n, "value": v} for n, v in request.headers.multi_items()],
                "cookies": [],
            },
            "response": {
                "status": answer.status_code,
                "headers": [{"name": n, "value": v} for n, v in answer.headers.multi_items()],
                "cookies": [],
                "content": {"size": len(answer.content), "text": answer.text},
            },
        }
        if body:
            entry["request"]["postData"] = {"mimeType": sent.get("Content-Type", ""), "text": body}
        self.entries.append(entry)
        self.at += timedelta(seconds=1)
        return answer

    def har(self):
        return json.dumps({"log": {"version": "1.2", "entries": self.entries}})


@contextlib.contextmanager
def recorded(kind):
    """Give a device of a kind, and the recording of a visit to it."""
    with kind() as device:
        browser = Browser()
        device.visit(browser)
        browser.client.close()
        # What the tester found is there again, so that the proof has something to change.
        device.state, device.history = dict(FOUND), []
        yield device, browser.har()


def clock(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


def minutes(text):
    return int(text[:2]) * 60 + int(text[-2:])


class FormDevice(Device):
    """Form in, lines out; a page's log-in with the password's MD5, and a cookie."""

    FORM = "application/x-www-form-urlencoded"

    def answer(self, method, path, query, headers, body):  # noqa: PLR0911
        if path == "/login.cgi":
            sent = dict(parse_qsl(body))
            if sent != {"who": USER, "secret": hashlib.md5(PASSWORD.encode()).hexdigest()}:
                return 403, {}, "ERROR"
            self.log_ins += 1
            self.session = f"a1b2c3d4e5-{self.log_ins}"
            return 200, {"Set-Cookie": f"sid={self.session}; HttpOnly"}, "OK"
        if f"sid={getattr(self, 'session', None)}" not in headers.get("cookie", ""):
            return 403, {}, "ERROR"
        if path == "/cgi/about.cgi":
            return 200, {}, f"model={MODEL}\nfirmware={FIRMWARE}\nsn={SERIAL}\n"
        if path == "/cgi/heat.cgi" and method == "GET":
            return 200, {}, self.shown()
        if path == "/cgi/heat.cgi":
            return 200, {}, self.saved(parse_qs(body, keep_blank_values=True))
        return 404, {}, "ERROR"

    def shown(self):
        state = self.state
        lines = [f"hm_on={state['enable']}", f"hm_sens={state['sensitivity']}"]
        lines += [f"hm_size={state['min_object_size']}", f"hm_stay={state['min_dwell']}"]
        lines += [f"hm_learn={state['adaptability']}", f"hm_mask={state['region']}"]
        lines += [f"hm_wk{day}={self.day(day)}" for day in range(7)]
        return "\n".join([*lines, f"hm_trail={self.beside['trail']}"]) + "\n"

    def day(self, index):
        return "".join(f"{clock(b)}-{clock(e)};" for b, e in self.state["week"][index])

    def saved(self, sent):
        one = {name: texts[0] for name, texts in sent.items()}
        week = [
            [(minutes(b), minutes(e)) for b, e in re.findall("(.{5})-(.{5});", one[f"hm_wk{day}"])]
            for day in range(7)
        ]
        new = {
            "enable": int(one["hm_on"]),
            "sensitivity": int(one["hm_sens"]),
            "min_object_size": int(one["hm_size"]),
            "min_dwell": int(one["hm_stay"]),
            "adaptability": int(one["hm_learn"]),
            "region": one["hm_mask"],
            "week": week,
        }
        try:
            self.keep(new, {**self.beside, "trail": one["hm_trail"]})
        except RefusedError as error:
            return f"ERROR {error}"
        return "OK"

    def log_in(self, browser):
        secret = hashlib.md5(PASSWORD.encode()).hexdigest()
        body = f"who={USER}&secret={secret}"
        browser.send("POST", f"{self.url}/login.cgi", body, Content_Type=self.FORM)

    def look(self, browser):
        browser.send("GET", f"{self.url}/cgi/about.cgi")
        browser.send("GET", f"{self.url}/cgi/heat.cgi?cmd=show")

    def extra(self):
        return ""

    def save(self, browser, values):
        week = "&".join(
            f"hm_wk{day}=" + "".join(f"{clock(b)}-{clock(e)};" for b, e in values["week"][day])
            for day in range(7)
        )
        body = (
            f"cmd=save{self.extra()}&hm_on={values['enable']}&hm_sens={values['sensitivity']}"
            f"&hm_size={values['min_object_size']}&hm_stay={values['min_dwell']}"
            f"&hm_learn={values['adaptability']}&hm_mask={values['region']}&{week}"
            f"&hm_trail={self.beside['trail']}"
        )
        browser.send("POST", f"{self.url}/cgi/heat.cgi", body, Content_Type=self.FORM)


class ChannelDevice(FormDevice):
    """The same with a channel number, which is 7: it can't be told from the sensitivity."""

    def extra(self):
        return "&chn=7"

    def shown(self):
        return "chn=7\n" + super().shown()

    def saved(self, sent):
        if sent["chn"] != ["7"]:
            raise AssertionError("another channel was written to")
        return super().saved(sent)


class XmlDevice(Device):
    """XML both ways, PUT, HTTP's own Basic; the week begins with Sunday, days are elements."""

    def answer(self, method, path, query, headers, body):
        account = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if headers.get("authorization") != f"Basic {account}":
            return 401, {"WWW-Authenticate": 'Basic realm="cam"'}, ""
        if path == "/api/device":
            about = f"<model>{MODEL}</model><firmwareVersion>{FIRMWARE}</firmwareVersion>"
            return 200, {}, f"<Device>{about}<serialNumber>{SERIAL}</serialNumber></Device>"
        if path == "/api/heat" and method == "GET":
            return 200, {}, self.spelled(self.state)
        if path == "/api/heat" and method == "PUT":
            try:
                self.keep(*self.understood(body))
            except RefusedError as error:
                return 200, {}, f'<Answer><Code>6</Code><Text why="{error}">no</Text></Answer>'
            return 200, {}, '<Answer><Code>1</Code><Text why="">OK</Text></Answer>'
        return 404, {}, ""

    def spelled(self, state):
        lines = [state["region"][at : at + COLUMNS] for at in range(0, 299, COLUMNS)]
        week = [state["week"][-1], *state["week"][:-1]]
        days = "".join(
            f'<Day id="{index}">'
            + "".join(f"{clock(b)}~{clock(e)}," for b, e in [*day, *[(0, 0)] * 4][:4])
            + "</Day>"
            for index, day in enumerate(week, 1)
        )
        title = self.beside["title"].replace("&", "&amp;").replace("<", "&lt;")
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<h:Heat xmlns:h="urn:h" version="2">\n'
            f"  <h:On>{'true' if state['enable'] else 'false'}</h:On>\n"
            f"  <h:Title>{title}</h:Title>\n"
            f'  <h:Find level="{state["sensitivity"]}" smallest="{state["min_object_size"]}"/>\n'
            f"  <h:Stay>{state['min_dwell']}</h:Stay><h:Learn>{state['adaptability']}</h:Learn>\n"
            f"  <h:Mask>{','.join(lines)}</h:Mask>\n  <Week>{days}</Week>\n</h:Heat>\n"
        )

    def understood(self, body):
        root = ElementTree.fromstring(body)
        names = {"h": "urn:h"}
        found = root.find("h:Find", names)
        week = [
            [(minutes(b), minutes(e)) for b, e in re.findall("(.{5})~(.{5}),", day.text) if b != e]
            for day in root.find("Week")
        ]
        new = {
            "enable": int(root.findtext("h:On", None, names) == "true"),
            "sensitivity": int(found.get("level")),
            "min_object_size": int(found.get("smallest")),
            "min_dwell": int(root.findtext("h:Stay", None, names)),
            "adaptability": int(root.findtext("h:Learn", None, names)),
            "region": root.findtext("h:Mask", None, names).replace(",", ""),
            "week": [*week[1:], week[0]],
        }
        return new, {**self.beside, "title": root.findtext("h:Title", None, names)}

    def log_in(self, browser):
        browser.client.auth = (USER, PASSWORD)

    def look(self, browser):
        browser.send("GET", f"{self.url}/api/device")
        browser.send("GET", f"{self.url}/api/heat")

    def save(self, browser, values):
        browser.send("PUT", f"{self.url}/api/heat", self.spelled(values), Content_Type="text/xml")


class JsonDevice(Device):
    """JSON whose numbers are texts, inside a Base64 field; a token from the log-in in a header."""

    JSON = "application/json"

    def answer(self, method, path, query, headers, body):  # noqa: PLR0911
        sent = json.loads(body) if body else {}
        if path == "/auth":
            password = base64.b64encode(PASSWORD.encode()).decode()
            if (sent.get("account"), sent.get("password")) != (USER, password):
                return 200, {}, '{"code":9,"data":null}'
            self.log_ins += 1
            self.token = f"eyTk-{self.log_ins}f00dfeed99"
            return 200, {}, json.dumps({"code": 0, "data": {"token": self.token}})
        if headers.get("x-auth") != getattr(self, "token", None):
            return 401, {}, '{"code":8}'
        if sent.get("method") == "about":
            return 200, {}, json.dumps({"code": 0, "about": self.about()})
        if path == "/about":
            return 200, {}, json.dumps(self.about())
        if sent.get("method") == "getHeat":
            return 200, {}, json.dumps({"code": 0, "payload": self.packed(self.state)})
        if sent.get("method") == "setHeat":
            try:
                self.keep(*self.understood(base64.b64decode(sent["payload"])))
            except RefusedError:
                return 200, {}, '{"code":5}'
            return 200, {}, '{"code":0}'
        return 404, {}, ""

    def about(self):
        return {"model": MODEL, "softVersion": FIRMWARE, "snCode": SERIAL}

    def packed(self, state):
        words = {
            "on": "yes" if state["enable"] else "no",
            "sens": str(state["sensitivity"]),
            "limits": {"size": str(state["min_object_size"]), "stay": str(state["min_dwell"])},
            "adapt": str(state["adaptability"]),
            "area": state["region"].translate(str.maketrans("01", "10")),  # what is left out
            "week": {
                name: self.halves(day)
                for name, day in zip(
                    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), state["week"], strict=True
                )
            },
            "trail": self.beside["trail"],
        }
        return base64.b64encode(json.dumps(words).encode()).decode()

    def halves(self, day):
        number = sum(1 << (47 - half) for b, e in day for half in range(b // 30, e // 30))
        return f"{number:012X}"

    def understood(self, raw):
        words = json.loads(raw)
        if not all(isinstance(words[name], str) for name in ("sens", "adapt")):
            raise AssertionError("a number that is no text")
        week = []
        for text in words["week"].values():
            bits = f"{int(text, 16):048b}"
            week.append([(m.start() * 30, m.end() * 30) for m in re.finditer("1+", bits)])
        new = {
            "enable": int(words["on"] == "yes"),
            "sensitivity": int(words["sens"]),
            "min_object_size": int(words["limits"]["size"]),
            "min_dwell": int(words["limits"]["stay"]),
            "adaptability": int(words["adapt"]),
            "region": words["area"].translate(str.maketrans("01", "10")),
            "week": week,
        }
        return new, {**self.beside, "trail": words["trail"]}

    def log_in(self, browser):
        password = base64.b64encode(PASSWORD.encode()).decode()
        body = json.dumps({"account": USER, "password": password})
        answer = browser.send("POST", f"{self.url}/auth", body, Content_Type=self.JSON)
        self.shown_token = answer.json()["data"]["token"]

    def call(self, browser, method, url, body=""):
        browser.send(method, url, body, Content_Type=self.JSON, X_Auth=self.shown_token)

    def look(self, browser):
        self.call(browser, "GET", f"{self.url}/about")
        self.call(browser, "POST", f"{self.url}/rpc", '{"method": "getHeat"}')

    def save(self, browser, values):
        body = json.dumps({"method": "setHeat", "payload": self.packed(values)})
        self.call(browser, "POST", f"{self.url}/rpc", body)


class ColumnsDevice(Device):
    """A region as hex by columns; a week in one text, from Sunday; a key from a page in queries."""

    KEY = "k9f3a7c1d2"

    def answer(self, method, path, query, headers, body):  # noqa: PLR0911
        account = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if headers.get("authorization") != f"Basic {account}":
            return 401, {"WWW-Authenticate": 'Basic realm="cam"'}, ""
        if path == "/main.js":
            return 200, {}, f"var pagekey='{self.KEY}';\nvar model='{MODEL}';\n"
        asked = dict(parse_qsl(query, keep_blank_values=True))
        if asked.get("key") != self.KEY:
            return 403, {}, ""
        if asked["do"] == "about":
            return 200, {}, f"var model='{MODEL}';\nvar fwver='{FIRMWARE}';\nvar sn='{SERIAL}';\n"
        if asked["do"] == "get":
            return 200, {}, json.dumps(self.words(self.state))
        if asked["do"] == "set":
            try:
                self.keep(self.understood(asked), self.beside)
            except RefusedError:
                return 200, {}, '{"result": "bad"}'
            return 200, {}, '{"result": "succeed"}'
        return 404, {}, ""

    def words(self, state):
        columns = []
        for column in range(COLUMNS):
            cells = [int(state["region"][row * COLUMNS + column]) for row in range(ROWS)]
            columns.append(f"{sum(cell << (15 - row) for row, cell in enumerate(cells)):04x}")
        week = [state["week"][-1], *state["week"][:-1]]
        days = [
            "".join(f"{clock(b)}{clock(e)}".replace(":", "") for b, e in [*day, (0, 0), (0, 0)][:2])
            for day in week
        ]
        return {
            "e": state["enable"],
            "s": state["sensitivity"],
            "o": state["min_object_size"],
            "t": state["min_dwell"],
            "a": state["adaptability"],
            "r": "".join(columns),
            "w": "|".join(days),
        }

    def understood(self, asked):
        region = [[0] * COLUMNS for _ in range(ROWS)]
        for column in range(COLUMNS):
            number = int(asked["r"][column * 4 : column * 4 + 4], 16)
            for row in range(ROWS):
                region[row][column] = number >> (15 - row) & 1
        week = [
            [
                (minutes(day[at : at + 4]), minutes(day[at + 4 : at + 8]))
                for at in (0, 8)
                if day[at : at + 8] != "00000000"
            ]
            for day in asked["w"].split("|")
        ]
        return {
            "enable": int(asked["e"]),
            "sensitivity": int(asked["s"]),
            "min_object_size": int(asked["o"]),
            "min_dwell": int(asked["t"]),
            "adaptability": int(asked["a"]),
            "region": "".join(str(cell) for row in region for cell in row),
            "week": [*week[1:], week[0]],
        }

    def log_in(self, browser):
        browser.client.auth = (USER, PASSWORD)
        browser.send("GET", f"{self.url}/main.js")

    def look(self, browser):
        for what in ("about", "get"):
            browser.send("GET", f"{self.url}/x.fcgi?do={what}&key={self.KEY}")

    def save(self, browser, values):
        pairs = "&".join(f"{name}={word}" for name, word in self.words(values).items())
        browser.send("GET", f"{self.url}/x.fcgi?do=set&key={self.KEY}&{pairs}".replace("|", "%7C"))


LEARNABLE = {"form": FormDevice, "xml": XmlDevice, "json": JsonDevice, "columns": ColumnsDevice}
