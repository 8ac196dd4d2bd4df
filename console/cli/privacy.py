"""``marquee privacy``: what was found in a public post, and saying that a find is not private."""

import argparse
from typing import TYPE_CHECKING

from console.cli.context import Context
from console.cli.documents import Json
from console.cli.exits import Exit
from console.cli.words import Words
from moderation.desk.candidates import SaidNotPrivate
from moderation.errors import NotAllowedError
from moderation.privacy.dismissals import Found, WhyNot
from moderation.privacy.spots import Spot

if TYPE_CHECKING:
    from moderation.desk import Desk


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``privacy``."""
    parser.add_argument("id", metavar="ID", help=words("cli_help_privacy_id"))
    parser.add_argument("--not-private", metavar="N", action="append", type=_number, help=words("cli_help_not_private"))
    parser.add_argument("--private", metavar="N", action="append", type=_number, help=words("cli_help_private_again"))
    parser.add_argument("--why", choices=[str(why) for why in WhyNot], help=words("cli_help_why_not"))


def _number(text: str) -> int:
    """A find's number, ``all`` is 0."""
    if text == "all":
        return 0
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Print the finds of a post or title; dismiss some of them first, or take that back."""
    with context.desk(engine=False) as workplace:
        desk = workplace.desk
        desk.triage.refresh_overlay()
        post = context.reference(parsed.id)
        found = desk.candidates.found(post)
        if parsed.not_private:
            _dismiss(desk, found, parsed.not_private, parsed.why)
        if parsed.private:
            spots = tuple(dict.fromkeys(_chosen(found, parsed.private)))
            desk.candidates.take_back(SaidNotPrivate(found.post, spots))
        found = desk.candidates.found(post)
    if context.json:
        context.answer({"id": found.post, "found": document(found)})
    else:
        _show(context, found)
    return Exit.DONE


def _dismiss(desk: "Desk", found: Found, numbers: list[int], why: str | None) -> None:
    if why is None:
        raise NotAllowedError("not_private_why_missing", known=", ".join(WhyNot))
    desk.candidates.not_private(found.post, [spot.print for spot in _chosen(found, numbers)], why)


def _chosen(found: Found, numbers: list[int]) -> list[Spot]:
    """Finds by number; 0 means all of them."""
    if max(numbers) > len(found.spots):
        raise NotAllowedError("find_unknown", id=found.post)
    return [spot for n in numbers for spot in ((found.spots[n - 1],) if n else found.spots)]


def document(found: Found) -> list[Json]:
    """Finds as JSON: places are characters of the post's text without markup."""
    return [
        {
            "number": number,
            "kind": spot.kind.value,
            "reason": spot.reason,
            "sure": spot.sureness.value,
            "snippet": spot.masked,
            "start": spot.start,
            "end": spot.end,
            "alarms": spot.alarms,
            "stands": spot.print not in found.dismissed,
        }
        for number, spot in enumerate(found.spots, 1)
    ]


def _show(context: Context, found: Found) -> None:
    words = context.words
    columns = [("cli_col_number", "r"), ("cli_col_kind", ""), ("cli_col_snippet", "f"), ("cli_col_sure", ""),
               ("cli_col_reason", ""), ("cli_col_state", "")]  # fmt: skip
    rows: list[list[object]] = [
        [number, words(f"private_kind_{spot.kind.value}"), spot.masked, words(f"private_sure_{spot.sureness.value}"),
         words(f"private_reason_{spot.reason}"),
         words("cli_not_private") if spot.print in found.dismissed else ""]
        for number, spot in enumerate(found.spots, 1)
    ]  # fmt: skip
    context.show_table(columns, rows)
    if not rows:
        context.say("cli_nothing_found", id=found.post)
