"""Fixtures for tests of the Discourse connector."""

from collections.abc import Iterator

import pytest

from tests.sync.discourse.scripted import Script, scripted


@pytest.fixture
def script() -> Iterator[Script]:
    """A server of fixed answers."""
    with scripted() as found:
        yield found
