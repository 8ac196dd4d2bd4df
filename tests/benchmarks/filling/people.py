"""Community, forums and members of the large home, through the mirror's own writer."""

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.content import CommunityInfo, Forum, Identity, Member
from moderation.ids import Kind, Ref
from moderation.ports import CommunityRow
from moderation.records import Batch, Records
from sync.mirror import MirrorWriter
from sync.mirror.codec import sure_moment
from tests.benchmarks.filling.recipe import DAY_MS, FORUMS, HERE, NOW_MS, URL, Recipe, is_private

_AT_ONCE = 2_000
_FORUM_NAMES = ("Billing", "Modems", "Mobile", "Apps", "請求", "回線", "端末", "Announcements")
STAFF = 7
"""The member who is signed in."""


def ref(kind: Kind, native: int) -> Ref:
    """An id in the large community."""
    return Ref(HERE, kind, str(native))


def member_name(number: int) -> str:
    """A name, every third one Japanese."""
    return f"会員{number}" if number % 3 == 0 else f"member-{number}"


def fill_people(writer: MirrorWriter, recipe: Recipe) -> None:
    """The community with its forums and members."""
    writer.put_community(_community())
    writer.apply(Batch((Records(writer.next_seq(), forums=tuple(map(_forum, range(1, FORUMS + 1)))),), {}), HERE)
    for start in range(0, recipe.members, _AT_ONCE):
        members = tuple(_member(number) for number in range(start, min(start + _AT_ONCE, recipe.members)))
        writer.apply(Batch((Records(writer.next_seq(), members=members),), {}), HERE)


def _community() -> CommunityRow:
    may = frozenset(str(action) for action in Action)
    identity = Identity(ref(Kind.MEMBER, STAFF), member_name(STAFF), frozenset({"administrator"}), may=may)
    info = CommunityInfo(HERE, "nodebb", "4.15.1", URL, "Big example", extra={})
    now = sure_moment(NOW_MS)
    return CommunityRow(HERE, URL, info, identity, frozenset(str(each) for each in Capability), as_of=now)


def _forum(number: int) -> Forum:
    name = f"{_FORUM_NAMES[number % len(_FORUM_NAMES)]} {number}"
    return Forum(ref(Kind.FORUM, number), name, position=number, private=is_private(number), url=f"/category/{number}")


def _member(number: int) -> Member:
    return Member(
        id=ref(Kind.MEMBER, number),
        name=member_name(number),
        slug=f"member-{number}",
        joined_at=sure_moment(NOW_MS - (400 + number % 900) * DAY_MS),
        last_seen=sure_moment(NOW_MS - (number % 60) * DAY_MS),
        post_count=number % 700,
        thread_count=number % 40,
        reputation=number % 300,
        report_count=number % 9,
        banned=False,
        groups=("registered-users",),
    )
