"""The settings' numbers as the catalogue has them, typed out: what checks expect.

Sources: SET-02..05, REG-03, SCH-02. Nothing here comes from a device.
"""

RANGES = {  # lowest, highest, default
    "sensitivity": (1, 10, 5),
    "min_object_size": (1, 100, 10),
    "min_dwell": (1, 300, 30),
    "adaptability": (1, 10, 5),
}
RULES = {
    "sensitivity": "SET-02",
    "min_object_size": "SET-03",
    "min_dwell": "SET-04",
    "adaptability": "SET-05",
}
FAR = 10**6
"""Outside every range, wherever a device thinks that it ends."""

REGION_CELLS = 13 * 23
DAYS, PERIODS, DAY_CHARACTERS, LAST_MINUTE = 7, 10, 120, 24 * 60
