"""Precision and recall on the bilingual corpus, with floors: a detector that gets worse fails here."""

import pytest

from moderation.privacy.finder import Finder
from moderation.privacy.spots import PrivateKind
from sync.detectors import library_detectors
from sync.detectors.rules_file import load_rules
from tests.corpus import privacy_corpus as corpus

FLOORS = {"tuned": (0.99, 0.99), "untouched": (0.94, 0.92), "unseen": (0.96, 0.9)}
"""Smallest precision and recall of each part, all kinds together."""
LEAST = 6
"""Places of each kind in the corpus: fewer would measure nothing."""


def finder() -> Finder:
    rules = load_rules(corpus.FOLDER / "rules.toml")
    return Finder(rules, library_detectors(rules))


@pytest.mark.parametrize("which", corpus.SETS)
@pytest.mark.parametrize("language", corpus.LANGUAGES)
def test_floors(which: str, language: str) -> None:
    result = corpus.measure(corpus.texts(which, language), finder().find_in)
    precision, recall = FLOORS[which]
    said = "\n".join(result.faults)
    assert result.total.precision >= precision, said
    assert result.total.recall >= recall, said
    assert result.candidates.precision >= precision, said
    assert result.candidates.recall >= recall, said


def test_each_kind_is_found_and_found_rightly() -> None:
    together = corpus.measure(corpus.everything(), finder().find_in)
    for kind in PrivateKind:
        score = together.kinds[kind.value]
        assert score.hits + score.missed >= LEAST, kind
        assert score.precision >= 0.85, kind
        assert score.recall >= 0.85, kind


def test_the_corpus_has_both_sorts_in_both_languages() -> None:
    for which in corpus.SETS:
        for language in corpus.LANGUAGES:
            texts = corpus.texts(which, language)
            private = sum(1 for text in texts if text.wanted)
            assert private >= 20
            assert len(texts) - private >= 15


def test_the_measure_sees_what_is_missed_and_what_is_wrong() -> None:
    result = corpus.measure(corpus.texts("tuned", "en"), lambda text: [])
    assert result.total.recall == 0
    shifted = corpus.measure(corpus.texts("untouched", "en"), lambda text: finder().find_in("ines@example.com " + text))
    assert shifted.total.precision < 0.6
