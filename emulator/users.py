"""Who may log in to one camera: the administrator of the command line, and those he has added.

A camera that is used for the first time may have no administrator yet: he is there once a
password was set at the pages (facts 1, activation). Knows the store only as something that
keeps accounts. Changes are made with a turn in hand; reading never blocks.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from emulator import saved
from emulator.core import accounts
from emulator.core.accounts import Account, AccountError


class Kept(saved.Kept, Protocol):
    """Where accounts lie."""

    def accounts(self) -> list[Account]:
        """Return all that were added."""

    def put_account(self, account: Account) -> None:
        """Keep one."""

    def drop_account(self, name: str) -> None:
        """Forget one."""


class Users:
    """All accounts.

    admin      the administrator who was there first, and can't be deleted
    activates  his password is set at the first use; the one in `admin` is passed over
    Raises the store's errors.
    """

    def __init__(self, store: Kept, admin: Account, activates: bool) -> None:
        self._store, self._admin, self._activates = store, admin, activates
        self.look()

    @property
    def by_name(self) -> Mapping[str, Account]:
        """Who may log in now."""
        return self._by_name

    @property
    def is_activated(self) -> bool:
        """Whether the administrator has a password."""
        return self._admin.name in self._by_name

    def look(self) -> None:
        """Know who is in the store."""
        known = {account.name: account for account in self._store.accounts()}
        password = saved.activation_of(self._store) if self._activates else self._admin.password
        if password is not None:
            known[self._admin.name] = self._admin._replace(password=password)
        self._by_name: Mapping[str, Account] = known

    def add(self, values: Iterable[tuple[str, object]]) -> None:
        """Add an account. Raises AccountError."""
        self._store.put_account(accounts.added(self._by_name, values))
        self.look()

    def add_all(self, wanted: Iterable[Account]) -> None:
        """Add accounts, or none if one is refused. Raises AccountError."""
        known = dict(self._by_name)
        for account in wanted:
            level = accounts.LEVELS.index(account.role)
            fields = (("username", account.name), ("password", account.password))
            known[account.name] = accounts.added(known, (*fields, ("userLevel", level)))
        for name in known.keys() - self._by_name.keys():
            self._store.put_account(known[name])
        self.look()

    def remove_all(self, names: Iterable[str]) -> None:
        """Take accounts out, or none if one is refused. Raises AccountError."""
        known = dict(self._by_name)
        for name in names:
            del known[accounts.removed(known, [("username", name)], self._admin.name)]
        for name in self._by_name.keys() - known.keys():
            self._store.drop_account(name)
        self.look()

    def change_all(self, wanted: Iterable[tuple[str, str, str | None]]) -> None:
        """Give accounts other roles and passwords: (name, role, password; None: as it is).

        Does all or nothing. Raises AccountError.
        """
        changed = []
        for name, role, password in wanted:
            there = self._by_name.get(name)
            given = password or (there.password if there else "")
            account = Account(name, role, given)
            changed.append(accounts.changed(self._by_name, account, self._admin.name))
        for account in changed:
            self._store.put_account(account)
        self.look()

    def remove(self, values: Iterable[tuple[str, object]]) -> None:
        """Take an account out. Raises AccountError."""
        self._store.drop_account(accounts.removed(self._by_name, values, self._admin.name))
        self.look()

    def activate(self, password: str, put: Callable[[Mapping[str, object]], None]) -> None:
        """Give the administrator his password, `put` into the store.

        Raises AccountError for one against the rule, or if he has one already.
        """
        accounts.check_password(password)
        if self.is_activated:
            raise AccountError("the camera is activated already")
        put({saved.ACTIVATED: password})
        self.look()
