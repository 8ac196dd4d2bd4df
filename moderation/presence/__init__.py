"""Presence cards: what customers are told of who looks after a forum, kept true (DESIGN section 9). Pure."""

from moderation.presence.card import CardWording, Drafted, Statements, draft
from moderation.presence.kept import Card, CardChange, Cards, CardShape, CardState
from moderation.presence.looking import Facts, Looker, Usual
from moderation.presence.text import language_of, marked, rendered, title_of
from moderation.presence.truth import Judged, Verdict, judge

__all__ = [
    "Card",
    "CardChange",
    "CardShape",
    "CardState",
    "CardWording",
    "Cards",
    "Drafted",
    "Facts",
    "Judged",
    "Looker",
    "Statements",
    "Usual",
    "Verdict",
    "draft",
    "judge",
    "language_of",
    "marked",
    "rendered",
    "title_of",
]
