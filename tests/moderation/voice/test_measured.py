"""The checks do not get worse on drafts that were written by hand."""

import pytest

from tests.corpus.voice_corpus import REPORT, measure

FLOORS = {"en": 0.9, "ja": 0.85}


@pytest.mark.parametrize("language", FLOORS)
def test_faults_are_caught_and_clean_drafts_are_left_alone(language: str) -> None:
    found = measure(language)
    assert found.caught.total() / found.there.total() >= FLOORS[language], found.missed
    assert found.disturbed == 0
    assert found.wrong.total() <= 1, found.wrong
    figures = f"| {language} | {found.there.total()} | {found.caught.total()} ("
    assert figures in REPORT.read_text(encoding="utf-8"), "make voice writes the page anew"
