"""The command's face: a table from subcommand to where it lives, imported only when called.

So neither half of the project imports the other, and `--help` stays quick.
"""

import errno
import re
import sys
from importlib import import_module

COMMANDS = {
    "check": ("conformance.cli:check", "tell whether a camera does what it must"),
    "restore": ("conformance.cli:restore", "give back a camera that a killed run left changed"),
    "dialect": ("conformance.cli:dialect", "learn how a firmware spells its settings"),
    "stimulus": ("conformance.cli:stimulus", "show a camera known scenes on a screen before it"),
    "replay": ("conformance.cli:replay", "be the device that a run was recorded of"),
    "diff": ("conformance.cli:diff", "tell what changed between two runs of check"),
    "serve": ("emulator.cli:serve", "run an emulated camera"),
    "fleet": ("emulator.cli:fleet", "run many emulated cameras"),
    "analyze": ("emulator.cli:analyze", "make the camera's reports of recorded footage"),
    "audit": ("emulator.cli:audit", "tell which defects of a camera the harness catches"),
    "models": ("emulator.cli:models", "list which models and firmware have the heat map"),
    "demo": ("emulator.cli:demo", "see the whole thing in half a minute"),
}

USAGE, INTERRUPTED = 2, 130

HELP_OPTIONS = {"-h", "--help"}


def main() -> int:
    """Run the subcommand that the command line names; returns the exit code."""
    try:
        code = _run(*[*sys.argv[1:], ""])
        if sys.stdout is not None:
            sys.stdout.flush()  # a full disk behind it is to be told here, not at the very end
    except KeyboardInterrupt:
        return _refuse("interrupted", INTERRUPTED)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EPIPE, errno.EBADF}:
            raise
        sys.stdout = None  # or the interpreter would try once more
        return _refuse(f"can't write what is to be said: {error.strerror}")
    return code


def _run(name: str, *rest: str) -> int:
    if name in HELP_OPTIONS or not name:
        print(_usage())  # noqa: T201
        return 0 if name else USAGE
    if name == "--version":
        from importlib.metadata import version  # noqa: PLC0415  # only here

        print(f"stuntcam {version('stuntcam')}")  # noqa: T201
        return 0
    if name not in COMMANDS:
        return _refuse(f"no command {name!r}; there are {', '.join(COMMANDS)}")
    module, function = COMMANDS[name][0].split(":")
    try:
        code: int = getattr(import_module(module), function)(list(rest[:-1]))
    except ImportError as error:
        if not re.search(r"\b(cv2|libGL|libgthread|libglib)\b", str(error)):
            raise
        return _refuse(f"OpenCV can't be loaded ({error}); apt-get install libgl1 libglib2.0-0")
    return code


def _usage() -> str:
    width = max(map(len, COMMANDS))
    rows = "\n".join(f"  {name:{width}}  {about}" for name, (_, about) in COMMANDS.items())
    return (
        "usage: stuntcam COMMAND [OPTIONS]\n\n"
        "A stunt double for an IP camera's heat map.\n\n"
        f"{rows}\n\n`stuntcam COMMAND --help` tells more; `stuntcam --version` which one this is."
    )


def _refuse(why: str, code: int = USAGE) -> int:
    print(f"stuntcam: {why}", file=sys.stderr)  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main())
