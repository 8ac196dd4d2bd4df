"""Figures of persons: off unless a team switches them on, one's own always, never of few, and every look is logged."""

from moderation.persons.figures import PersonFigures, by_person, by_team
from moderation.persons.permit import LEAST_GROUP, Look, LookLog, Permit, PersonRules, Scope

__all__ = [
    "LEAST_GROUP",
    "Look",
    "LookLog",
    "Permit",
    "PersonFigures",
    "PersonRules",
    "Scope",
    "by_person",
    "by_team",
]
