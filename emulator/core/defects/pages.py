"""Defects of what browsers get."""

from collections.abc import Callable

from emulator.core.defects.access import viewers_are_operators
from emulator.core.defects.defect import Defect
from emulator.core.policy import Serve


def _rewritten(script: str, right_words: str, wrong_words: str) -> Callable[[Serve], Serve]:
    """Return what puts wrong words in the place of right ones that are once in a script."""

    def spoil(right: Serve) -> Serve:
        def wrong(name: str, text: str) -> str:
            told = right(name, text)
            return told.replace(right_words, wrong_words) if name == script else told

        return wrong

    return spoil


def _viewers_page_is_an_operators(right: Serve) -> Serve:
    # It must also ask as one: on a viewer's path nobody changes anything.
    asking = "({ token, role } = facts);"
    as_operator = asking + ' if (role === "viewer") role = "operator";'
    enabled = _rewritten("heatmap.js", 'known.role === "viewer"', "false")
    return _rewritten("ask.js", asking, as_operator)(enabled(right))


_EXPORT_OF_A_DAY = (
    'new Blob([await getText(`/dataloader.cgi?dw=heatmapcsv&time_start=${from.replace(" ", "-")}'
    "&sub_type=0`)]"
)


DEFECTS = (
    Defect(
        "slider-one-more",
        "On the pages a slider saves one more than where it stands, but at its right end.",
        ("SET-02", "SET-03", "SET-04", "SET-05"),
        {
            "script": _rewritten(
                "number.js",
                "follow(number, slider)",
                "follow(number, { value: Math.min(Number(slider.value) + 1, high) })",
            )
        },
    ),
    Defect(
        "page-mirrors-region",
        "The page saves the region mirrored, left for right.",
        ("REG-01",),
        {
            "script": _rewritten(
                "region.js",
                "    value: () => value,",
                "    value: () => value.replace("
                'new RegExp(`.{${columns}}`, "g"), (row) => [...row].reverse().join("")),',
            )
        },
    ),
    Defect(
        "delete-restores-default",
        "Delete on the page brings the whole week back, instead of emptying it.",
        ("SCH-01",),
        {
            "script": _rewritten(
                "schedule.js",
                "change(week.map(() => []))",
                "change(week.map(() => [[0, DAY]]))",
            )
        },
    ),
    Defect(
        "export-of-a-day",
        "Report Export saves a daily time report, whichever is on show.",
        ("REP-05",),
        {"script": _rewritten("report.js", "new Blob([await csv]", _EXPORT_OF_A_DAY)},
    ),
    Defect(
        "value-untold",
        "The page sends a number outside its range without a word.",
        ("WEB-03",),
        {
            "script": _rewritten(
                "number.js", "wrong(number, message, isFine", "wrong(number, message, true"
            )
        },
    ),
    Defect(
        "search-is-find",
        "The button that searches a report is called Find.",
        ("WEB-04",),
        {"script": _rewritten("texts.js", 'search: "Search"', 'search: "Find"')},
    ),
    Defect(
        "no-report-in-menu",
        "The menu does not have the Report page.",
        ("WEB-01", "WEB-04"),
        {
            "script": _rewritten(
                "main.js",
                'items.push(eventMenu(), el("li", {}, link("/report")))',
                "items.push(eventMenu())",
            )
        },
    ),
    Defect(
        "chart-lacks-last",
        "The chart of a time report lacks its last value.",
        ("REP-04",),
        {
            "script": _rewritten(
                "chart.js",
                "timeChart(rows, kind) {",
                "timeChart(all, kind) { const rows = all.slice(0, -1);",
            )
        },
    ),
    Defect(
        "page-selects-first-row",
        "Select All on the page selects the first row alone.",
        ("REG-02",),
        {
            "script": _rewritten(
                "region.js", 'fill("1")', 'set("1".repeat(columns).padEnd(rows * columns, "0"))'
            )
        },
    ),
    Defect(
        "viewer-saves",
        "A viewer's page lets him change and save, and the camera takes it.",
        ("WEB-02", "WIRE-01"),
        {
            "script": _viewers_page_is_an_operators,
            "may": viewers_are_operators,
        },
    ),
)
