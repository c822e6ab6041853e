"""Wrong passwords lock an account (WEB-05): five within five minutes, for five minutes."""

from hypothesis import given
from hypothesis import strategies as st

from emulator.core.lockout import Lockout

MINUTE = 60_000
FIVE = 5 * MINUTE
INSTANTS = st.integers(0, 10**13)


def wrong(*at_ms, name="vera", lockout=None):
    """What holds after wrong passwords at these instants, while the name was not locked."""
    lockout = lockout or Lockout()
    for at in at_ms:
        assert lockout.left_ms(name, at) == 0
        lockout = lockout.after_wrong(name, at)
    return lockout


# --- worked examples -----------------------------------------------------------------------------


def test_the_fifth_wrong_password_locks_for_five_minutes():
    four = wrong(0, 1000, 2000, 3000)
    assert [four.left_ms("vera", 3000), four.tries_left("vera", 3000)] == [0, 1]
    five = wrong(4000, lockout=four)
    assert five.left_ms("vera", 4000) == FIVE
    assert five.tries_left("vera", 4000) == 0
    assert five.left_ms("vera", 4000 + FIVE - 1) == 1
    assert five.left_ms("vera", 4000 + FIVE) == 0
    assert five.tries_left("vera", 4000 + FIVE) == 5  # all anew


def test_wrong_passwords_older_than_five_minutes_do_not_count():
    assert wrong(0, 1000, 2000, 3000, FIVE).left_ms("vera", FIVE) == 0
    assert wrong(0, 1000, 2000, 3000, FIVE - 1).left_ms("vera", FIVE - 1) == FIVE
    assert wrong(0, 1000, 2000, 3000, FIVE).tries_left("vera", FIVE) == 1


def test_the_right_password_forgets_the_wrong_ones():
    lockout = wrong(0, 1, 2, 3).after_right("vera")
    assert lockout.tries_left("vera", 4) == 5


def test_one_name_does_not_lock_another():
    lockout = wrong(0, 1, 2, 3, 4)
    assert lockout.left_ms("olga", 4) == 0
    assert wrong(4, name="olga", lockout=lockout).left_ms("vera", 4) == FIVE


def test_a_clock_set_back_to_before_the_lock_ends_it():
    lockout = wrong(FIVE, FIVE, FIVE, FIVE, FIVE)
    assert lockout.left_ms("vera", FIVE - 1) == 0
    assert lockout.tries_left("vera", FIVE - 1) == 5


def test_whoever_tries_a_thousand_names_makes_the_oldest_forgotten():
    lockout = wrong(0, 1, 2, 3)
    for number in range(999):
        lockout = lockout.after_wrong(f"name {number}", 4)
    assert lockout.tries_left("vera", 4) == 1
    lockout = lockout.after_wrong("one more", 4)
    assert lockout.tries_left("vera", 4) == 5
    assert len(lockout.by_name) == 1000


# --- laws ----------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from("ab"), INSTANTS), max_size=30), INSTANTS)
def test_nobody_is_locked_for_longer_than_five_minutes_or_by_fewer_than_five(tries, now):
    lockout, counts = Lockout(), {"a": 0, "b": 0}
    for name, at_ms in tries:
        if not lockout.left_ms(name, at_ms):
            lockout = lockout.after_wrong(name, at_ms)
            counts[name] += 1
    for name, count in counts.items():
        left = lockout.left_ms(name, now)
        assert 0 <= left <= FIVE
        assert not left or count >= 5
        assert (lockout.tries_left(name, now) == 0) == (left > 0)


@given(st.lists(st.integers(0, 2 * FIVE), min_size=5, max_size=20).map(sorted))
def test_five_in_a_row_within_five_minutes_lock_and_nothing_else_does(instants):
    lockout, since = Lockout(), []
    for at_ms in instants:
        if lockout.left_ms("vera", at_ms):
            return  # it was locked by the five before, which was checked then
        lockout = lockout.after_wrong("vera", at_ms)
        since = [*since, at_ms]
        is_fifth = len(since) >= 5 and since[-1] - since[-5] < FIVE
        assert (lockout.left_ms("vera", at_ms) > 0) == is_fifth
