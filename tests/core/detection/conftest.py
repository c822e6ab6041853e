"""What tests of the background share: a model that knows its room."""

import pytest
from grounds import look


@pytest.fixture
def settled(drawn):
    """A model that has seen an empty tiled room for 4 s, and the room."""
    room = drawn.tiles()
    return look([drawn.noisy(room, index) for index in range(50)]), room
