"""Forums: all categories at once, subcategories too, and the place of private messages.

Categories that the account has muted are missing from the list of latest topics; which those are is remembered.
"""

import json
from collections.abc import Iterator

from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Ref
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decoders import ANYTHING, CATEGORY, SITE, USER_ANSWER
from sync.discourse.pull.people import People
from sync.discourse.reading import set_aside

MUTED = "forums.muted"


class Forums:
    """Reads ``/site.json``, which lists what the account may see, flat and whole."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._people = People(context)

    def batch(self, known: Known, urgency: Urgency) -> Iterator[Batch]:
        """All forums, those that are gone, which the account has muted, and how it follows the others."""
        read = self._context.reader.get(endpoints.SITE, SITE, urgency)
        found, problems = set_aside(read.value.categories, CATEGORY, lambda one: one, read.endpoint)
        slugs = {category.id: category.slug for category in found}
        forums = (*map(self._context.decode.forum, found), self._context.decode.messages())
        listed = {forum.id for forum in forums}
        records = [Records(read.seq, forums=forums)]
        records += [one for ref in known.forums() if ref not in listed and (one := self._gone(ref, urgency))]
        own, muted = self._own(urgency)
        yield Batch(
            (*records, *own), {MUTED: json.dumps([f"{slugs.get(one) or '-'}/{one}" for one in muted])}, tuple(problems)
        )

    def _own(self, urgency: Urgency) -> tuple[tuple[Records, ...], list[int]]:
        path = endpoints.user(self._context.rights(urgency).username)
        try:
            read = self._context.reader.find(path, USER_ANSWER, urgency)
        except (NotAllowedError, PayloadError):
            return (), []
        if read.value is None:
            return (), []
        return (self._people.following_of(read.value.user, read),), read.value.user.muted_category_ids or []

    def _gone(self, forum: Ref, urgency: Urgency) -> Records | None:
        """A tombstone for a category that is listed no more and not there when asked for."""
        try:
            read = self._context.reader.find(endpoints.category(forum.native), ANYTHING, urgency)
        except (NotAllowedError, PayloadError):
            return None
        return Records(read.seq, gone=(forum,)) if read.value is None else None


def muted_forums(known: Known) -> list[str]:
    """Categories that the account had muted when forums were read last, as ``slug/id``."""
    return [str(one) for one in json.loads(known.cursor(MUTED) or "[]")]
