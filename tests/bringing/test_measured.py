"""The reach of the leak guard over a small bilingual corpus, and that the page says what was measured."""

from tests.bringing import corpus, measure


def test_small_edits_do_not_hide_where_a_sentence_came_from() -> None:
    for name, en, of_en, ja, of_ja in measure.rows():
        if name in corpus.LARGE:
            continue
        assert en == of_en, name
        assert ja == of_ja, name


def test_unrelated_sentences_are_rarely_objected_to() -> None:
    en, of_en, ja, of_ja = measure.false_alarms()
    assert of_en >= 30
    assert of_ja >= 24
    assert en <= of_en // 16
    assert ja <= of_ja // 12


def test_the_page_says_what_was_measured() -> None:
    page = measure.PAGE.read_text(encoding="utf-8")
    assert measure.BEGIN in page
    assert measure.written(page) == page, "python -m tests.bringing.measure writes it anew"
