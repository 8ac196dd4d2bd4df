"""The plan of a conversion: what happens in which order, who can read what before and after, what cannot be called
back, and what is in the way.

The order never exposes more than was exposed before and never locks the customer out: what is exposed is hidden first,
the private place is made and the customer let in before anything leaves the public, the pointer comes last.
"""

import re

from moderation.actions import Action
from moderation.cases import stand_in
from moderation.content import Post
from moderation.conversion.copying import quoted, uploads_in
from moderation.conversion.keys import Keys
from moderation.conversion.parts import Conversion, Missing, Place, Reader, Remark, Shape, Step, Wanted
from moderation.conversion.readers import readers_of
from moderation.conversion.scene import Scene, Wording, administers, text_of
from moderation.findings import Audience, Severity, check_text
from moderation.ids import Kind, Ref
from moderation.intents import Json
from moderation.plans import Wish

__all__ = ["Conversion", "Missing", "Place", "Reader", "Remark", "Shape", "Step", "Wanted", "plan_conversion"]

MOST_LINES = 12
"""A longer copy is no chat any more."""
ROOM_NAME = 50
"""The longest name of a chat room (NodeBB 4.15.1, ``maximumChatRoomNameLength``)."""
_OF_PLATFORM = {"nodebb": (Place.CATEGORY, Place.CHAT)}
_TAKES = {("nodebb", Place.CATEGORY)}


def places_for(platform: str, shape: Shape) -> tuple[Place, ...]:
    """The private places that a platform has for a shape."""
    places = _OF_PLATFORM.get(platform, ())
    return places if shape is Shape.CONTINUE else tuple(p for p in places if (platform, p) in _TAKES)


def plan_conversion(scene: Scene, wanted: Wanted, wording: Wording) -> Conversion:
    """The plan for what a person chose; what cannot be done is said in it, never left out."""
    return _Planner(scene, wanted, wording).plan()


