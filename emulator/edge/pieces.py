"""Pieces of an archive as bytes, and folders for them: from one run to the next, or for a while.

The same bytes go from a worker to the command and onto the disk: numpy's own archive, without
pickles, so that a damaged or foreign file is an error and never code that runs.
"""

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from emulator.core.detection.stays import Ruled
from emulator.core.piece import Piece, Sparse

_NUMBERS = ("begins_ms", "end_ms", "objects", "decoded", "analysed", "damaged")
_SECONDS = ("decode_s", "missing_s")


class PieceError(ValueError):
    """Bytes that are no piece."""


class KeepError(ValueError):
    """A folder for pieces that can't be written; the message names it and says why."""


def packed(piece: Piece) -> bytes:
    """Return `piece` as bytes."""
    told = {name: getattr(piece, name) for name in (*_NUMBERS, *_SECONDS)}
    told["stays"] = [[stay.start_ms, stay.end_ms, stay.recorded] for stay in piece.stays]
    told["minutes"] = [
        [minute_ms, len(kept.where), kept.presence_ms] for minute_ms, kept in piece.minutes.items()
    ]
    kept = list(piece.minutes.values())
    out = io.BytesIO()
    np.savez_compressed(
        out,
        told=np.frombuffer(json.dumps(told).encode(), np.uint8),
        where=np.concatenate([np.empty(0, np.uint16), *(one.where for one in kept)]),
        ms=np.concatenate([np.empty(0, np.uint64), *(one.ms for one in kept)]),
        scene=piece.scene,
        known=piece.known,
    )
    return out.getvalue()


def unpacked(octets: bytes) -> Piece:
    """Return the piece that `octets` hold. Raises PieceError if they hold none."""
    try:
        with np.load(io.BytesIO(octets), allow_pickle=False) as found:
            told = json.loads(found["told"].tobytes())
            where, ms = found["where"], found["ms"]
            scene, known = found["scene"], found["known"]
        minutes, begin = {}, 0
        for minute_ms, count, presence_ms in told["minutes"]:
            end = begin + count
            minutes[int(minute_ms)] = Sparse(where[begin:end], ms[begin:end], int(presence_ms))
            begin = end
        return Piece(
            minutes=minutes,
            stays=tuple(Ruled(*stay) for stay in told["stays"]),
            scene=scene,
            known=known,
            begins_ms=int(told["begins_ms"]),
            end_ms=int(told["end_ms"]),
            objects=int(told["objects"]),
            decoded=int(told["decoded"]),
            analysed=int(told["analysed"]),
            damaged=int(told["damaged"]),
            decode_s=float(told["decode_s"]),
            missing_s=float(told["missing_s"]),
        )
    except (ValueError, KeyError, TypeError, OSError, EOFError) as error:
        raise PieceError("no piece of an analysis") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise PieceError("a damaged piece of an analysis") from error


class Kept:
    """A folder with one file for each finished piece, by what it was made of.

    made_of  what decides over every piece's content: version, settings, zone, rate
    Raises KeepError if the folder can't be made.
    """

    def __init__(self, folder: Path, made_of: Mapping[str, object]) -> None:
        self._folder, self._made_of = folder, dict(made_of)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KeepError(f"{folder} can't be written: {error.strerror}") from error

    def get(self, video: Path, begins_ms: int) -> Piece | None:
        """Return the finished piece of `video`, as it is now, from there; None: there is none."""
        try:
            piece = unpacked(self._file(video, begins_ms).read_bytes())
        except (OSError, PieceError):
            return None
        return piece if piece.begins_ms == begins_ms else None

    def put(self, video: Path, begins_ms: int, octets: bytes) -> None:
        """Keep a finished piece, by rename; of a video that is gone by now, nothing.

        Raises KeepError.
        """
        try:
            file = self._file(video, begins_ms)
        except OSError:
            return
        partial = file.with_suffix(f".{os.getpid()}.partial")  # another run's are its own
        try:
            partial.write_bytes(octets)
            os.replace(partial, file)
        except OSError as error:
            raise KeepError(f"{file} can't be written: {error.strerror}") from error

    def _file(self, video: Path, begins_ms: int) -> Path:
        state = video.stat()
        made_of = self._made_of | {
            "path": str(video.absolute()),
            "size": state.st_size,
            "mtime_ns": state.st_mtime_ns,
            "begins_ms": begins_ms,
        }
        digest = hashlib.sha256(json.dumps(made_of, sort_keys=True, default=str).encode())
        return self._folder / f"{digest.hexdigest()[:40]}.piece"


class Waiting:
    """Pieces by number that are finished before it is their turn: on disk, all but the latest.

    So memory does not grow with them. To be closed.
    """

    def __init__(self) -> None:
        try:
            self._folder = TemporaryDirectory(prefix="stuntcam-pieces-")
        except OSError as error:
            raise KeepError(f"no folder for finished pieces: {error.strerror}") from error
        self._latest: tuple[int, Piece | bytes] | None = None

    def put(self, number: int, piece: Piece | bytes) -> None:
        """Take a piece, packed or not, in the place of one of that number. Raises KeepError."""
        if self._latest is not None:
            before, waits = self._latest
            file = self._file(before)
            try:
                file.write_bytes(waits if isinstance(waits, bytes) else packed(waits))
            except OSError as error:
                raise KeepError(f"{file} can't be written: {error.strerror}") from error
        self._latest = number, piece

    def take(self, number: int) -> Piece:
        """Return the piece of that number, which waits no longer. Raises KeepError."""
        if self._latest is not None and self._latest[0] == number:
            waits, self._latest = self._latest[1], None
            self._file(number).unlink(missing_ok=True)  # of one in whose place this came
            return unpacked(waits) if isinstance(waits, bytes) else waits
        file = self._file(number)
        try:
            piece = unpacked(file.read_bytes())
            file.unlink()
        except (OSError, PieceError) as error:
            raise KeepError(f"{file} can't be read again: {error}") from error
        return piece

    def close(self) -> None:
        """Throw away what still waits."""
        self._folder.cleanup()

    def _file(self, number: int) -> Path:
        return Path(self._folder.name, f"{number}.piece")
