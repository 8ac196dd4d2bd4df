"""The private category of a customer: made once as a clone of the team's, and the customer let in right by right.

A category is found again by its handle: NodeBB makes it of the first name and keeps it whatever the category is called
later, so the first name is a mark, and the one for people is given afterwards (cloning overwrites the description too;
measured, NodeBB 4.15.1). Where somebody changed the handle: by the description, or by the rights that the customer has
there. Nothing private goes where anybody else than its customer and the team can read: that is read from the table of
rights before, and read back afterwards.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from moderation.actions import Action
from moderation.errors import NotAllowedError, RefusedError, TryLaterError, UnclearError
from moderation.ids import Kind, Ref
from moderation.intents import Intent
from sync.connector import Answer, Before, Evidence, Standing, Urgency
from sync.nodebb import endpoints
from sync.nodebb.decoders import CATEGORIES, CATEGORY, CATEGORY_ANSWER, CATEGORY_MADE, NOTHING, RIGHTS, USER_ANSWER
from sync.nodebb.ids import in_path, native
from sync.nodebb.payloads import CategoryP
from sync.nodebb.place_payloads import HolderP, RightsP
from sync.nodebb.push.tools import Tools
from sync.nodebb.reading import set_aside
from sync.parts.intents import Taken, on

CUSTOMERS_RIGHTS = ("find", "read", "topics:read", "topics:reply")
"""What a customer needs to read and answer; not to open topics of their own."""
_READING = frozenset({"find", "read", "topics:read"})
_EVERYBODY = frozenset({"registered-users", "verified-users", "unverified-users", "guests", "spiders", "fediverse"})
_MOST_TABLES = 30


@dataclass(frozen=True, slots=True)
class Table:
    """Who holds which right in a category."""

    rights: RightsP

    @property
    def open_to(self) -> str | None:
        """A group to which everybody belongs that may read something here, ``None`` where it is closed."""
        for group in self.rights.groups:
            if group.name in _EVERYBODY and any(group.privileges.get(f"groups:{right}") for right in _READING):
                return group.name
        return None

    def held_by(self, uid: str) -> frozenset[str]:
        """The rights that a member holds personally."""
        return next((_held(one) for one in self.rights.users if str(one.uid) == uid), frozenset())

    def readers(self) -> frozenset[str]:
        """Members who may read by a right of their own and do not moderate."""
        personal = {str(one.uid): _held(one) for one in self.rights.users}
        return frozenset(uid for uid, held in personal.items() if held & _READING and "moderate" not in held)


class Categories:
    """Reading of categories and their rights, as an administrator."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def table(self, cid: str) -> Table:
        """The table of rights; raises ``NotAllowedError`` for who is no administrator."""
        read = self._tools.context.reader.find(endpoints.rights_in(cid), RIGHTS, Urgency.FLUSH)
        if read.value is None:
            raise RefusedError("forum_unknown", forum=cid)
        return Table(read.value.response)

    def closed_table(self, cid: str, customer: str) -> Table:
        """The same, where nobody but this customer and the team can read.

        Raises ``RefusedError`` ``place_open`` or ``place_shared``.
        """
        table = self.table(cid)
        if table.open_to is not None:
            raise RefusedError("place_open", forum=cid, group=table.open_to)
        if table.readers() - {customer}:
            raise RefusedError("place_shared", forum=cid)
        return table

    def inside(self, parent: str) -> list[CategoryP]:
        """The categories below another one."""
        read = self._tools.context.reader.get(endpoints.CATEGORIES, CATEGORIES, Urgency.FLUSH)
        found, _ = set_aside(read.value.response.categories, CATEGORY, lambda one: one, read.endpoint)
        return [one for one in found if str(one.parentCid) == parent and not one.disabled]

    def found(self, intent: Intent) -> str | None:
        """The category of the intent's customer: by handle, then by description, then by rights."""
        parent, customer = native(Ref.parse(str(intent.payload["under"]))), native(intent.target)
        inside = self.inside(parent)
        handle = re.compile(rf"{re.escape(first_name_of(customer))}(?:-[0-9a-z]{{1,12}})?")
        marked = [one for one in inside if one.handle and handle.fullmatch(one.handle)]
        described = [one for one in inside if mark_of(customer) in (one.description or "")]
        for one in (*marked, *described):
            return str(one.cid)
        held = (str(one.cid) for one in inside[:_MOST_TABLES])
        return next((cid for cid in held if "topics:read" in self.table(cid).held_by(customer)), None)


def mark_of(customer: str) -> str:
    """What stands in the description of a customer's category."""
    return f"[member {customer}]"


def first_name_of(customer: str) -> str:
    """The name under which a customer's category is made, and its handle."""
    return f"private-member-{customer}"


def check_closed(tools: Tools, forum: Ref) -> None:
    """Raise ``RefusedError`` ``place_open`` where an anonymous visitor can read this category."""
    read = tools.context.guest.find(endpoints.category_head(in_path(forum)), CATEGORY_ANSWER, Urgency.FLUSH)
    if read.value is not None and read.value.response.cid is not None:
        raise RefusedError("place_open", forum=str(forum), group="guests")


