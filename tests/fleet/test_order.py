"""What a process on another machine is to be: told to it alone."""

import pytest

from emulator.core.accounts import Account
from emulator.edge.cluster import ClusterError
from emulator.fleet import plan
from emulator.fleet.order import Order, begin

ORDER = Order(
    members=plan.of_one_kind(1),
    ports=[0],
    number=0,
    host="127.0.0.1",
    admin=Account("admin", "admin", "s3cret-words"),
    state=None,
    token="t0ken-of-all",
    is_found=False,
)


def test_neither_password_nor_token_is_in_what_a_scheduler_logs_of_it():
    assert "127.0.0.1" in repr(ORDER)
    assert "s3cret-words" not in repr(ORDER)
    assert "t0ken-of-all" not in repr(ORDER)


def test_a_worker_of_another_version_begins_nothing():
    with pytest.raises(ClusterError, match=r"^a worker has stuntcam .*, not 0\.0\.1$"):
        begin("0.0.1", ORDER)
