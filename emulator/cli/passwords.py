"""The administrator's password: from the environment, or made once and kept in the state folder."""

import os
import secrets
import string

from emulator.cli.options import UsageError
from emulator.core.accounts import check_password
from emulator.edge.statefolder import StateFolder

VARIABLE = "STUNTCAM_PASSWORD"


def given(variable: str | None) -> str | None:
    """Return what the variable holds, VARIABLE if none is named; None: nothing was given.

    Raises UsageError if the named one is not there, AccountError for what can't be a password.
    """
    if variable is None:
        password = os.environ.get(VARIABLE) or None
    elif (password := os.environ.get(variable)) is None:
        raise UsageError(f"--password-env {variable}: there is no such environment variable")
    if password is not None:
        check_password(password)
    return password


def kept(folder: StateFolder) -> tuple[str, str]:
    """Return the one that `folder` keeps, made if there is none, and what is shown of it."""
    password, is_new = folder.password(_made)
    where = folder.path / "password"
    return password, f"{password} (kept in {where})" if is_new else f"in {where}"


def _made() -> str:
    letters = "".join(secrets.choice(string.ascii_letters) for _ in range(10))
    return letters + "".join(secrets.choice(string.digits) for _ in range(4))
