"""Each part of giving a device back is tried as often as it takes, up to a bound."""

import pytest

from conformance.exchange import NoAnswerError
from conformance.restoring import tried


@pytest.mark.parametrize(
    ("failing", "times", "troubles", "done"),
    [
        (0, 1, [], 1),
        (1, 1, ["settings: no answer 1"], 1),
        (2, 3, [], 3),
        (5, 3, ["settings: no answer 3"], 3),
    ],
)
def test_a_part_is_tried_until_it_is_done_or_the_last_trouble_is_told(
    failing, times, troubles, done
):
    tries = []

    def put_back():
        tries.append(1)
        if len(tries) <= failing:
            raise NoAnswerError(f"no answer {len(tries)}")

    assert tried("settings", put_back, times) == troubles
    assert len(tries) == done
