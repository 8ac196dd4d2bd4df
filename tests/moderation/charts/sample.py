"""The held-out community as it is shown, and words of the real catalogues."""

from functools import cache

from moderation.charts.shapes import Say
from moderation.coverage.computing import Covered, cover
from moderation.coverage.doors import Spans
from moderation.coverage.overview import Overview, overview
from resources.messages import text
from tests.moderation.coverage.held_out import RULES, SINCE, UNTIL, lines


def say_in(language: str) -> Say:
    """Words of a language."""
    return lambda code, **facts: text(code, language, **facts)


english = say_in("en")


def covered(since: int, until: int, *, now: bool) -> Covered:
    """Figures of a time."""
    return cover(lines(), since, until, RULES, now=now)


@cache
def spans() -> Spans:
    """March, its first half before its second, and all of it by weeks."""
    middle = (SINCE + UNTIL) // 2
    return Spans(covered(SINCE, UNTIL, now=True), covered(SINCE, middle, now=False), covered(SINCE, UNTIL, now=True))


@cache
def view(working: bool = False) -> Overview:
    """All that is shown."""
    return overview(spans(), [(native, native.title()) for native in ("help", "night", "chat")], working=working)


def nothing() -> Overview:
    """Nobody asked anything."""
    empty = covered(SINCE - 2, SINCE - 1, now=True)
    return overview(Spans(empty, empty, empty), [("help", "Help")])
