"""The harness's subcommands: each is read, run, and ended here.

A room for each, loaded when it is called; the only place of the harness that prints or exits.
Every wrong input ends as one line on stderr and the exit code of CONTRACT 1; what nobody
expected is left to be a traceback.
"""

import sys

import click

from conformance import interrupting

USAGE, UNREACHABLE, INTERRUPTED = 2, 3, 130


def check(arguments: list[str]) -> int:
    """Run `stuntcam check`."""
    from conformance.cli.check_command import check as command  # noqa: PLC0415

    return _run(command, "check", arguments)


def restore(arguments: list[str]) -> int:
    """Run `stuntcam restore`."""
    from conformance.cli.restore_command import restore as command  # noqa: PLC0415

    return _run(command, "restore", arguments)


def replay(arguments: list[str]) -> int:
    """Run `stuntcam replay`."""
    from conformance.cli.replay_command import replay as command  # noqa: PLC0415

    return _run(command, "replay", arguments)


def diff(arguments: list[str]) -> int:
    """Run `stuntcam diff`."""
    from conformance.cli.diff_command import diff as command  # noqa: PLC0415

    return _run(command, "diff", arguments)


def dialect(arguments: list[str]) -> int:
    """Run `stuntcam dialect`."""
    from conformance.cli.dialect_command import group as command  # noqa: PLC0415

    return _run(command, "dialect", arguments)


def stimulus(arguments: list[str]) -> int:
    """Run `stuntcam stimulus`."""
    from conformance.cli.stimulus_command import stimulus as command  # noqa: PLC0415

    return _run(command, "stimulus", arguments)


@interrupting.once()  # the device is given back, then, and that is told
def _run(command: click.Command, name: str, arguments: list[str]) -> int:
    from conformance.client import LoginRefusedError  # noqa: PLC0415
    from conformance.target import UnreachableError  # noqa: PLC0415

    try:
        code = command.main(arguments, f"stuntcam {name}", standalone_mode=False)
    except click.ClickException as error:
        return _refuse(name, f"{error.format_message()} (see stuntcam {name} --help)")
    except (KeyboardInterrupt, click.Abort):
        return _refuse(name, "interrupted", INTERRUPTED)
    except (LoginRefusedError, UnreachableError) as error:
        return _refuse(name, str(error), UNREACHABLE)
    except ValueError as error:
        # Every module's own error is a ValueError that names the thing; others are faults.
        if type(error).__module__.split(".")[0] != "conformance":
            raise
        return _refuse(name, str(error))
    return int(code or 0)


def _refuse(name: str, why: str, code: int = USAGE) -> int:
    click.echo(f"stuntcam {name}: {' '.join(why.split())}", err=True)  # one line, always
    sys.stderr.flush()
    return code
