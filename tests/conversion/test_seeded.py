"""Conversions in every test run, half on either platform: 300 with crashes at the journal's seam, 30 with a real
``SIGKILL`` there and back.
"""

from pathlib import Path

import pytest

from tests.conversion.killing import killing
from tests.conversion.runs import one

RUNS, AT_ONCE = 300, 15
KILLS, AT_A_HOME = 30, 5


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, RUNS, AT_ONCE))
@pytest.mark.timeout(300)
def test_seeded_conversions_with_crashes_at_the_journals_seam(first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        one(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(0, KILLS, AT_A_HOME))
@pytest.mark.timeout(900)
def test_conversions_with_the_engine_killed_at_random_moments(seed: int, tmp_path: Path) -> None:
    face = ("nodebb", "discourse")[seed // AT_A_HOME % 2]
    with killing(seed, tmp_path / "home", face) as run:
        for number in range(AT_A_HOME):
            run.one(number)
