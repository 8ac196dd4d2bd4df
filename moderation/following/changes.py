"""What a change of level touches: on some platforms the forums below go along."""

from collections.abc import Sequence

from moderation.content import Forum
from moderation.ids import Ref


def below(forums: Sequence[Forum], forum: Ref) -> list[Forum]:
    """Everything below a forum, in the community's order; a circle of parents is walked once."""
    inside, found = {forum}, True
    while found:
        fresh = {one.id for one in forums if one.parent in inside} - inside
        found = bool(fresh)
        inside |= fresh
    return [one for one in forums if one.id in inside and one.id != forum]
