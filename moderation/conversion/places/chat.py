"""A chat room with the customer and chosen colleagues."""

from moderation.actions import Action
from moderation.conversion.draft import Back, Draft, cut
from moderation.conversion.parts import Place, Remark, Shape, Steps
from moderation.conversion.scene import Scene
from moderation.ids import Kind, Ref
from moderation.plans import Wish

MOST_LINES = 12
"""A longer copy is no chat any more."""
ROOM_NAME = 50
"""The longest name of a chat room (NodeBB 4.15.1, ``maximumChatRoomNameLength``)."""


class InChat:
    """A copy as messages of the room."""

    code = Place.CHAT

    def serves(self, platform: str, shape: Shape) -> bool:
        """NodeBB; a thread cannot become a room."""
        return platform == "nodebb" and shape is Shape.CONTINUE

    def obstacles(self, draft: Draft) -> dict[str, bool]:
        """None of its own."""
        return {}

    def opened(self, draft: Draft) -> Steps:
        """A room with customer and colleagues, and the customer in it whoever made it."""
        scene, room = draft.scene, str(draft.stands_for(Kind.THREAD))
        title = cut(draft.wording.room_title.format(case=scene.key, customer=draft.name), ROOM_NAME)
        place = {"place": "chat", "title": title, "readers": [str(one) for one in scene.colleagues]}
        made = draft.wish(Action.PLACE, draft.customer, {**place, "made": "thread"})
        people = draft.wish(Action.ADMIT, draft.customer, {"place": room, "ensure": True})
        return [
            draft.keys.own("place", made, Action.MESSAGE, count=2 + len(scene.colleagues)),
            draft.keys.own("people", people, Action.MESSAGE),
        ]

    def copied(self, draft: Draft) -> tuple[Steps, list[Remark]]:
        """The quoted copy as messages of the room."""
        parts = draft.parts(int(draft.scene.community.info.extra.get("max_message_length", 1000)))
        room = draft.stands_for(Kind.THREAD)
        readers = [str(one) for one in (draft.customer, *draft.scene.colleagues)]
        wishes = [draft.wish(Action.REPLY, room, {"text": part, "readers": readers}) for part in parts]
        copied = len(draft.copied())
        steps = [draft.keys.own("copy", wish, Action.MESSAGE, count=copied) for wish in wishes]
        return steps, [Remark("copy_too_long", len(parts))] if len(parts) > MOST_LINES else []

    def taken(self, draft: Draft) -> Steps:
        """Never: see ``serves``."""
        return []

    def remarks(self, draft: Draft) -> list[Remark]:
        """Who is in a room may bring others."""
        return [Remark("members_may_invite")]

    def team(self, scene: Scene) -> str:
        """Whoever makes the room, and the colleagues chosen."""
        return ", ".join([scene.community.identity.name, *(scene.names.get(one, str(one)) for one in scene.colleagues)])

    def moderators(self) -> str:
        """A room is its members'."""
        return "nothing"

    def closed(self, back: Back) -> Steps:
        """The customer out; a room is made with them in it."""
        place = back.case.made("thread")
        if place is None:
            return []
        payload = {"place": str(place), "ensure": True}
        wish = Wish(Action.EXPEL, Ref.parse(back.case.customer), None, None, "", payload)
        return [back.keys.own("people_out", wish, Action.MESSAGE)]
