"""An emulated camera with an invented firmware: a page's log-in and a form for the settings.

Stands before a `stuntcam serve` and answers in the words of foreign.FormDevice; what it is not
asked in these words goes to the camera behind it. So there is something to judge behind a wire
that nobody has described: reports, pictures and accounts are the emulated camera's own.
"""

import hashlib
from urllib.parse import parse_qsl

import httpx
from foreign import FormDevice, clock

SETTINGS = "/cgi-bin/operator/operator.cgi?action={}.heatmap.configuration&format=json"
KEYS = {
    "enable": "enable",
    "sensitivity": "sensitivity",
    "min_object_size": "minsize",
    "min_dwell": "mintime",
    "adaptability": "adaptability",
    "region": "map_mask",
}
_THE_WIRES = {"connection", "content-length", "transfer-encoding", "host", "keep-alive", "cookie"}


class Translated(FormDevice):
    """The device; `camera` is the URL of the one behind it, and its account."""

    def __init__(self, camera, user, password):
        self.account = user, password
        self.client = httpx.Client(base_url=camera, trust_env=False, timeout=60)
        super().__init__()

    def __exit__(self, *exit_):
        super().__exit__(*exit_)
        self.client.close()

    def answer(self, method, path, query, headers, body):
        is_in = f"sid={getattr(self, 'session', None)}" in headers.get("cookie", "")
        if path == "/login.cgi":
            secret = hashlib.md5(self.account[1].encode()).hexdigest()
            if dict(parse_qsl(body)) != {"who": self.account[0], "secret": secret}:
                return 403, {}, "ERROR"
            self.log_ins += 1
            self.session = f"f00dfeed-{self.log_ins}"
            return 200, {"Set-Cookie": f"sid={self.session}; HttpOnly"}, "OK"
        if path == "/cgi/heat.cgi":
            self.state = self.read()
            return super().answer(method, path, query, headers, body)
        if ".heatmap.configuration" in query:  # of these words it knows nothing
            return 200, {"Content-Type": "application/json"}, '{"setState":"failed"}'
        sent = {name: text for name, text in headers.items() if name not in _THE_WIRES}
        found = self.client.request(
            method,
            path + (f"?{query}" if query else ""),
            content=body.encode(),
            headers=sent,
            auth=self.account if is_in else None,
        )
        kept = {
            name: value for name, value in found.headers.items() if name.lower() not in _THE_WIRES
        }
        return found.status_code, kept, found.content

    def read(self):
        told = self.client.get(SETTINGS.format("get"), auth=self.account).json()
        week = []
        for day in told["scheduleList"]:
            times = [one.split(":") for one in day["schedule"].split(";") if one]
            periods = [(int(a) * 60 + int(b), int(c) * 60 + int(d)) for a, b, c, d in times]
            week.append([period for period in periods if period != (0, 0)])
        return {name: told[key] for name, key in KEYS.items()} | {"week": week}

    def keep(self, new, beside):
        super().keep(new, beside)
        body = {key: new[name] for name, key in KEYS.items()}
        body["scheduleList"] = [
            {
                "scheduleIndex": index,
                "schedule": "".join(
                    f"{clock(b)}:{clock(e)};" for b, e in [*day, *[(0, 0)] * 10][:10]
                ),
            }
            for index, day in enumerate(new["week"])
        ]
        found = self.client.post(SETTINGS.format("set"), json=body, auth=self.account)
        assert found.json() == {"setState": "succeed"}, found.text

    def look(self, browser):
        path = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
        browser.send("GET", self.url + path)
        browser.send("GET", f"{self.url}/cgi/heat.cgi?cmd=show")
