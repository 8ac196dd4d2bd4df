"""Who can read what: today, in the public thread afterwards, and in the private place."""

from collections.abc import Sequence

from moderation.conversion.parts import Place, Reader, Shape, Wanted
from moderation.conversion.places.private import PrivatePlace
from moderation.conversion.scene import Scene
from moderation.ids import Ref


def readers_of(scene: Scene, wanted: Wanted, hidden: Sequence[Ref], place: PrivatePlace | None) -> tuple[Reader, ...]:
    """One row a group, outsiders first. On NodeBB an author still reads own hidden posts, on Discourse nobody does."""
    lost = len(hidden)
    own = {post.id for post in scene.posts if scene.customer is not None and post.author == scene.customer.id}
    taken = wanted.shape is Shape.TAKE
    outside = "pointer" if taken else ("but" if lost else "all")
    theirs = lost if scene.community.info.platform == "discourse" else lost - len(own & set(hidden))
    customers = "pointer" if taken else ("but" if theirs else "all")
    team = "pointer" if taken else "all"
    above, names = (place.moderators(), place.team(scene)) if place is not None else ("nothing", "")
    bystanders = scene.bystanders()
    name = scene.customer.name if scene.customer is not None else ""
    rows = [
        Reader("anyone", "all", outside, "nothing", lost=lost),
        Reader("members", "all", outside, "nothing", lost=lost),
        Reader("bystanders", "all", outside, "nothing", len(bystanders), lost=lost) if bystanders else None,
        Reader("customer", "all", customers, "all", 1, name, theirs),
        Reader("team", "all", team, "all", name=names),
        *(Reader(who, "all", team, sees) for who, sees in _overseers(wanted, above)),
    ]
    return tuple(row for row in rows if row is not None)


def _overseers(wanted: Wanted, above: str) -> tuple[tuple[str, str], ...]:
    """Who reads by rank: administrators every message, moderators those that they are in."""
    if wanted.place is Place.MESSAGE:
        return ("administrators", "all"), ("global_moderators", above)
    return (("moderators", above),)
