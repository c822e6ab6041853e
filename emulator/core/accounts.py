"""Who may log in: roles, passwords, and what an administrator may change about them.

Sources: facts 1 (three roles, up to 20 accounts, one of them the administrator that can't
be deleted; passwords of 8 to 32 characters with a letter and a digit). The wire's names
are [INV]: `username`, `password`, `userLevel`.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

ROLES = ("viewer", "operator", "admin")
"""Lowest first; a role may use the paths of those before it (facts 1)."""

LEVELS = ROLES[::-1]
"""By `userLevel` on the wire, 0..2 [INV]."""

MOST_ACCOUNTS = 20
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 32
LONGEST_NAME = 32


class AccountError(ValueError):
    """A change to the accounts that is refused; the message names the field and the rule.

    kind  what is wrong: "name", "password", "taken", "full", "absent", "fixed", or "" (the form)
    """

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class Account(NamedTuple):
    """Someone who may log in.

    CHOICE: the password is kept as it is, since HTTP Digest in two algorithms and later
    WS-UsernameToken all need it; the store that holds it is readable by its owner alone.
    """

    name: str
    role: str
    password: str


def may(role: str, least: str) -> bool:
    """Tell whether `role` may do what the role `least` may."""
    return ROLES.index(role) >= ROLES.index(least)


def check_password(password: str) -> None:
    """Refuse a password against the rule of facts 1. Raises AccountError; never shows it."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        limits = f"{SHORTEST_PASSWORD}..{LONGEST_PASSWORD}"
        raise AccountError(f"password has {len(password)} characters, not {limits}", "password")
    if not any(c.isalpha() for c in password) or not any(c.isdigit() for c in password):
        raise AccountError("password lacks a letter or a digit", "password")


def check_name(name: str) -> None:
    """Refuse a name that Basic or Digest can't carry. Raises AccountError."""
    if not 1 <= len(name) <= LONGEST_NAME or ":" in name or not name.isprintable():
        limits = f"1..{LONGEST_NAME} printable characters without a colon"
        raise AccountError(f"username is not {limits}", "name")


def added(accounts: Mapping[str, Account], fields: Iterable[tuple[str, object]]) -> Account:
    """Return the account that `fields` ask for. Raises AccountError for a wrong field, a name
    that is taken, or an account too many.
    """
    name, password, level = _each_once(fields, "username", "password", "userLevel")
    name = name if isinstance(name, str) else ""
    check_name(name)
    if str(level) not in {"0", "1", "2"}:
        named = ", ".join(f"{number} ({role})" for number, role in enumerate(LEVELS))
        raise AccountError(f"userLevel is not one of {named}")
    if not isinstance(password, str):
        raise AccountError("password is not a text")
    check_password(password)
    if name in accounts:
        raise AccountError(f"username {name!r} is taken", "taken")
    if len(accounts) >= MOST_ACCOUNTS:
        raise AccountError(f"there are {MOST_ACCOUNTS} accounts already", "full")
    return Account(name, LEVELS[int(str(level))], password)


def removed(
    accounts: Mapping[str, Account], fields: Iterable[tuple[str, object]], undeletable: str
) -> str:
    """Return the name of the account that `fields` ask to delete. Raises AccountError.

    undeletable  the name of the administrator who was there first (facts 1)
    """
    (name,) = _each_once(fields, "username")
    if not isinstance(name, str) or name not in accounts:
        raise AccountError("username is not that of an account", "absent")
    if name == undeletable:
        raise AccountError(f"username {name!r} can't be deleted", "fixed")
    return name


def changed(accounts: Mapping[str, Account], wanted: Account, unchangeable: str) -> Account:
    """Return `wanted` if it may take the place of the account of its name. Raises AccountError.

    unchangeable  the name of the administrator who was there first
    """
    if wanted.name not in accounts:
        raise AccountError(f"username {wanted.name!r} is not that of an account", "absent")
    if wanted.name == unchangeable:
        raise AccountError(f"username {wanted.name!r} can't be changed", "fixed")
    check_password(wanted.password)
    return wanted


def _each_once(fields: Iterable[tuple[str, object]], *names: str) -> list[object]:
    """Return the values of `names` in that order; refuse any other field or number of them."""
    given = list(fields)
    if sorted(name for name, _ in given) != sorted(names):
        raise AccountError(f"the fields are not {', '.join(names)}, each once")
    values = dict(given)
    return [values[name] for name in names]
