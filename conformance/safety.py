"""How far a run may go: four levels, each allowing what the one before does and more.

read-only    nothing on the device is changed
reversible   settings and invented accounts; all of it is put back
disruptive   besides, the device is rebooted and its storage unmounted
destructive  besides, storage is formatted and the device reset; its serial number is asked for
"""

LEVELS = ("read-only", "reversible", "disruptive", "destructive")
READ_ONLY, REVERSIBLE, DISRUPTIVE, DESTRUCTIVE = LEVELS


def allows(level: str, needed: str) -> bool:
    """Return whether a run of `level` may do what needs `needed`."""
    return LEVELS.index(level) >= LEVELS.index(needed)
