"""A small camera of the tests' own, right in what fuzzing asks but for its flaws."""

import json
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

RANGES = {"sensitivity": 10, "minsize": 100, "mintime": 300, "adaptability": 10, "enable": 1}
IDENTITY = {"model": "MS-C8165-PE", "firmwareVersion": "61.8.0.3-r8", "snCode": "C" * 17}
WEEK = [{"scheduleIndex": day, "schedule": "00:00:24:00;" + "00:00:00:00;" * 9} for day in range(7)]
DELIVERED = {
    "enable": 0,
    "sensitivity": 5,
    "minsize": 10,
    "mintime": 30,
    "adaptability": 5,
    "map_mask": "1" * 299,
    "scheduleList": WEEK,
}
CLAMPS, REPEATS, STUMBLES = "clamps", "repeats", "stumbles"
FORGETS, DIES = "forgets", "dies"
ORDER = ["enable", "minsize", "adaptability"]


class RefusedError(ValueError):
    pass


class Camera:
    """Its settings; `flaws`: what it does otherwise than it must."""

    def __init__(self, *flaws):
        self.flaws, self.settings, self.saved = flaws, dict(DELIVERED), []

    def save(self, body):
        if STUMBLES in self.flaws and not body.isascii():
            raise ZeroDivisionError
        try:
            pairs = json.loads(body, object_pairs_hook=lambda pairs: pairs)
        except (ValueError, RecursionError):
            raise RefusedError("no JSON") from None
        if not isinstance(pairs, list) or not all(isinstance(one, tuple) for one in pairs):
            raise RefusedError("no object")
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names) and REPEATS not in self.flaws:
            raise RefusedError("a key is repeated")
        changed = {name: self.read(name, value) for name, value in pairs}
        self.settings |= changed
        self.saved = [*self.saved[-2:], names]
        if FORGETS in self.flaws and self.has_come_in_order():
            self.settings["mintime"] = DELIVERED["mintime"]

    def has_come_in_order(self):
        is_so = [name in one for name, one in zip(ORDER, self.saved, strict=False)]
        return is_so == [True] * 3 and max(map(len, self.saved[:2])) < len(DELIVERED)

    def read(self, name, value):
        if name == "map_mask":
            if not isinstance(value, str) or len(value) != 299 or set(value) - set("01"):
                raise RefusedError(f"{name} is no region")
            return value
        if name == "scheduleList":
            return self.week(value)
        if name not in RANGES or type(value) is not int:
            raise RefusedError(f"{name} is no number")
        if CLAMPS in self.flaws and value > RANGES[name]:
            return RANGES[name]
        if not int(name != "enable") <= value <= RANGES[name]:
            raise RefusedError(f"{name}={value} is outside 1..{RANGES[name]}")
        return value

    def week(self, value):
        """Just what the tests send: proper days of pairs, as dicts of tuples."""
        days = {dict(row)["scheduleIndex"]: dict(row)["schedule"] for row in value}
        was = {row["scheduleIndex"]: row["schedule"] for row in self.settings["scheduleList"]}
        return [{"scheduleIndex": n, "schedule": days.get(n, was[n])} for n in range(7)]

    def answer(self, query, body):
        """Return status, type and text."""
        query = dict(parse_qsl(query, keep_blank_values=True))
        if query.get("dw") == "heatmapcsv":
            return 200, "text/csv", "StartTime,EndTime,Value(s)\r\n"
        if query.get("dw") == "spaceheatmap":
            return 200, "text/plain", '{"max":0,"min":0,"map_w":192,"map_h":192,"data":[]}'
        action = query.get("action")
        now = datetime(2026, 3, 4)
        names = ("year", "month", "day", "hour", "minute", "second")
        told = {
            "get.system.information": IDENTITY,
            "get.system.datetime": {name: getattr(now, name) for name in names},
            "get.heatmap.configuration": self.settings,
        }.get(action, {"setState": "failed"})
        if action == "set.heatmap.configuration":
            try:
                self.save(body)
                told = {"setState": "succeed"}
            except RefusedError as error:
                told = {"setState": "failed", "message": str(error)}
            except ZeroDivisionError:
                return 500, "text/plain", "sorry"
        return 200, "application/json", json.dumps(told)


class Server:
    """Serves a Camera on loopback; `requests`: what was asked, in order."""

    def __init__(self, *flaws):
        self.camera, self.requests = Camera(*flaws), []
        self.is_dead, outer = False, self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1  # head and body go out as one

            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.requests.append((self.path, body))
                outer.is_dead |= DIES in outer.camera.flaws and not body.isascii()
                if outer.is_dead:
                    self.close_connection = True
                    return
                status, kind, text = outer.camera.answer(urlsplit(self.path).query, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
