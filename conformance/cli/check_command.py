"""`stuntcam check`: what is typed, and what is seen while the checks run and at their end."""

import click

from conformance import checking, verdict
from conformance.cli import options
from conformance.run import Options, opened
from conformance.safety import LEVELS
from conformance.trust import Wish
from conformance.verdict import Ending, Outcome


@click.command()
@click.argument("url")
@options.account[0]
@options.account[1]
@click.option("--only", metavar="ID|CHAPTER,...", help="Judge only these, such as SET-04,wire.")
@click.option("--dialect", metavar="NAME|FILE", help="How the firmware spells things.")
@click.option("--safety", type=click.Choice(LEVELS), help="How far the checks may go.")
@click.option("--confirm-serial", metavar="SN", help="The device that may be reset.")
@click.option("--i-own-this-device", is_flag=True, help="Its address may be a public one.")
@click.option("--accept", type=click.Choice(["as-named"]), multiple=True, help="...")
@click.option("--control", metavar="URL", help="...")
@click.option("--seed", type=int)
@click.option("--budget", type=click.IntRange(1), metavar="REQUESTS")
@click.option("--max-seconds", type=click.FloatRange(1), metavar="N")
@click.option("--strict", is_flag=True)
@options.tls
def check(url, user, password_env, only, dialect, safety, confirm_serial, i_own_this_device, accept, control, seed, budget, max_seconds, strict, ca, fingerprint, insecure) -> int:
    """Tell, requirement by requirement, whether a camera's heat map does what it must."""
    wanted = Options(
        url=url,
        login=options.login(user, password_env, ask=True),
        journals=options.journals(),
        dialect=dialect,
        only=tuple(only.split(",")) if only else (),
        safety=safety,
        confirm_serial=confirm_serial,
        i_own_this_device=i_own_this_device,
        wish=Wish(ca, fingerprint, insecure),
        control=control,
        accept=accept,
        seed=seed,
        budget=budget,
        max_seconds=max_seconds,
    )
    def told(o: Outcome):
        click.echo(f"{o.verdict:12} {' '.join(o.requirements)} {o.name}  {o.reason}")
    interrupted = False
    with opened(wanted, click.echo) as run:
        try:
            checking.run_checks(run, told)
        except KeyboardInterrupt:
            interrupted = True
    rows = verdict.roll_up(run.selected, run.outcomes, run.target.claim)
    for row in rows: click.echo(f"{row.requirement.id} {row.level} {row.verdict} {row.reason}")
    ending = Ending(restored=not run.troubles, interrupted=interrupted, unreachable=run.unreachable, strict=strict)
    click.echo(run.troubles); click.echo(run.notes); click.echo(run.client.pace.requests)
    return verdict.exit_code(rows, ending)
