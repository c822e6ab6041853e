"""What a user sees of a run: a line while it goes on, and the verdicts at its end."""

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from conformance.report.results import Results
from conformance.verdict import EXIT_CODES, Outcome, Verdict

STYLES = {
    "pass": "green",
    "fail": "bold red",
    "not checked": "dim",
    "not offered": "dim",
    "waived": "yellow",
}


class Progressing:
    """One line on a terminal that tells the check at hand; only failures stay."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._counts = dict.fromkeys(Verdict, 0)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("reaching the device", total=None)

    def __enter__(self) -> "Progressing":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def told(self, outcome: Outcome) -> None:
        """Take note of a check that has ended."""
        self._counts[outcome.verdict] += 1
        if outcome.verdict is Verdict.FAIL:
            ids = " ".join(outcome.requirements)
            self._console.print(Text(f"fail  {ids}  {outcome.reason}", STYLES["fail"]))
        counted = ", ".join(f"{n} {name}" for name, n in self._counts.items() if n)
        self._bar.update(self._task, description=f"{outcome.name.split('/')[0]}: {counted}")

    def says(self, text: str) -> None:
        """Tell the user something at once."""
        self._console.print(Text(text))


def end(console: Console, document: Results, folder: str) -> None:
    """Show the verdicts: what is not passed with its reason, counts, and where the report is."""
    table = Table(box=None, pad_edge=False, show_edge=False)
    for column in ("id", "level", "verdict", "reason"):
        table.add_column(column, overflow="fold", no_wrap=column in {"id", "level", "verdict"})
    for row in document["requirements"]:
        told = row["verdict"] if row["applies"] else "does not apply"
        reason = "" if row["verdict"] == "pass" else row["reason"]
        table.add_row(row["id"], row["level"], Text(told, STYLES[row["verdict"]]), Text(reason))
    console.print(table)
    console.print()
    for level, counts in document["summary"].items():
        if any(counts.values()):
            counted = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
            console.print(Text(f"{level:7}{counted}"))
    for problem in document["waivers"]:
        console.print(Text(f"waiver  {problem}", STYLES["fail"]))
    for trouble in document["not_restored"]:
        console.print(Text(f"NOT PUT BACK  {trouble}", STYLES["fail"]))
    for note in document["notes"]:
        console.print(Text(note))
    if document["stopped"]:
        console.print(Text(f"stopped: {document['stopped']}", STYLES["fail"]))
    console.print(Text(f"report  {folder}/report.html", "bold"), soft_wrap=True)
    console.print(Text(f"exit {document['exit']}: {EXIT_CODES[document['exit']]}", "bold"))
