"""Invented sentences, English and Japanese, with known words of known frequency in them.

Words follow Zipf's law; English ones are made of syllables, Japanese ones of kanji pairs, katakana and particles.
"""

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass

COMMON_EN, RARE_EN = "update", "zephyrine"
COMMON_JA, RARE_JA, SHORT_JA, ABSENT_JA = "再起動", "蛍石", "設定", "鯨幕"
"""Marks put into the texts: about one post in ten has a common one, one in twenty thousand a rare one.

``SHORT_JA`` is common and of two characters; ``ABSENT_JA`` never stands in a text, though each of its characters may.
"""

_SYLLABLES = [first + second for first in "bcdfghjklmnprstvwz" for second in ("a", "e", "i", "o", "u", "an", "er")]
_KANJI = (
    "日本人大小中年月新通信回線電話番号契約更接続機器無料金額請求書類確認方法問題解決端末画面表示速度低下原因対応"
    "変更手続必要情報登録完了時間昨夜今朝毎回同様状態正常動作停止音声品質改善期待利用者会社支払銀行口座住所氏名"
)
_KATAKANA = [
    "ルーター", "モデム", "アプリ", "ログ", "サーバー", "データ", "メール", "パスワード", "ファイル", "エラー",
    "アップデート", "ケーブル",
]  # fmt: skip
_PARTICLES = ["が", "の", "に", "を", "は", "で", "も", "から", "まで", "より", "と", "へ"]
_ENDINGS = ["です。", "ます。", "ました。", "ません。", "でしょうか。", "ください。", "たいです。", "ています。"]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Pools to choose from: plain text, no markup."""

    english: Sequence[str]
    japanese: Sequence[str]
    titles_en: Sequence[str]
    titles_ja: Sequence[str]


def sentences(chance: random.Random, count: int = 40_000) -> Sentences:
    """Pools of about that many sentences a language."""
    english, japanese = _english_words(chance), _japanese_words(chance)
    return Sentences(
        [_english(chance, english, 6, 15) for _ in range(count)],
        [_japanese(chance, japanese, 4, 9) for _ in range(count)],
        [_english(chance, english, 4, 9).rstrip(".") for _ in range(count // 8)],
        [_japanese(chance, japanese, 2, 5).rstrip("。") for _ in range(count // 8)],
    )


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    words: Sequence[str]
    weights: Sequence[float]

    def some(self, chance: random.Random, least: int, most: int) -> list[str]:
        return chance.choices(self.words, cum_weights=self.weights, k=chance.randint(least, most))


def _zipf(words: Sequence[str]) -> _Vocabulary:
    return _Vocabulary(words, list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words)))))


def _short_ones_first(chance: random.Random, words: set[str]) -> list[str]:
    """Roughly: as in real languages, what is said often tends to be short."""
    return sorted(sorted(words), key=lambda word: len(word) + chance.random() * 6)


def _english_words(chance: random.Random) -> _Vocabulary:
    made = {"".join(chance.choices(_SYLLABLES, k=chance.choice((1, 1, 2, 2, 2, 3, 3, 4)))) for _ in range(30_000)}
    return _zipf(_short_ones_first(chance, made))


def _japanese_words(chance: random.Random) -> _Vocabulary:
    pairs = {"".join(chance.choices(_KANJI, k=chance.choice((2, 2, 2, 3, 4)))) for _ in range(8_000)}
    return _zipf([*_KATAKANA, *_short_ones_first(chance, pairs)])


def _english(chance: random.Random, words: _Vocabulary, least: int, most: int) -> str:
    return " ".join(words.some(chance, least, most)).capitalize() + "."


def _japanese(chance: random.Random, words: _Vocabulary, least: int, most: int) -> str:
    parts = [word + chance.choice(_PARTICLES) for word in words.some(chance, least, most)]
    return "".join(parts) + chance.choice(_ENDINGS)
