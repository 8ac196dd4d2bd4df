"""A mirror in a fresh home."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.mirror.place import Mirror


@pytest.fixture
def mirror(home_folder: Path) -> Iterator[Mirror]:
    made = Mirror(home_folder)
    yield made
    made.close()
