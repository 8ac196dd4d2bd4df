"""Whose following is wanted: the people of the team's roster, as the engine keeps them beside a connector's cursors."""

import json
from datetime import datetime

from moderation.content import Group
from sync.connector import Known

PEOPLE = "following.people"
"""A cursor that the engine writes: member id to the name by which the server knows the member (slug, user name)."""
ASKED = "following.asked"
"""A cursor that the engine writes: when a person last asked for everything (ISO 8601)."""
MOST_GROUPS, MOST_MEMBERS = 24, 300
"""Groups that are read with their members, and how large one may be: a group of customers says nothing of staff."""
RIGHT_MISSING, NOT_THERE, PAGE_UNFIT = "right_missing", "not_there", "page_unfit"
"""Why it cannot be read what somebody follows."""


def people_wanted(known: Known) -> dict[str, str]:
    """Native id to name of everybody in the roster who has an account here."""
    return {str(native): str(name) for native, name in json.loads(known.cursor(PEOPLE) or "{}").items()}


def asked_since(known: Known, at: str) -> bool:
    """Has a person asked for everything since a turn began (ISO 8601)?"""
    asked = known.cursor(ASKED)
    return asked is not None and datetime.fromisoformat(asked) > datetime.fromisoformat(at)


def worth_reading(groups: list[Group]) -> list[Group]:
    """Groups small enough to be staff, those that the platform made last, by name."""
    small = [group for group in groups if 0 < group.size <= MOST_MEMBERS]
    return sorted(small, key=lambda group: (group.automatic, group.name.casefold()))[:MOST_GROUPS]
