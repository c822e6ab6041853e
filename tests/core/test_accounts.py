"""Accounts: the facts' roles and limits typed out, then laws, then refusals."""

import contextlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.accounts import (
    Account,
    AccountError,
    added,
    check_password,
    may,
    removed,
)

ADMIN = Account("admin", "admin", "stunt5cam")
ANNA = Account("anna", "operator", "pass1word")
BOTH = {"admin": ADMIN, "anna": ANNA}
FULL = {f"user{n}": Account(f"user{n}", "viewer", "pass1word") for n in range(19)} | {
    "admin": ADMIN
}


def add(accounts, name="bob", password="pass1word", level=2, **more):
    fields = {"username": name, "password": password, "userLevel": level, **more}
    return added(accounts, fields.items())


letters, digits = st.sampled_from(string.ascii_letters), st.sampled_from(string.digits)
passwords = st.tuples(letters, digits, st.text(string.printable, min_size=6, max_size=30)).map(
    "".join
)
names = st.text(string.ascii_letters + string.digits + "._-@ ", min_size=1, max_size=32)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


# --- worked examples: facts 1 ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "paths"),
    [("admin", "admin operator viewer"), ("operator", "operator viewer"), ("viewer", "viewer")],
)
def test_a_role_may_use_its_own_paths_and_those_below(role, paths):
    assert [least for least in ("admin", "operator", "viewer") if may(role, least)] == paths.split()


@pytest.mark.parametrize("password", ["abcdefg1", "1" * 31 + "a", "A 1 ' \" : ;", "pässwört1"])
def test_a_password_has_8_to_32_characters_with_a_letter_and_a_digit(password):
    check_password(password)


@pytest.mark.parametrize(("level", "role"), [(0, "admin"), (1, "operator"), (2, "viewer")])
def test_user_level_0_is_an_administrator_and_2_a_viewer(level, role):
    assert add(BOTH, level=level) == Account("bob", role, "pass1word")
    assert add(BOTH, level=str(level)) == Account("bob", role, "pass1word")


def test_a_name_that_is_taken_is_refused():
    with pytest.raises(AccountError, match=r"^username 'anna' is taken$"):
        add(BOTH, name="anna", level=2)


def test_the_20th_account_is_the_last():
    assert len(FULL) == 20
    nineteen = {name: account for name, account in FULL.items() if name != "user7"}
    assert add(nineteen).name == "bob"
    with pytest.raises(AccountError, match=r"^there are 20 accounts already$"):
        add(FULL)


def test_an_account_is_deleted_by_its_name():
    assert removed(BOTH, [("username", "anna")], "admin") == "anna"


# --- laws --------------------------------------------------------------------------------------


@given(names.filter(lambda name: name != "admin"), passwords, st.integers(0, 2))
def test_what_is_asked_for_is_what_is_added(name, password, level):
    role = ["admin", "operator", "viewer"][level]
    assert add(BOTH, name, password, level) == Account(name, role, password)


@given(
    st.lists(st.tuples(st.sampled_from(["username", "password", "userLevel"]) | st.text(), scalars))
)
def test_any_fields_at_all_give_an_account_or_a_refusal(fields):
    with contextlib.suppress(AccountError):
        assert isinstance(added(BOTH, fields), Account)
    with contextlib.suppress(AccountError):
        assert removed(BOTH, fields, "admin") == "anna"


@given(st.text(string.ascii_letters + "!? ") | st.text(string.digits + "!? "))
def test_a_refused_password_is_never_shown(password):
    told = r"^password (has \d+ characters, not 8\.\.32|lacks a letter or a digit)$"
    with pytest.raises(AccountError, match=told):
        check_password(password)


@given(
    st.sampled_from(["admin", "operator", "viewer"]),
    st.sampled_from(["admin", "operator", "viewer"]),
)
def test_of_two_roles_one_may_all_that_the_other_may(one, other):
    assert may(one, other) or may(other, one)
    assert (may(one, other) and may(other, one)) == (one == other)


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 7, 33, 5000])
def test_a_password_of_another_length_is_refused(length):
    with pytest.raises(AccountError, match=rf"^password has {length} characters, not 8\.\.32$"):
        check_password("a1" * (length // 2) + "a" * (length % 2))


@pytest.mark.parametrize("password", ["abcdefgh", "12345678", "!!!!!!!!", "abcdefg!", "1234567!"])
def test_a_password_without_a_letter_or_a_digit_is_refused(password):
    with pytest.raises(AccountError, match=r"^password lacks a letter or a digit$"):
        check_password(password)
    with pytest.raises(AccountError, match=r"^password lacks a letter or a digit$"):
        add(BOTH, password=password)


@pytest.mark.parametrize("password", [None, 12345678, ["pass1word"], True])
def test_a_password_that_is_no_text_is_refused(password):
    with pytest.raises(AccountError, match=r"^password is not a text$"):
        add(BOTH, password=password)


@pytest.mark.parametrize("name", ["", "a" * 33, "a:b", ":", "a\nb", "\x7f", None, 7, ["bob"]])
def test_a_name_is_1_to_32_characters_without_a_colon(name):
    with pytest.raises(
        AccountError, match=r"^username is not 1\.\.32 printable characters without a"
    ):
        add(BOTH, name=name)


@pytest.mark.parametrize("level", [3, -1, "3", "", "00", None, True, False, 1.0, [1]])
def test_a_level_is_one_of_three(level):
    with pytest.raises(AccountError, match=r"^userLevel is not one of 0 \(admin\), 1 \(oper"):
        add(BOTH, level=level)


@pytest.mark.parametrize("left_out", ["username", "password", "userLevel"])
def test_an_account_with_a_field_left_out_is_refused(left_out):
    fields = {"username": "bob", "password": "pass1word", "userLevel": 2}
    del fields[left_out]
    with pytest.raises(AccountError, match=r"^the fields are not username, password, userLevel, "):
        added(BOTH, fields.items())


def test_a_field_that_is_not_known_or_given_twice_is_refused():
    with pytest.raises(AccountError, match=r"^the fields are not username, password, userLevel, "):
        add(BOTH, more=1)
    twice = [("username", "bob"), ("username", "eve"), ("password", "pass1word"), ("userLevel", 2)]
    with pytest.raises(AccountError, match=r"^the fields are not username, password, userLevel, "):
        added(BOTH, twice)
    with pytest.raises(AccountError, match=r"^the fields are not username, each once$"):
        removed(BOTH, [("username", "eve"), ("username", "anna")], "admin")


def test_the_administrator_is_neither_replaced_nor_deleted():
    with pytest.raises(AccountError, match=r"^username 'admin' is taken$"):
        add(BOTH, name="admin", level=0)
    with pytest.raises(AccountError, match=r"^username 'admin' can't be deleted$"):
        removed(BOTH, [("username", "admin")], "admin")


def test_the_administrator_may_have_another_name():
    chief = {"chief": Account("chief", "admin", "stunt5cam"), "admin": ANNA}
    assert removed(chief, [("username", "admin")], "chief") == "admin"
    with pytest.raises(AccountError, match=r"^username 'chief' can't be deleted$"):
        removed(chief, [("username", "chief")], "chief")


@pytest.mark.parametrize("name", ["bob", "", "Anna", None, 7, ["anna"]])
def test_nobody_can_be_deleted_who_is_not_there(name):
    with pytest.raises(AccountError, match=r"^username is not that of an account$"):
        removed(BOTH, [("username", name)], "admin")
