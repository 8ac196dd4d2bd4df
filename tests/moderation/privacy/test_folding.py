"""Folding: what detectors read, and the way back to the text as it is shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.privacy.folding import fold


@pytest.mark.parametrize(
    ("shown", "folded"),
    [
        ("plain 03-1234", "plain 03-1234"),
        ("０３－１２３４", "03-1234"),
        ("ｋｅｎ＠ｅｘａｍｐｌｅ．ｊｐ", "ken@example.jp"),
        ("０８０ー５５５５", "080-5555"),
        ("サーバー", "サーバー"),
        ("ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
        ("ハ\u309aスワート\u3099", "パスワード"),
        ("a\u200bb\u00adc", "abc"),
        ("1–2—3−4‐5", "1-2-3-4-5"),
        ("٠١٢", "012"),
        ("℡", "TEL"),
        ("①②", "12"),
        ("İ", "I"),
    ],
)
def test_what_detectors_read(shown: str, folded: str) -> None:
    assert fold(shown).text == folded


@pytest.mark.parametrize(
    ("shown", "wanted", "place"),
    [
        ("電話 ０３－１２３４です", "03-1234", "０３－１２３４"),
        ("㈱ mayu@example.jp まで", "mayu@example.jp", "mayu@example.jp"),
        ("℡03-1234", "03-1234", "03-1234"),
        ("no\u200bte: 4\u200b2\u200b1", "421", "4\u200b2\u200b1"),
        ("ﾊﾟｽﾜｰﾄﾞはabc", "abc", "abc"),
    ],
)
def test_the_way_back(shown: str, wanted: str, place: str) -> None:
    folded = fold(shown)
    at = folded.text.index(wanted)
    start, end = folded.back(at, at + len(wanted))
    assert shown[start:end] == place


@given(st.text(max_size=60), st.data())
def test_every_place_leads_back_into_the_text(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    first, last = folded.back(start, end)
    assert 0 <= first <= last <= len(text)
    if end > start:
        assert last > first


@given(st.text(max_size=60))
def test_lower_case_keeps_lengths(text: str) -> None:
    folded = fold(text).text
    assert len(folded.lower()) == len(folded)


@given(st.text(alphabet=st.characters(categories=["Lo", "Nd", "Ll"]), max_size=40))
def test_one_sign_of_the_text_is_found_where_it_stood(text: str) -> None:
    whole = text + "７" + text
    folded = fold(whole)
    for at in range(len(folded.text)):
        start, end = folded.back(at, at + 1)
        said = "".join(unicodedata.normalize("NFKC", char) for char in whole[start:end])
        assert folded.text[at] in said or not said.isascii()
