"""The text of each post and title, the same whenever it is asked for."""

import random
from dataclasses import dataclass

from tests.benchmarks.filling.recipe import FIRST_POST
from tests.benchmarks.filling.words import COMMON_EN, COMMON_JA, RARE_EN, RARE_JA, SHORT_JA, Sentences, sentences

_COMMON, _RARE = 10, 20_000


@dataclass(frozen=True, slots=True)
class Texts:
    """Makes texts from pools by a number of the post's own."""

    pool: Sentences

    @classmethod
    def seeded(cls, seed: int = 11) -> "Texts":
        """The pools of this seed."""
        return cls(sentences(random.Random(seed)))

    def html(self, place: int, japanese: bool) -> str:
        """A post as the server renders it: one to four sentences, about 190 characters in the mean."""
        mixed = (place * 2_654_435_761) & 0xFFFF_FFFF
        pool = self.pool.japanese if japanese else self.pool.english
        count = 1 + mixed % 4 + (mixed % 97 == 0) * 12
        parts = [pool[(mixed + step * 7_919 + place) % len(pool)] for step in range(count)]
        if mark := _mark(place, japanese):
            parts.insert(len(parts) // 2, mark)
        between = "" if japanese else " "
        return f'<p dir="auto">{between.join(parts)}{between}#{FIRST_POST + place}</p>\n'

    def title(self, number: int, japanese: bool) -> str:
        """A thread's title."""
        pool = self.pool.titles_ja if japanese else self.pool.titles_en
        return pool[(number * 40_503) % len(pool)]


def _mark(place: int, japanese: bool) -> str:
    words = []
    if place % _COMMON == 3:
        words.append(COMMON_JA if japanese else COMMON_EN)
    if place % _COMMON == 7 and japanese:
        words.append(SHORT_JA)
    if place % _RARE in (1_111, 1_112, 1_113):
        words.append(RARE_JA if japanese else RARE_EN)
    return " ".join(words)
