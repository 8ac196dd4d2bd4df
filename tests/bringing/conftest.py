"""Where answers are brought back: the stage of conversions, with a case in which staff have answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.bringing import FindIn
from moderation.privacy.finder import Finder
from moderation.privacy.rules import NO_RULES
from sync.detectors import library_detectors
from tests.bringing.solved import Solved


@pytest.fixture(scope="session")
def find() -> FindIn:
    """The finder with the library for telephone numbers."""
    return Finder(NO_RULES, library_detectors(NO_RULES)).find_in


@pytest.fixture
def solved(tmp_path: Path, find: FindIn, expected_logs: list[str]) -> Iterator[Solved]:
    """A solved case of one's own."""
    expected_logs.append(r"^sync\.http\.pacing: ")
    made = Solved(tmp_path / "home", find)
    yield made
    made.stage.close()


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, find: FindIn) -> Iterator[Solved]:
    """A solved case that tests only look at."""
    made = Solved(tmp_path_factory.mktemp("settled") / "home", find)
    yield made
    made.stage.close()
