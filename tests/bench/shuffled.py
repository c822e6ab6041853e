"""A pytest plugin that runs checks in an order of its own: `-p bench.shuffled`, seed in $ORDER."""

import os
import random

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Mix them up."""
    random.Random(int(os.environ["ORDER"])).shuffle(items)
