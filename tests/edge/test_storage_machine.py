"""The store against a plain model of what must be visible, under everything that can happen.

A machine of Hypothesis steps the clock, records, pulls cards and shares at rest and in the
middle of a copy, cuts the power between any two operations on files and in the middle of a
commit, and compares every report with a model that knows no files: sets of closed hours, by
where they lie. A power cut is an image of the disk at that moment, opened anew.

With STUNTCAM_DEEP=1 it runs 10,000 steps, and tells how often each pair of events came
(docs/storage.md).
"""

import os
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from minutes import ALL, DAY, HOUR, MINUTE, at, cell_of, heat_of, tile

from emulator.core.cgi import ReportQuery
from emulator.core.localtime import Stretch
from emulator.edge.storage import Storage, Volume
from emulator.edge.storage.places import PARTIAL, Folder, Through
from emulator.reports import Reports

BERLIN = ZoneInfo("Europe/Berlin")
BEGINS = at("2026-03-27T21:40")  # summer time begins in the second night
WEEK = 7 * DAY
NAMES = ("sd", "nas1")
FAULTS = ("gone", "read-only", "full", "failing")
SERIAL = "S" * 17

PAIRS = Counter()
"""How often what happened while something else was going on; over all runs."""


ROUNDS = 10

RULES = Counter()
"""How often anything happened."""


class PowerCut(BaseException):
    """Ends whatever is being done to files, then and there."""


@dataclass(frozen=True)
class Closed:
    """A closed hour, as the model knows it: who made it, and its minutes."""

    era: str
    sequence: int
    start_ms: int
    minutes: tuple

    @property
    def is_filled(self):
        return self.era.startswith("f")


@dataclass
class Medium:
    """A card or a share, as the model knows it."""

    lies: set = field(default_factory=set)
    is_inserted: bool = True
    is_mounted: bool = True
    fault: str | None = None

    @property
    def is_readable(self):
        hides = self.fault in {"gone", "failing"}
        return self.is_inserted and self.is_mounted and not hides

    @property
    def is_writable(self):
        return self.is_readable and self.fault is None

    @property
    def seen(self):
        return self.lies if self.is_readable else set()


class Interrupted:
    """A place's operations, before one of which something may happen."""

    def __init__(self):
        self.left, self.what = 0, None

    def plan(self, after, what):
        self.left, self.what = after, what

    def __call__(self, name, operation):
        if self.what is not None:
            self.left -= 1
            if self.left < 0:
                what, self.what = self.what, None
                what(name, operation)
        return operation()


class StoreMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        base = "/dev/shm" if Path("/dev/shm").is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="stuntcam-machine-", dir=base))
        for name in NAMES:
            (self.folder / name).mkdir()
        self.lives = self.fills = 0
        self.now_ms, self.real_s = BEGINS, 0.0
        self.stay_since_ms = None
        self.open = {}  # minute -> ms, of hours that are not closed
        self.flash, self.hidden = set(), set()
        self.media = {name: Medium() for name in NAMES}
        self.era, self.sequence = "0000000a", 0
        self.path = self.folder / "a0.sqlite"
        self.start()

    def teardown(self):
        self.store.close()
        shutil.rmtree(self.folder)

    # --- the real thing --------------------------------------------------------------------

    def start(self):
        self.interrupted = {name: Interrupted() for name in NAMES}
        volumes = []
        for name in NAMES:
            place = Through(Folder(self.folder / name), self.interrupted[name])
            volume = Volume(name, "sd" if name == "sd" else "nas", name, place)
            if not self.media[name].is_inserted:
                volume.pull()
            volumes.append(volume)
        self.store = Storage(self.path, era=self.era, is_ring=True)
        self.store.attach(SERIAL, volumes)
        for name in NAMES:  # what a test did to a volume ends with the process
            self.media[name].is_mounted, self.media[name].fault = True, None
        self.reports = Reports(self.store, BERLIN, lambda: self.now_ms, lambda: closing(_Nothing()))

    def image(self):
        """Have the disk as it is now be what the next start finds."""
        self.lives += 1
        new = self.folder / f"a{self.lives}.sqlite"
        for ending in ("", "-wal"):
            old = self.path.with_name(self.path.name + ending)
            if old.exists():
                shutil.copyfile(old, new.with_name(new.name + ending))
        return new

    def restart_from(self, image):
        self.store.close()
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        self.path = image
        self.stay_since_ms = None  # ruled by the recorder, of which there is none here
        self.start()

    def look_at_disks(self):
        """Learn from file names what came to lie where; nothing may be new or unknown."""
        known = {(part.era, part.sequence): part for part in self.everything()}
        for name, medium in self.media.items():
            files = (self.folder / name / "stuntcam" / SERIAL).glob("*/*.*")
            lies = set()
            for file in files:
                if file.name.endswith(PARTIAL):
                    continue
                start, end, era, sequence, *_ = file.name.split("-")
                part = known[era, int(sequence)]
                assert (int(start), int(end)) == (part.start_ms, part.start_ms + HOUR)
                assert part not in lies
                lies.add(part)
            medium.lies = lies

    # --- the model -------------------------------------------------------------------------

    def everything(self):
        return self.flash.union(*(medium.lies for medium in self.media.values()))

    def visible(self):
        union = self.flash.union(*(medium.seen for medium in self.media.values()))
        return {part for part in union if part.era not in self.hidden}

    def expected(self):
        """What each minute must show, in ms."""
        shown = Counter(self.open)
        for part in self.visible():
            shown.update(dict(part.minutes))
        return shown

    def has_volume(self):
        return any(medium.is_readable for medium in self.media.values())

    def over_ms(self):
        return self.now_ms if self.stay_since_ms is None else min(self.stay_since_ms, self.now_ms)

    def commit(self, minutes):
        over_ms = self.over_ms()
        self.store.commit(
            {m: tile(ms, cell_of(m)) for m, ms in minutes.items()}, {}, BERLIN, over_ms
        )
        self.committed(minutes, over_ms)

    def committed(self, minutes, over_ms):
        drops = {part for part in self.flash if part.start_ms + HOUR <= over_ms - WEEK}
        if any(medium.is_writable for medium in self.media.values()):
            drops &= set().union(*(medium.seen for medium in self.media.values()))
        for minute_ms, ms in minutes.items():
            self.open[minute_ms] = self.open.get(minute_ms, 0) + ms
        for start_ms in sorted({m - m % HOUR for m in self.open}):
            if start_ms + HOUR <= over_ms:
                held = {m: ms for m, ms in self.open.items() if m - m % HOUR == start_ms}
                self.open = {m: ms for m, ms in self.open.items() if m not in held}
                self.sequence += 1
                self.flash.add(
                    Closed(self.era, self.sequence, start_ms, tuple(sorted(held.items())))
                )
        self.flash -= drops

    def make_ready(self, name):
        """Have a volume that takes copies, and an hour that it lacks."""
        medium, volume = self.media[name], self.store.volume(name)
        volume.fault = medium.fault = None
        volume.insert()
        medium.is_inserted = medium.is_mounted = True
        self.an_hour_passes()

    def an_hour_passes(self):
        self.stay_since_ms = None
        self.commit({self.now_ms - self.now_ms % MINUTE: 11_000})
        self.now_ms += HOUR
        self.commit({})

    # --- what happens ----------------------------------------------------------------------

    @rule(lasted_s=st.lists(st.integers(1, 60), min_size=1, max_size=3))
    def record(self, lasted_s):
        minute_ms = self.now_ms - self.now_ms % MINUTE
        self.commit({minute_ms - k * MINUTE: s * 1000 for k, s in enumerate(lasted_s)})

    @rule(by=st.sampled_from([MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, DAY]))
    def time_passes(self, by):
        self.now_ms += by
        self.commit({})

    @rule(
        by=st.sampled_from([-3 * HOUR, -HOUR, -20 * MINUTE, 3 * DAY, 8 * DAY, 40 * DAY]),
        is_anybody_there=st.booleans(),
    )
    def clock_is_stepped(self, by, is_anybody_there):
        if not ALL.start_ms < self.now_ms + by < ALL.end_ms - DAY:
            return
        if is_anybody_there and self.stay_since_ms is None:
            self.stay_since_ms = self.now_ms
        self.now_ms += by
        if self.stay_since_ms is not None:
            PAIRS["clock stepped during an open stay"] += 1
            self.stay_since_ms += by  # readings: what was before the step is decided or booked
        self.commit({})

    @rule(counts=st.booleans())
    def stay_begins_or_ends(self, counts):
        if self.stay_since_ms is None:
            self.stay_since_ms = self.now_ms
            return
        since_ms, self.stay_since_ms = self.stay_since_ms, None
        minutes = {since_ms - since_ms % MINUTE: 30_000, self.now_ms - self.now_ms % MINUTE: 7_000}
        self.commit(minutes if counts else {})

    @rule(name=st.sampled_from(NAMES))
    def pull_or_insert(self, name):
        medium, volume = self.media[name], self.store.volume(name)
        medium.is_inserted = not medium.is_inserted
        if medium.is_inserted:
            medium.is_mounted = True
            volume.insert()
        else:
            volume.pull()

    @rule(name=st.sampled_from(NAMES))
    def unmount_or_mount(self, name):
        medium, volume = self.media[name], self.store.volume(name)
        if medium.is_readable:
            volume.unmount()
            medium.is_mounted = False
        elif medium.is_inserted and medium.fault is None:
            volume.mount()
            medium.is_mounted = True

    @rule(name=st.sampled_from(NAMES), fault=st.sampled_from(FAULTS))
    def fault_begins_or_ends(self, name, fault):
        medium = self.media[name]
        medium.fault = None if medium.fault else fault
        self.store.volume(name).fault = medium.fault

    @rule()
    def copies_catch_up(self):
        self.real_s += 100
        for _ in range(1000):
            if not self.store.copy_some(self.real_s, at_once=5):
                break
        union = self.visible()
        for medium in self.media.values():
            if medium.is_writable:
                medium.lies = union | {p for p in medium.lies if p.era not in self.hidden}
        if all(medium.is_writable for medium in self.media.values()):
            trees = [_tree(self.folder / name / "stuntcam" / SERIAL) for name in NAMES]
            assert trees[0] == trees[1]

    @rule(name=st.sampled_from(NAMES), after=st.integers(0, 6), is_pulled=st.booleans())
    def gone_during_a_copy(self, name, after, is_pulled):
        medium, volume = self.media[name], self.store.volume(name)
        self.make_ready(name)
        went = []

        def go(operation, _):
            went.append(operation)
            if is_pulled:
                volume.pull()
            else:
                volume.fault = "gone"

        self.interrupted[name].plan(after, go)
        self.real_s += 100
        while self.store.copy_some(self.real_s, at_once=2) and not went:
            pass
        self.interrupted[name].plan(0, None)
        if went:
            if went[0] != "check":
                PAIRS[f"{name} {'pulled' if is_pulled else 'gone'} during a copy"] += 1
            if is_pulled:
                medium.is_inserted = False
            else:
                medium.fault = "gone"
        self.look_at_disks()

    @rule(name=st.sampled_from(NAMES), after=st.integers(0, 6))
    def power_cut_during_a_copy(self, name, after):
        self.make_ready(name)
        images = []

        def cut(operation, do):
            if operation == "write":  # half of it is there
                folder = self.folder / name / "stuntcam" / SERIAL / "2026-04-01"
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"half{PARTIAL}").write_bytes(b"half")
            images.append((self.image(), operation))
            raise PowerCut

        self.interrupted[name].plan(after, cut)
        self.real_s += 100
        try:
            while self.store.copy_some(self.real_s, at_once=2):
                pass
        except PowerCut:
            image, operation = images[0]
            if operation in {"write", "remove"}:
                PAIRS[f"kill during a copy to {name}"] += 1
            elif operation == "read":
                PAIRS["kill while a volume is read over or rolled up"] += 1
            self.restart_from(image)
        self.interrupted[name].plan(0, None)
        self.look_at_disks()
        assert not list(self.folder.glob(f"*/stuntcam/*/*/*{PARTIAL}")) or not all(
            medium.is_readable for medium in self.media.values()
        )

    @rule(name=st.sampled_from(NAMES), after=st.integers(0, 5))
    def power_cut_during_a_report(self, name, after):
        # Sums of what no more lies in flash, and in no kept sum.
        self.make_ready(name)
        self.an_hour_passes()
        self.copies_catch_up()
        self.now_ms += 8 * DAY
        self.commit({})
        self.store._flash._db.execute("DELETE FROM block")
        images = []

        def cut(operation, _):
            images.append(self.image())
            raise PowerCut

        self.interrupted[name].plan(after, cut)
        try:
            self.store.heat(ALL)
        except PowerCut:
            PAIRS["kill during a roll-up"] += 1
            self.restart_from(images[0])
        self.interrupted[name].plan(0, None)

    @rule(lasted_s=st.integers(1, 60), is_anybody_there=st.booleans())
    def power_cut_during_a_commit(self, lasted_s, is_anybody_there):
        if is_anybody_there and self.stay_since_ms is None:
            self.stay_since_ms = self.now_ms
        minute_ms = self.now_ms - self.now_ms % MINUTE
        images = []

        def at_the_last_statement(statement):
            if statement.startswith("COMMIT") and not images:
                images.append(self.image())

        if self.stay_since_ms is not None:
            PAIRS["kill during an open stay"] += 1
        over_ms = (
            self.now_ms if self.stay_since_ms is None else min(self.stay_since_ms, self.now_ms)
        )
        self.store._flash._db.set_trace_callback(at_the_last_statement)
        heat = {minute_ms: tile(lasted_s * 1000, cell_of(minute_ms))}
        self.store.commit(heat, {}, BERLIN, over_ms)
        self.store._flash._db.set_trace_callback(None)
        PAIRS["kill during a commit"] += 1
        self.restart_from(images[0])

    @rule()
    def restart(self):
        self.restart_from(self.image())

    @rule(days=st.integers(0, 20), hours=st.integers(1, 4))
    def history_is_planted(self, days, hours):
        self.fills += 1
        era = f"f{self.fills:07x}"
        begins_ms = self.now_ms - self.now_ms % HOUR - days * DAY - hours * HOUR
        planted = [
            Closed(era, n + 1, start_ms, ((start_ms, 5_000),))
            for n, start_ms in enumerate(range(begins_ms, begins_ms + hours * HOUR, HOUR))
        ]
        given = [
            (Stretch(part.start_ms, part.start_ms + HOUR), tile(5_000, cell_of(part.start_ms)))
            for part in planted
        ]
        assert self.store.plant(given, BERLIN, era) == hours
        self.flash |= set(planted)

    @rule()
    def history_is_taken_out(self):
        if not any(part.is_filled for part in self.visible()):
            self.history_is_planted(2, 2)
            self.copies_catch_up()
        self.pull_or_insert((self.fills % 2 and "sd") or "nas1")
        filled = {part for part in self.visible() if part.is_filled}
        for name, medium in self.media.items():
            if not medium.is_readable and filled & medium.lies:
                PAIRS[f"history taken out while {name} is away"] += 1
        assert self.store.unplant() == len(filled)
        self.hidden |= {part.era for part in filled}
        self.flash = {part for part in self.flash if part.era not in self.hidden}

    @rule(name=st.sampled_from(NAMES), which=st.integers(0, 10**6))
    def a_file_is_damaged(self, name, which):
        medium, volume = self.media[name], self.store.volume(name)
        there = sorted(volume.parts)
        if not medium.is_readable or not there:
            return
        part = there[which % len(there)]
        file = self.folder / name / "stuntcam" / SERIAL / part.path
        file.write_bytes(file.read_bytes()[:-1] + b"?")
        with pytest.raises(ValueError, match="damaged: its checksum is wrong"):
            volume.read(part)
        PAIRS["a file damaged"] += 1
        medium.lies = {p for p in medium.lies if (p.era, p.sequence) != (part.era, part.sequence)}
        file.with_name(file.name + ".damaged").unlink()  # so that it may be damaged once more

    # --- what must be visible --------------------------------------------------------------

    @invariant()
    def every_second_is_seen_once(self):
        RULES["step"] += 1
        expected = self.expected()
        assert self.store.has_volume == self.has_volume()
        assert self.store.presence_ms(ALL) == sum(expected.values())

    @rule(back=st.integers(0, 60), days=st.integers(1, 40))
    def a_report_is_asked_for(self, back, days):
        expected = self.expected()
        since_ms = self.now_ms - self.now_ms % HOUR - back * DAY
        when = Stretch(since_ms, since_ms + days * DAY)
        inside = {m: ms for m, ms in expected.items() if when.start_ms <= m < when.end_ms}
        assert self.store.presence_ms(when) == sum(inside.values())
        assert np.array_equal(self.store.heat(when), heat_of(inside))
        away = [name for name, medium in self.media.items() if not medium.is_readable]
        for name in away:
            PAIRS[f"report while {name} is away"] += 1
        seen_from_ms = self.now_ms - WEEK - (self.now_ms - WEEK) % HOUR
        if self.has_volume():
            seen_from_ms = ALL.start_ms
        else:
            PAIRS["report with nothing but flash"] += 1
        start = _local(self.now_ms - 20 * DAY)
        rows = self.reports.time(ReportQuery("monthly", start))
        first_ms = _midnight_ms(start)
        shown = {m: ms for m, ms in expected.items() if m >= max(first_ms, seen_from_ms)}
        days_in = len(rows)
        end_ms = _midnight_ms(start, days_in)
        assert sum(row.presence_ms for row in rows) == sum(
            ms for m, ms in shown.items() if m < end_ms
        )


class _Nothing:
    def close(self):
        pass


def _local(at_ms):
    return datetime.fromtimestamp(at_ms / 1000, BERLIN).replace(tzinfo=None)


def _midnight_ms(start, days=0):
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return int(midnight.replace(tzinfo=BERLIN).timestamp()) * 1000


def _tree(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_whatever_happens_every_second_is_visible_exactly_once_where_it_must_be(capsys):
    deep = "STUNTCAM_DEEP" in os.environ
    steps = settings(
        max_examples=150 if deep else 12,
        stateful_step_count=50 if deep else 30,
        deadline=None,
        derandomize=not deep,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(StoreMachine, settings=steps)
    if deep:
        # What comes when is Hypothesis' choice, so it goes on until all has come often enough.
        for _ in range(ROUNDS):
            if RULES["step"] >= 10_000 and min(PAIRS.values()) >= 100:
                break
            run_state_machine_as_test(StoreMachine, settings=steps)
        with capsys.disabled():
            told = [f"{times:6}  {pair}" for pair, times in sorted(PAIRS.items())]
            sys.stdout.write("\n".join(["", f"{RULES['step']:6}  steps", *told, ""]))
        assert RULES["step"] >= 10_000
        assert min(PAIRS.values()) >= 100
