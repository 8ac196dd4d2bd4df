"""The roster: who of the staff there is, since when, in which team and hours, and who is away. Pure."""

from moderation.people.absences import Absence, CalendarImport, CalendarState, absent_until
from moderation.people.hours import hours_text, parse_hours
from moderation.people.ports import People
from moderation.people.proposals import GroupChange, Proposals, StaffGroup, propose
from moderation.people.requests import FollowRequest, RequestKind, RequestState
from moderation.people.roster import Consent, Person, parse_terms, staff_days, terms_text

__all__ = [
    "Absence",
    "CalendarImport",
    "CalendarState",
    "Consent",
    "FollowRequest",
    "GroupChange",
    "People",
    "Person",
    "Proposals",
    "RequestKind",
    "RequestState",
    "StaffGroup",
    "absent_until",
    "hours_text",
    "parse_hours",
    "parse_terms",
    "propose",
    "staff_days",
    "terms_text",
]
