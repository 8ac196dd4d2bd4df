"""Items prepared ahead: what was read later stands, whichever read ends first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from views.item.pictures_held import Pictures
from views.item.shelf import Shelf
from views.theme import Scheme, Theme

ITEM = "quillby.example:flag:1"


@dataclass(frozen=True)
class Page:
    """What is laid out where the shelf finds time before the test is over."""

    html: str = ""


@dataclass(frozen=True)
class Facts:
    """As much of an item's facts as the shelf looks at."""

    said: str
    around: frozenset[str] = frozenset()
    page: Page = Page()


class Reads:
    """Reads that end when the test says so."""

    def __init__(self) -> None:
        self.open: list[tuple[str, Callable[[Any], None]]] = []

    def running(self, name: str) -> bool:
        """Nothing stands in the way of another one."""
        return False

    def read(self, name: str, fn: object, *args: object, then: Callable[[Any], None], **how: object) -> None:
        """Keep it open."""
        self.open.append((name, then))


@pytest.fixture
def shelf(qapp: QApplication) -> Iterator[tuple[Shelf, Reads]]:
    reads: Any = Reads()
    engine: Any = object()
    host = QObject(qapp)
    theme = Theme(Scheme.LIGHT)
    made = Shelf(reads, theme, lambda: None, lambda verb: "", Pictures(engine, host), host)  # type: ignore[arg-type, return-value]
    yield made, reads
    made.want([])


def said(shelf: Shelf) -> str:
    """What the item's facts say."""
    facts: Any = shelf.facts(ITEM)
    return str(facts.said)


def test_an_older_answer_does_not_replace_a_newer_one(shelf: tuple[Shelf, Reads]) -> None:
    kept, reads = shelf
    kept.want([ITEM])
    reads.open.pop()[1](Facts("first"))
    kept.unfold(ITEM, kept.unfolded(ITEM))
    kept.renew([ITEM])
    (unfolded, older), (again, newer) = reads.open
    assert (unfolded, again) == ("item", f"again:{ITEM}")
    newer(Facts("new"))
    older(Facts("old"))
    assert said(kept) == "new"


def test_in_the_order_in_which_they_were_asked_the_last_stands(shelf: tuple[Shelf, Reads]) -> None:
    kept, reads = shelf
    kept.want([ITEM])
    reads.open.pop()[1](Facts("first"))
    kept.unfold(ITEM, kept.unfolded(ITEM))
    kept.renew([ITEM])
    (_, older), (_, newer) = reads.open
    older(Facts("old"))
    newer(Facts("new"))
    assert said(kept) == "new"
