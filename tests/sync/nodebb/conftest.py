"""Fixtures for tests against the sample community."""

from collections.abc import Iterator

import pytest

from tests.sync.nodebb.world import World, small_world


@pytest.fixture
def world() -> Iterator[World]:
    """A world that the test may change."""
    with small_world() as found:
        yield found