class _Planner:
    def __init__(self, scene: Scene, wanted: Wanted, wording: Wording) -> None:
        self.scene = scene
        self.wanted = wanted
        self.wording = wording
        self.keys = Keys(scene)
        self.name = scene.customer.name if scene.customer else ""
        self.hidden = self._hidden()
        self.pointer = wanted.pointer.strip() or wording.pointer.format(customer=self.name)

    def plan(self) -> Conversion:
        """The whole of it."""
        blocked = self._blocked()
        steps = [] if blocked and blocked[0].code in _NO_STEPS else self._steps(blocked)
        done = [step for step in steps if step is not None]
        return Conversion(
            self.scene.key,
            self.wanted.shape,
            self.wanted.place,
            tuple(done),
            readers_of(self.scene, self.wanted, [post.id for post in self.hidden]),
            tuple(post.id for post in self.hidden),
            self.pointer,
            tuple(self._remarks()),
            tuple(self.keys.missing),
            tuple(blocked),
        )

    # What leaves public view

    def _hidden(self) -> list[Post]:
        """Posts chosen, and those here that repeat what is private in them; not what is hidden already."""
        chosen = [post for post in self.scene.posts if post.id in self.wanted.hide]
        passages = {passage for post in chosen for passage in self.scene.private(text_of(post))}
        return [
            post
            for post in self.scene.posts
            if not post.hidden and (post in chosen or any(passage in text_of(post) for passage in passages))
        ]

    def _lone(self) -> bool:
        """The opening post is all there is: hiding it hides the thread, which is shown again with the pointer."""
        return len(self.scene.posts) == 1 and bool(self.hidden)

    # What is in the way

    def _blocked(self) -> list[Remark]:
        scene, place = self.scene, self.wanted.place
        found = [Remark(code) for code, bad in self._obstacles().items() if bad]
        if place not in places_for(scene.community.info.platform, self.wanted.shape):
            found.insert(0, Remark("place_not_offered", text=str(place)))
        unknown = [ref for ref in self.wanted.hide if ref not in {post.id for post in scene.posts}]
        if unknown:
            found.append(Remark("post_not_here", len(unknown), tuple(unknown)))
        findings = check_text(self.pointer, Audience.PUBLIC, scene.community.info)
        found += [Remark("pointer_blocked", text=one.rule) for one in findings if one.severity is Severity.BLOCK]
        return found

    def _obstacles(self) -> dict[str, bool]:
        scene, customer, place = self.scene, self.scene.customer, self.wanted.place
        return {
            "customer_gone": customer is None,
            "customer_banned": customer is not None and bool(customer.banned),
            "customer_is_staff": customer is not None and customer.id in scene.staff,
            "already_private": scene.forum is not None and scene.forum.private is True,
            "thread_hidden": scene.thread.hidden,
            "thread_incomplete": not scene.thread.complete and len(scene.posts) < scene.thread.post_count,
            "team_forum_unknown": place is Place.CATEGORY and scene.under is None,
            "team_forum_open": place is Place.CATEGORY and scene.under is not None and scene.under.private is not True,
            "pointer_tells": self._tells(self.pointer),
        }

    def _tells(self, text: str) -> bool:
        """True when a public text says what is private in this thread."""
        here = {one for post in self.scene.posts for one in self.scene.private(text_of(post))}
        return any(passage in text for passage in here)

    # The steps

    def _steps(self, blocked: list[Remark]) -> list[Step | None]:
        steps = [self._hide(post) for post in self.hidden]
        match self.wanted.shape, self.wanted.place:
            case Shape.TAKE, _:
                return [*steps, *self._category(), *self._take()]
            case _, Place.CATEGORY:
                return [*steps, *self._category(), *self._copy(blocked), *self._pointer()]
            case _:
                return [*steps, *self._room(), *self._lines(blocked), *self._pointer()]

    def _hide(self, post: Post) -> Step | None:
        return self.keys.moderator("hide", self._wish(Action.HIDE, post.id, {"ensure": True}), self.scene.forum)

    def _category(self) -> list[Step | None]:
        """The customer's category, made or found, and the customer in it; nothing where both are known to stand."""
        customer = self._customer()
        if self._stands():
            return []
        title = self.wording.place_title.format(customer=self.name)
        known = {"known": str(self.scene.known_place)} if self.scene.known_place else {}
        place = {"place": "category", "under": str(self.scene.under and self.scene.under.id), "title": title, **known}
        forum = stand_in(customer.community, Kind.FORUM, self.scene.key)
        return [
            self.keys.administrator("place", self._wish(Action.PLACE, customer, {**place, "made": "forum"})),
            self.keys.administrator(
                "people", self._wish(Action.ADMIT, customer, {"place": str(forum), "ensure": True})
            ),
        ]

    def _stands(self) -> bool:
        """An earlier case has let the customer into a category, and nobody here could do it again."""
        able = any(administers(identity) for _, identity in self.scene.identities)
        return self.scene.admitted and self.wanted.shape is Shape.CONTINUE and not able

    def _forum(self) -> Ref:
        """The customer's category, or what stands for it until it is made."""
        if self._stands() and self.scene.known_place is not None:
            return self.scene.known_place
        return stand_in(self._customer().community, Kind.FORUM, self.scene.key)

    def _copy(self, blocked: list[Remark]) -> list[Step | None]:
        """The quoted copy as a thread with the case's tag; what does not fit follows as replies."""
        customer, info = self._customer(), self.scene.community.info
        parts, forum = self._parts(info.max_post_length), self._forum()
        thread = stand_in(customer.community, Kind.THREAD, self.scene.key)
        title = _cut(self.wording.copy_title.format(title=self.scene.thread.title), info.title_max_length)
        opening = {"title": title, "text": parts[0], "tags": [self.scene.key], "private": True, "made": "thread"}
        first = self._wish(Action.OPEN, forum, {**opening, "customer": str(customer)})
        rest = [self._wish(Action.REPLY, thread, {"text": part}) for part in parts[1:]]
        return [
            self.keys.moderator("copy", first, self.scene.under, count=len(self._copied())),
            *(self.keys.moderator("copy_more", wish, self.scene.under) for wish in rest),
        ]

    def _room(self) -> list[Step | None]:
        """A chat room with customer and colleagues, and the customer in it whoever made it."""
        customer = self._customer()
        room = stand_in(customer.community, Kind.THREAD, self.scene.key)
        title = _cut(self.wording.room_title.format(case=self.scene.key, customer=self.name), ROOM_NAME)
        place = {"place": "chat", "title": title, "readers": [str(one) for one in self.scene.colleagues]}
        made = self._wish(Action.PLACE, customer, {**place, "made": "thread"})
        people = self._wish(Action.ADMIT, customer, {"place": str(room), "ensure": True})
        return [
            self.keys.own("place", made, Action.MESSAGE, count=2 + len(self.scene.colleagues)),
            self.keys.own("people", people, Action.MESSAGE),
        ]

    def _lines(self, blocked: list[Remark]) -> list[Step | None]:
        """The quoted copy as messages of the room."""
        customer = self._customer()
        parts = self._parts(int(self.scene.community.info.extra.get("max_message_length", 1000)))
        if len(parts) > MOST_LINES:
            blocked.append(Remark("copy_too_long", len(parts)))
        room = stand_in(customer.community, Kind.THREAD, self.scene.key)
        readers = [str(one) for one in (customer, *self.scene.colleagues)]
        wishes = [self._wish(Action.REPLY, room, {"text": part, "readers": readers}) for part in parts]
        return [self.keys.own("copy", wish, Action.MESSAGE, count=len(self._copied())) for wish in wishes]

    def _pointer(self) -> list[Step | None]:
        """The pointer, and the thread shown again where hiding its only post had hidden it."""
        thread = self.scene.thread.id
        pointer = self.keys.company(
            "pointer", self._wish(Action.REPLY, thread, {"text": self.pointer, "made": "pointer"})
        )
        if not self._lone():
            return [pointer]
        shown = self._wish(Action.RESTORE, thread, {"ensure": True})
        return [pointer, self.keys.moderator("show_thread", shown, self.scene.forum)]

    def _take(self) -> list[Step | None]:
        """The thread moves, is tagged, and a pointer stays where it was."""
        scene, customer = self.scene, self._customer()
        forum = stand_in(customer.community, Kind.FORUM, scene.key)
        origin = str(scene.thread.forum or "")
        moved = {"forum": str(forum), "from_forum": origin, "private": True, "ensure": True}
        tagged = self._wish(Action.TAG, scene.thread.id, {"tags": [scene.key], "ensure": True})
        title = self.wording.pointer_title.format(customer=self.name, case=scene.key)
        opened = {"title": _cut(title, scene.community.info.title_max_length), "text": self.pointer, "made": "pointer"}
        stays = Wish(Action.OPEN, Ref.parse(origin), None, scene.thread.id, "", opened) if origin else None
        return [
            self.keys.moderator("move", self._wish(Action.MOVE, scene.thread.id, moved), scene.forum, scene.under),
            self.keys.moderator("link", tagged, scene.under),
            self.keys.company("pointer", stays) if stays is not None else None,
        ]

    def _parts(self, limit: int) -> list[str]:
        head = self.wording.copy_head.format(url=self.scene.thread.url or self.scene.thread.id)
        return quoted(self._copied(), self.wording, head, limit)

    def _copied(self) -> list[Post]:
        """The opening post, everything of the customer's, and what is hidden."""
        hidden = {post.id for post in self.hidden} | set(self.wanted.hide)
        customer = self.scene.customer.id if self.scene.customer else None
        return [
            post
            for number, post in enumerate(self.scene.posts)
            if post.id in hidden or (not post.hidden and (number == 0 or post.author == customer))
        ]

    def _customer(self) -> Ref:
        assert self.scene.customer is not None
        return self.scene.customer.id

    def _wish(self, action: Action, target: Ref, payload: Json) -> Wish:
        return Wish(action, target, None, self.scene.thread.id, "", payload)

    # What is said

    def _remarks(self) -> list[Remark]:
        """What cannot be called back, and what one should know."""
        scene = self.scene
        bystanders = scene.bystanders()
        quoting = tuple(post.id for post in self.hidden if post.id not in self.wanted.hide)
        attached = tuple(post.id for post in self.hidden if uploads_in(post))
        said = [
            Remark("followers_mailed"),
            Remark("search_engines"),
            Remark("federated") if scene.community.info.platform == "nodebb" else None,
            Remark("quoted_here", len(quoting), quoting) if quoting else None,
            Remark("quoted_elsewhere", len(scene.elsewhere), scene.elsewhere) if scene.elsewhere else None,
            Remark("attachments_stay", len(attached), attached) if attached else None,
            Remark("title_tells") if scene.private(scene.thread.title) else None,
            Remark("nothing_hidden") if not self.hidden and self.wanted.shape is Shape.CONTINUE else None,
            Remark("access_not_read_back") if self._stands() and self.wanted.place is Place.CATEGORY else None,
            Remark("members_may_invite") if self.wanted.place is Place.CHAT else None,
            Remark("bystanders_lose", len(bystanders), bystanders)
            if bystanders and self.wanted.shape is Shape.TAKE
            else None,
            Remark("pointer_own_name") if scene.community.official is None else None,
            Remark("rendered_copy") if any(post.body is None for post in self._copied()) else None,
        ]
        return [one for one in said if one is not None]


_NO_STEPS = frozenset({"place_not_offered", "customer_gone"})


def _cut(text: str, limit: int) -> str:
    """One line that fits."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
