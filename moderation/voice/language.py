"""English or Japanese, by the script that a text is written in; others are not told apart."""

import re

_KANA = re.compile("[\u3041-\u309f\u30a1-\u30ff]+")
_HAN = re.compile("[\u3400-\u9fff々]+")
_LATIN = re.compile("[A-Za-z]+")
LEAST = 12
"""Letters (a Japanese character counts as two and a half) that are needed to say anything."""
_WEIGHT = 2.5


def language_of(text: str) -> str:
    """``ja`` or ``en``; empty where it is neither, too short, or some of both."""
    kana = sum(map(len, _KANA.findall(text)))
    cjk = (kana + sum(map(len, _HAN.findall(text)))) * _WEIGHT
    latin = sum(map(len, _LATIN.findall(text)))
    if cjk + latin < LEAST:
        return ""
    share = cjk / (cjk + latin)
    if share >= 0.5:
        return "ja" if kana else ""
    return "en" if share < 0.1 else ""
