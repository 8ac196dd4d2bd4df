"""How far the leak guard reaches: ``python -m tests.bringing.measure`` writes the table of ``docs/bring-back.md``."""

import random
import re
from pathlib import Path

from moderation.bringing import Guard, Known, PrivateText, Whose
from moderation.privacy.finder import Finder
from tests.bringing import corpus

PAGE = Path(__file__).parents[2] / "docs" / "bring-back.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"
SEED = 20


def guard() -> Guard:
    """A guard over the private sentences of both languages."""
    staff = [*corpus.lines(corpus.STAFF_EN), *corpus.lines(corpus.STAFF_JA)]
    customer = [*corpus.lines(corpus.CUSTOMER_EN), *corpus.lines(corpus.CUSTOMER_JA)]
    private = [PrivateText(text, Whose.STAFF) for text in staff]
    private += [PrivateText(text, Whose.CUSTOMER) for text in customer]
    return Guard(Known("case-1", tuple(private)), Finder().find_in)


def caught(looks: Guard, text: str) -> bool:
    """Whether anything in a text has to be accepted or struck out."""
    return any(one.stops for one in looks.look(text))


def rows() -> list[tuple[str, int, int, int, int]]:
    """For each edit: how many English sentences were caught, of how many, and the same in Japanese."""
    looks, dice = guard(), random.Random(SEED)
    english = [*corpus.lines(corpus.STAFF_EN), *corpus.lines(corpus.CUSTOMER_EN)]
    japanese = [*corpus.lines(corpus.STAFF_JA), *corpus.lines(corpus.CUSTOMER_JA)]
    found = []
    for name, edit in {"unchanged": lambda text, dice: text, **corpus.SMALL, **corpus.LARGE}.items():
        en = sum(caught(looks, edit(text, dice)) for text in english)
        ja = sum(caught(looks, edit(text, dice)) for text in japanese)
        found.append((name, en, len(english), ja, len(japanese)))
    return found


def false_alarms() -> tuple[int, int, int, int]:
    """Unrelated sentences that were objected to, of how many: English, Japanese."""
    looks = guard()
    en, ja = corpus.lines(corpus.UNRELATED_EN), corpus.lines(corpus.UNRELATED_JA)
    return sum(caught(looks, one) for one in en), len(en), sum(caught(looks, one) for one in ja), len(ja)


def table() -> str:
    """What the page shows."""
    lines = ["| a private sentence, after | English | Japanese |", "| --- | --- | --- |"]
    lines += [f"| {name} | {en} of {of_en} | {ja} of {of_ja} |" for name, en, of_en, ja, of_ja in rows()]
    en, of_en, ja, of_ja = false_alarms()
    lines += [f"| **unrelated sentences objected to** | {en} of {of_en} | {ja} of {of_ja} |"]
    caught_en, caught_ja = (sum(row[at] for row in rows()) for at in (1, 3))
    lines += [f"| **precision over the whole table** | {_share(caught_en, en)} | {_share(caught_ja, ja)} |"]
    return "\n".join(lines) + "\n"


def _share(right: int, wrong: int) -> str:
    return f"{100 * right / (right + wrong):.1f} %"


def written(page: str) -> str:
    """The page with the table of now."""
    return re.sub(f"{BEGIN}.*?{END}", lambda _: f"{BEGIN}{table()}{END}", page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(table())