class MakeCategory:
    """Make the customer's category (``under`` the team's, named by ``title``), or find it.

    ``known`` in the payload is the category that an earlier case had.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._categories = Categories(tools)

    def before(self, intent: Intent) -> Before:
        """Is the customer there, is the team's category closed, and is there one for the customer already."""
        customer = on(intent, Kind.MEMBER)
        read = self._tools.context.reader.find(endpoints.user(in_path(customer)), USER_ANSWER, Urgency.FLUSH)
        if read.value is None:
            return Before(Standing.GONE, {})
        if read.value.response.banned:
            raise RefusedError("customer_banned", member=str(customer))
        parent = native(Ref.parse(str(intent.payload["under"])))
        if self._categories.table(parent).open_to is not None:
            raise RefusedError("place_open", forum=parent, group=self._categories.table(parent).open_to)
        there = self._there(intent)
        if there is not None:
            self._categories.closed_table(there, native(customer))
        return Before(Standing.CLEAR, {"forum": there})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Make it, then name it for people, unless it is there."""
        there = before.baseline.get("forum")
        cid = str(there) if there else self._made(intent)
        if not there:
            title = str(intent.payload["title"])
            body = {"name": title, "description": f"{title} {mark_of(native(intent.target))}"}
            with breaking_off(True):
                self._tools.writer.send("PUT", endpoints.category_head(cid), body, NOTHING)
        return {"forum": cid}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the category is there and closed."""
        cid = hints.get("forum") or self._there(intent)
        if cid is None:
            return Evidence(Answer.ABSENT, where=("categories",))
        self._categories.closed_table(str(cid), native(intent.target))
        forum = self._tools.context.names.ref(Kind.FORUM, str(cid))
        receipt = self._tools.receipt(forum, "place", self._tools.context.now(), taken)
        return Evidence(Answer.HAPPENED, receipt, where=("categories",))

    def _there(self, intent: Intent) -> str | None:
        known = str(intent.payload.get("known") or "")
        if known:
            cid = native(Ref.parse(known))
            head = self._tools.context.reader.find(endpoints.category_head(cid), CATEGORY_ANSWER, Urgency.FLUSH)
            if head.value is not None and head.value.response.cid is not None:
                return cid
        return self._categories.found(intent)

    def _made(self, intent: Intent) -> str:
        parent = int(native(Ref.parse(str(intent.payload["under"]))))
        body = {"name": first_name_of(native(intent.target)), "parentCid": parent, "cloneFromCid": parent}
        answer, _ = self._tools.writer.send("POST", endpoints.CATEGORIES, body, CATEGORY_MADE)
        return str(answer.response.cid)


class AdmitToCategory:
    """Give a customer the rights in the category of the payload (``place``) one by one, or take them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._categories = Categories(tools)

    def before(self, intent: Intent) -> Before:
        """Which rights are missing; ``already`` when all stand as wanted."""
        customer, table = on(intent, Kind.MEMBER), self._table(intent)
        open_rights = self._differing(intent, table)
        read = self._tools.context.reader.find(endpoints.user(in_path(customer)), USER_ANSWER, Urgency.FLUSH)
        if read.value is None:
            return Before(Standing.GONE, {})
        if read.value.response.banned and intent.action is Action.ADMIT:
            raise RefusedError("customer_banned", member=str(customer))
        return Before(Standing.CLEAR if open_rights else Standing.ALREADY, {"rights": open_rights})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Right by right; what breaks off between two is unclear, so that a look tells."""
        cid, uid = _cid(intent), native(intent.target)
        member = int(uid) if uid.isdigit() else uid
        method = "PUT" if intent.action is Action.ADMIT else "DELETE"
        for number, right in enumerate(before.baseline["rights"]):
            with breaking_off(number > 0):
                self._tools.writer.send(method, endpoints.right_in(cid, right), {"member": member}, NOTHING)
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the table says so."""
        if self._differing(intent, self._table(intent)):
            return Evidence(Answer.ABSENT, where=("rights",))
        effect = f"{'admitted' if intent.action is Action.ADMIT else 'expelled'}.{_cid(intent)}"
        receipt = self._tools.receipt(intent.target, effect, self._tools.context.now(), taken)
        return Evidence(Answer.HAPPENED, receipt, where=("rights",))

    def _table(self, intent: Intent) -> Table:
        if intent.action is Action.EXPEL:
            return self._categories.table(_cid(intent))
        return self._categories.closed_table(_cid(intent), native(intent.target))

    def _differing(self, intent: Intent, table: Table) -> list[str]:
        held = table.held_by(native(intent.target))
        if intent.action is Action.EXPEL:
            return sorted(held)
        return [right for right in CUSTOMERS_RIGHTS if right not in held]


@contextmanager
def breaking_off(begun: bool) -> Iterator[None]:
    """In the middle of several writes, one that did nothing does not mean that nothing happened."""
    try:
        yield
    except (RefusedError, TryLaterError) as error:
        if begun:
            raise UnclearError("broken_off", cause=error.code) from error
        raise


def _held(holder: HolderP) -> frozenset[str]:
    return frozenset(right for right, holds in holder.privileges.items() if holds)


def _cid(intent: Intent) -> str:
    place = Ref.parse(str(intent.payload.get("place") or ""))
    if place.kind is not Kind.FORUM:
        raise NotAllowedError("target_missing", action=intent.action.value)
    return in_path(place)
