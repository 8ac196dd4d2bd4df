"""Which words of a text that is looked for many had said in public before: those alone raise no alarm."""

import logging
from dataclasses import replace
from datetime import datetime

from moderation.coverage.staff import StaffDays
from moderation.errors import MarqueeError
from moderation.ids import Kind, Ref
from moderation.proof import Proof, SaidBefore, Subject, Witnesses, with_common
from moderation.proof.common import MOST_POSTS
from sync.engine.stores import Stores

log = logging.getLogger(__name__)

_WRITERS = ("author", "uid")
"""Facts of a subject that name who wrote it."""
_SPREAD = frozenset({"doxxing"})
"""What somebody has spread on purpose may stand in many places: there every place counts."""


def with_commonplaces(stores: Stores, proof: Proof) -> Subject:
    """The subject of a proof with what is common among its marks, as far as the mirror knows; else with nothing."""
    subject = proof.subject
    if not subject.marks.grams or proof.purpose in _SPREAD:
        return _plain(subject)
    try:
        witness = stores.known(subject.community)
        said = _before(witness, subject) if isinstance(witness, Witnesses) else None
        staff = stores.staff(subject.community) if stores.staff is not None else StaffDays()
    except MarqueeError as error:
        log.info("%s: what was said before is not known: %s", subject.community, error)
        return _plain(subject)
    if not said:
        return _plain(subject)

    def is_staff(member: Ref, at: datetime) -> bool:
        return staff.was_staff(str(member), at)

    return replace(subject, marks=with_common(subject.marks, said, is_staff))


def _before(witness: Witnesses, subject: Subject) -> SaidBefore | None:
    """What was said before, with everybody who is known to have written what is looked for."""
    said = witness.said_before(subject.thread, subject.posts, MOST_POSTS)
    if not said:
        return None
    writers = {subject.thread.sibling(Kind.MEMBER, one) for name in _WRITERS for one in subject.places.get(name, ())}
    return replace(said, authors=said.authors | writers)


def _plain(subject: Subject) -> Subject:
    return replace(subject, marks=subject.marks.with_common(()))
