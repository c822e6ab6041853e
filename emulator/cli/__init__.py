"""The emulator's subcommands: each is read, run, and ended here.

A room for each, loaded when it is called; with app.py the only place that prints or exits.
Every wrong input ends as one line on stderr and exit code 2 (CONTRACT 1); what nobody
expected is left to be a traceback.
"""

import signal

import click

USAGE, INTERRUPTED = 2, 130


def serve(arguments: list[str]) -> int:
    """Run `stuntcam serve`."""
    from emulator.cli.serve_command import serve as command  # noqa: PLC0415

    return _run(command, "serve", arguments)


def fleet(arguments: list[str]) -> int:
    """Run `stuntcam fleet`."""
    from emulator.cli.fleet_command import fleet as command  # noqa: PLC0415

    return _run(command, "fleet", arguments)


def analyze(arguments: list[str]) -> int:
    """Run `stuntcam analyze`."""
    from emulator.cli.analyze_command import analyze as command  # noqa: PLC0415

    return _run(command, "analyze", arguments)


def models(arguments: list[str]) -> int:
    """Run `stuntcam models`."""
    from emulator.cli.models_command import models as command  # noqa: PLC0415

    return _run(command, "models", arguments)


def demo(arguments: list[str]) -> int:
    """Run `stuntcam demo`."""
    from emulator.cli.demo_command import demo as command  # noqa: PLC0415

    return _run(command, "demo", arguments)


def audit(arguments: list[str]) -> int:
    """Run `stuntcam audit`."""
    from emulator.cli.audit_command import audit as command  # noqa: PLC0415

    return _run(command, "audit", arguments)


def _run(command: click.Command, name: str, arguments: list[str]) -> int:
    # Asked to end, a command cleans up as for Ctrl-C; `serve` has a way of its own.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = command.main(arguments, f"stuntcam {name}", standalone_mode=False)
    except click.ClickException as error:
        return _refuse(name, f"{error.format_message()} (see stuntcam {name} --help)")
    except (KeyboardInterrupt, click.Abort):
        click.echo(f"stuntcam {name}: interrupted", err=True)
        return INTERRUPTED
    except ValueError as error:
        # Every module's own error is a ValueError that names the thing; others are faults.
        if type(error).__module__.split(".")[0] != "emulator":
            raise
        return _refuse(name, str(error))
    return int(code or 0)


def _refuse(name: str, why: str) -> int:
    click.echo(f"stuntcam {name}: {' '.join(why.split())}", err=True)  # one line, always
    return USAGE
