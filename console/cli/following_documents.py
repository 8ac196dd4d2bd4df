"""What ``following`` and ``team`` answer with ``--json``."""

from datetime import datetime

from console.cli.documents import Json, ident
from console.cli.output import at
from moderation.desk.following import Followed
from moderation.following.load import Suggestion
from moderation.following.matrix import Column
from moderation.following.promised import Promised
from moderation.people import (
    Absence,
    CalendarImport,
    FollowRequest,
    GroupChange,
    Person,
    Proposals,
    hours_text,
    terms_text,
)
from moderation.people.ports import FollowingChange


def forum(seen: Followed, row: int, promised: Promised | None = None) -> Json:
    """A forum with everybody of the staff who has an account there, and how each follows it; ``promised`` are the
    promised hours of the coming week, and those of them in which nobody who covers it works.
    """
    matrix, entry, covered = seen.matrix, seen.matrix.rows[row], seen.covered(row)
    return {
        "forum": str(entry.forum.id),
        "forum_name": entry.forum.name,
        "parent": ident(entry.forum.parent),
        "covered": "unknown" if covered is None else covered,
        "state": str(entry.gap) if seen.confirmed else "unknown",
        "last_there": at(entry.last_there),
        "promised_s": promised.promised_s if promised is not None else None,
        "promised_open_s": promised.open_s if promised is not None else None,
        "owners": [ident(matrix.columns[column].account) for column in entry.owners],
        "followers": [
            {
                "member": str(one.account),
                "member_name": one.name,
                "level": str(matrix.shown(row, column)),
                "last_seen": at(matrix.last(row, column)),
                "covers": seen.confirmed and column in entry.present,
                "absent_until": at(one.absent_until),
            }
            for column, one in enumerate(matrix.columns)
            if one.account is not None
        ],
    }


def community(seen: Followed) -> Json:
    """What stands beside the forums of a community."""
    columns = seen.matrix.columns
    return {
        "community": seen.community,
        "as_of": at(seen.as_of),
        "complete_since": at(seen.complete_since),
        "confirmed": seen.confirmed,
        "sees_others": seen.sees_others,
        "default_level": str(seen.default),
        "active_days": seen.active_days,
        "unreadable": [unreadable(one) for one in seen.matrix.unread()],
        "without_account": [one.name for one in columns if one.account is None],
        "load": [
            {"member": str(columns[load.column].account), "follows": load.follows, "present_in": load.present_in,
             "alone_in": load.alone, "too_much": load.too_much}
            for load in seen.loads
            if columns[load.column].account is not None
        ],
    }  # fmt: skip


def unreadable(column: Column) -> Json:
    """Somebody of whom it is not known what they follow, and why."""
    return {"member": ident(column.account), "member_name": column.name, "why": column.why}


def suggestion(one: Suggestion) -> Json:
    """Somebody who answers in a forum."""
    return {
        "member": str(one.member),
        "member_name": one.name,
        "answers": one.answers,
        "last_at": at(one.last_at),
        "staff": one.column is not None,
        "follows": one.follows,
        "there": one.there,
    }


def request(one: FollowRequest, now: datetime, *, due: bool) -> Json:
    """What a colleague was asked; ``due``: what was taken over is to go back."""
    return {
        "id": one.id,
        "kind": str(one.kind),
        "state": str(one.standing(now)),
        "forums": [str(ref) for ref in one.forums],
        "level": str(one.level),
        "asked_by": str(one.asked_by),
        "asked_by_name": one.asked_by_name,
        "asked_of": str(one.asked_of),
        "asked_of_name": one.asked_of_name,
        "instead_of": ident(one.instead_of),
        "instead_of_name": one.instead_of_name or None,
        "asked_at": at(one.asked_at),
        "expires_at": at(one.expires_at),
        "answered_at": at(one.answered_at),
        "back_at": at(one.back_at),
        "due": due,
    }


def change(one: FollowingChange) -> Json:
    """A level that changed; null for no choice."""
    return {
        "member": str(one.member),
        "forum": str(one.forum),
        "level": one.level or None,
        "before": one.before or None,
        "at": at(one.at),
    }


def person(one: Person, away: datetime | None, calendar: CalendarImport | None, now: datetime) -> Json:
    """An entry of the roster."""
    return {
        "id": one.id,
        "name": one.name,
        "accounts": [str(account) for account in one.accounts],
        "dates": [terms_text((term,)) for term in one.terms] or ["always"],
        "on_staff": one.on_staff(now),
        "team": one.team or None,
        "title": one.title or None,
        "languages": list(one.languages),
        "hours": hours_text(one.hours) or None,
        "zone": one.hours.zone,
        "consent": str(one.consent),
        "bot": one.bot,
        "confirmed_by": one.confirmed_by or None,
        "confirmed_at": at(one.confirmed_at),
        "absent_until": at(away),
        "calendar": calendar_of(calendar, now) if calendar is not None else None,
    }


def calendar_of(one: CalendarImport, now: datetime) -> Json:
    """Where absences come from, and how far that can be trusted."""
    age = one.age(now)
    return {
        "source": one.source,
        "state": str(one.state(now)),
        "age_s": None if age is None else age.total_seconds(),
        "imported_at": at(one.imported_at),
        "covers_until": at(one.covers_until),
        "absences": one.count,
        "trouble": one.trouble or None,
    }


def absence(one: Absence) -> Json:
    """A time away."""
    return {"from": at(one.start), "until": at(one.end)}


def proposals(community_name: str, found: Proposals) -> Json:
    """What groups say beside the roster."""
    return {
        "community": community_name,
        "joined": [
            {"member": str(member), "member_name": name, "groups": list(groups)}
            for member, name, groups in found.joined
        ],
        "left": [{"person": one.id, "name": one.name} for one in found.left],
        "without_account": [{"person": one.id, "name": one.name} for one in found.without_account],
        "groups_changed": [group_change(one) for one in found.changed],
    }


def group_change(one: GroupChange) -> Json:
    """A group that is called otherwise, or is not there; ``now`` is what it seems to be."""
    return {
        "group": one.group.native,
        "name": one.group.name,
        "now": one.now.native if one.now is not None else None,
        "now_name": one.now.name if one.now is not None else None,
    }
