"""The Device service's users: the same accounts as everywhere else on the camera.

Source: ONVIF Device Management, GetUsers, CreateUsers, DeleteUsers, SetUser and their faults.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from emulator.core.accounts import MOST_ACCOUNTS, Account, AccountError
from emulator.core.onvif.access import LEVELS
from emulator.core.onvif.soapfault import Fault
from emulator.edge.onvif.facts import DeviceFacts
from emulator.edge.onvif.service import Caller, Fields, Operation, Request, given, needed

MOST_USERS = MOST_ACCOUNTS
ROLES = {level: role for role, level in LEVELS.items()}

FAULTS = {  # by AccountError.kind
    "name": ("OperationProhibited/UsernameTooLong", "Sender"),
    "password": ("OperationProhibited/PasswordTooWeak", "Sender"),
    "taken": ("OperationProhibited/UsernameClash", "Sender"),
    "full": ("Action/TooManyUsers", "Receiver"),
    "absent": ("InvalidArgVal/UsernameMissing", "Sender"),
    "fixed": ("InvalidArgVal/FixedUser", "Sender"),
    "": ("InvalidArgVal", "Sender"),
}


def user_operations(facts: DeviceFacts) -> Mapping[str, Operation]:
    """Return the operations of users."""
    room = _Users(facts)
    return {
        "GetUsers": Operation("READ_SYSTEM_SECRET", room.get_users),
        "CreateUsers": Operation("WRITE_SYSTEM", room.create_users),
        "DeleteUsers": Operation("WRITE_SYSTEM", room.delete_users),
        "SetUser": Operation("WRITE_SYSTEM", room.set_user),
    }


class _Users:
    def __init__(self, facts: DeviceFacts) -> None:
        self._facts = facts

    def get_users(self, request: Request, caller: Caller) -> Fields:
        told = sorted(self._facts.accounts().values())
        return {"User": [{"Username": a.name, "UserLevel": LEVELS[a.role]} for a in told]}

    def create_users(self, request: Request, caller: Caller) -> Fields:
        wanted = [
            Account(_name(user), _role(user), needed(user.Password, "Password"))
            for user in _given(request.User)
        ]
        with _faults():
            self._facts.add_accounts(wanted)
        return {}

    def delete_users(self, request: Request, caller: Caller) -> Fields:
        with _faults():
            self._facts.remove_accounts(needed(given(request.Username, "Username"), "Username"))
        return {}

    def set_user(self, request: Request, caller: Caller) -> Fields:
        wanted = [(_name(user), _role(user), user.Password) for user in _given(request.User)]
        with _faults():
            self._facts.change_accounts(wanted)
        return {}


def _given(users: Any) -> list[Any]:
    return list(needed(given(users, "User"), "User"))


def _name(user: Any) -> str:
    return str(needed(user.Username, "Username"))


def _role(user: Any) -> str:
    level = needed(user.UserLevel, "UserLevel")
    if level in {"Anonymous", "Extended"}:
        reason = f"UserLevel={level}: there are {', '.join(ROLES)}"
        raise Fault("OperationProhibited/AnonymousNotAllowed", reason)
    if level not in ROLES:
        raise Fault("InvalidArgVal", f"UserLevel={level[:24]} is not one of {', '.join(ROLES)}")
    return ROLES[level]


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except AccountError as error:
        raise Fault(FAULTS[error.kind][0], str(error), FAULTS[error.kind][1]) from None
