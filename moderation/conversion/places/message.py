"""A private message to the customer and the support group."""

from moderation.actions import Action
from moderation.cases import WAS_PUBLIC
from moderation.content import TAGS_MESSAGES
from moderation.conversion.draft import Back, Draft, cut
from moderation.conversion.parts import Place, Remark, Shape, Steps
from moderation.conversion.scene import Scene
from moderation.ids import Kind, Ref
from moderation.intents import Json
from moderation.plans import Wish

MOST_WRITERS = 30
"""With more members than this in a thread, Discourse lets nobody into the message but who converts (the default of its
``max_allowed_message_recipients``).
"""
MOST_PARTS = 12
"""A longer copy is no message any more."""


class InMessage:
    """A copy in a message of its own, which lets the customer in by its creation; or the thread itself made one, whose
    readers are then put right: who belongs there first, bystanders out afterwards.
    """

    code = Place.MESSAGE

    def serves(self, platform: str, shape: Shape) -> bool:
        """Discourse, in both shapes."""
        return platform == "discourse"

    def obstacles(self, draft: Draft) -> dict[str, bool]:
        """Of a thread with too many writers the customer would be shut out for a moment; a message is addressed by
        names.
        """
        scene = draft.scene
        return {
            "too_many_writers": draft.wanted.shape is Shape.TAKE and _writers(scene) > MOST_WRITERS,
            "colleague_unknown": any(one not in scene.names for one in scene.colleagues),
        }

    def opened(self, draft: Draft) -> Steps:
        """The message with the first part of the copy, and a look at who reads it; nothing for a thread that goes
        there itself.
        """
        if draft.wanted.shape is Shape.TAKE:
            return []
        scene, thread = draft.scene, str(draft.stands_for(Kind.THREAD))
        begun = {"place": "message", "title": _title(draft), "text": _parts(draft)[0], "made": "thread"}
        made = draft.wish(Action.PLACE, draft.customer, {**begun, **_readers(scene)})
        people = draft.wish(Action.ADMIT, draft.customer, {"place": thread, "ensure": True, **_readers(scene)})
        return [
            draft.keys.speaking("message", made, Action.MESSAGE, len(draft.copied())),
            draft.keys.speaking("people", people, Action.MESSAGE),
        ]

    def copied(self, draft: Draft) -> tuple[Steps, list[Remark]]:
        """What did not fit into the first part, said where only those read who should."""
        parts, thread = _parts(draft), draft.stands_for(Kind.THREAD)
        readers = {"customer": str(draft.customer), **_readers(draft.scene)}
        wishes = [draft.wish(Action.REPLY, thread, {"text": part, **readers}) for part in parts[1:]]
        steps: Steps = [draft.keys.speaking("copy_more", wish, Action.MESSAGE) for wish in wishes]
        steps += _tagged(draft)
        return steps, [Remark("copy_too_long", len(parts))] if len(parts) > MOST_PARTS else []

    def taken(self, draft: Draft) -> Steps:
        """The thread becomes a message of the customer and the team: one step, which ends with the right readers."""
        scene = draft.scene
        readers = _readers(scene)
        readers["readers"] = [str(draft.customer), *readers["readers"]]
        facts = {
            "from_forum": str(scene.thread.forum or ""),
            WAS_PUBLIC: draft.was_public(),
            "private": True,
            "ensure": True,
            **readers,
        }
        return [draft.keys.staff("move", draft.wish(Action.CONVERT, scene.thread.id, facts))]

    def remarks(self, draft: Draft) -> list[Remark]:
        """Administrators read every message, moderators only those that they are in."""
        taken = draft.wanted.shape is Shape.TAKE
        said = [
            Remark("administrators_read"),
            Remark("no_group") if not draft.scene.groups else None,
            Remark("history_shows_edit") if _redacts(draft) else None,
            Remark("links_break") if taken else None,
        ]
        return [one for one in said if one is not None]

    def team(self, scene: Scene) -> str:
        """Groups, whoever makes it, and the colleagues chosen."""
        colleagues = (scene.names.get(one, str(one)) for one in scene.colleagues)
        return ", ".join([*scene.groups, scene.community.identity.name, *colleagues])

    def moderators(self) -> str:
        """They are not let in by their role."""
        return "nothing"

    def closed(self, back: Back) -> Steps:
        """The customer out of the message that was made for them; a thread that went there itself is public again."""
        place = back.case.made("thread")
        if place is None:
            return []
        payload = {"place": str(place), "ensure": True}
        wish = Wish(Action.EXPEL, Ref.parse(back.case.customer), None, None, "", payload)
        return [back.keys.speaking("people_out", wish, Action.MESSAGE)]


def _tagged(draft: Draft) -> Steps:
    """The case's key as a tag of the message, where the site lets the person's own account give it; else nothing."""
    scene = draft.scene
    may = scene.community.identity.may
    if scene.community.info.extra.get(TAGS_MESSAGES) != "yes" or (may is not None and str(Action.MESSAGE) not in may):
        return []
    wish = draft.wish(Action.TAG, draft.stands_for(Kind.THREAD), {"tags": [scene.key], "ensure": True})
    return [draft.keys.own("link", wish, Action.MESSAGE)]


def _title(draft: Draft) -> str:
    """The case's key stands in it, by which the message is found again."""
    scene, mark = draft.scene, f" ({draft.scene.key})"
    title = draft.wording.copy_title.format(title=scene.thread.title)
    return cut(title, scene.community.info.title_max_length - len(mark)) + mark


def _parts(draft: Draft) -> list[str]:
    return draft.parts(draft.scene.community.info.max_post_length)


def _readers(scene: Scene) -> Json:
    """Who reads it beside the customer: the accounts of this home, colleagues, groups; names by which an account that
    may not look up members finds them.
    """
    own = {identity.member: identity.name for _, identity in scene.identities}
    people = {**own, **{one: scene.names.get(one, "") for one in scene.colleagues}}
    if scene.customer is not None:
        people.pop(scene.customer.id, None)
    names = {str(one): name for one, name in people.items() if name}
    if scene.customer is not None:
        names[str(scene.customer.id)] = scene.customer.name
    return {"readers": [str(one) for one in people], "groups": list(scene.groups), "names": names}


def _writers(scene: Scene) -> int:
    """Authors of the thread, and who converts it."""
    return len({post.author for post in scene.posts if post.author} | {scene.community.identity.member})


def _redacts(draft: Draft) -> bool:
    return draft.redacted() is not None
