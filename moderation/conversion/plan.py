"""The plan of a conversion: what happens in which order, who can read what before and after, what cannot be called
back, and what is in the way.

The order never exposes more than was exposed before and never locks the customer out: what is exposed is hidden first,
the private place is made and the customer let in before anything leaves the public, the pointer comes last. What the
steps of a private place are stands with the place (:mod:`moderation.conversion.places`).
"""

from dataclasses import replace

from moderation.actions import Action
from moderation.conversion.copying import uploads_in
from moderation.conversion.draft import Draft, cut, hidden_posts
from moderation.conversion.hiding import hiding
from moderation.conversion.keys import Keys
from moderation.conversion.parts import Conversion, Missing, Place, Reader, Remark, Shape, Step, Steps, Wanted
from moderation.conversion.places import place_of, places_for
from moderation.conversion.places.ticket import asking_place
from moderation.conversion.readers import readers_of
from moderation.conversion.scene import Scene, Wording, text_of
from moderation.findings import Audience, Severity, check_text
from moderation.ids import Ref
from moderation.plans import Wish

__all__ = [
    "Conversion",
    "Missing",
    "Place",
    "Reader",
    "Remark",
    "Shape",
    "Step",
    "Wanted",
    "places_for",
    "plan_conversion",
]

_NO_STEPS = frozenset({"place_not_offered", "customer_gone"})


def plan_conversion(scene: Scene, wanted: Wanted, wording: Wording) -> Conversion:
    """The plan for what a person chose; what cannot be done is said in it, never left out."""
    name = scene.customer.name if scene.customer else ""
    pointer = wanted.pointer.strip() or wording.pointer.format(customer=name)
    draft = Draft(scene, wanted, wording, Keys(scene), hidden_posts(scene, wanted), pointer)
    usual = wanted.place is Place.TICKET and not wanted.pointer.strip()
    if usual and asking_place(draft) is None:  # nobody tells the customer in private how it goes on: the pointer does
        draft = replace(draft, pointer=wording.ticket_pointer.format(customer=name, case=scene.key))
    return _Planner(draft).plan()


class _Planner:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.scene = draft.scene
        self.wanted = draft.wanted
        offered = places_for(
            self.scene.community.info.platform, self.wanted.shape, ticket=self.scene.ticket is not None
        )
        self.place = place_of(self.wanted.place) if self.wanted.place in offered else None

    def plan(self) -> Conversion:
        """The whole of it."""
        blocked = self._blocked()
        steps = [] if blocked and blocked[0].code in _NO_STEPS else self._steps(blocked)
        hidden = tuple(post.id for post in self.draft.hidden)
        return Conversion(
            self.scene.key,
            self.wanted.shape,
            self.wanted.place,
            tuple(step for step in steps if step is not None),
            readers_of(self.scene, self.wanted, hidden, self.place),
            hidden,
            self.draft.pointer,
            tuple(self._remarks()),
            tuple(self.draft.keys.missing),
            tuple(blocked),
        )

    # What is in the way

    def _blocked(self) -> list[Remark]:
        scene = self.scene
        found = [Remark(code) for code, bad in self._obstacles().items() if bad]
        if self.place is None:
            found.insert(0, Remark("place_not_offered", text=str(self.wanted.place)))
        unknown = [ref for ref in self.wanted.hide if ref not in {post.id for post in scene.posts}]
        if unknown:
            found.append(Remark("post_not_here", len(unknown), tuple(unknown)))
        findings = check_text(self.draft.pointer, Audience.PUBLIC, scene.community.info)
        found += [Remark("pointer_blocked", text=one.rule) for one in findings if one.severity is Severity.BLOCK]
        return found

    def _obstacles(self) -> dict[str, bool]:
        scene, customer = self.scene, self.scene.customer
        return {
            "customer_gone": customer is None,
            "customer_banned": customer is not None and bool(customer.banned),
            "customer_is_staff": customer is not None and customer.id in scene.staff,
            "already_private": scene.forum is not None and scene.forum.private is True,
            "thread_hidden": scene.thread.hidden,
            "thread_incomplete": not scene.thread.complete and len(scene.posts) < scene.thread.post_count,
            **(self.place.obstacles(self.draft) if self.place is not None else {}),
            "pointer_tells": self._tells(self.draft.pointer),
        }

    def _tells(self, text: str) -> bool:
        """True when a public text says what is private in this thread."""
        here = {one for post in self.scene.posts for one in self.scene.private(text_of(post))}
        return any(passage in text for passage in here)

    # The steps

    def _steps(self, blocked: list[Remark]) -> Steps:
        """Hidden first, then the private place, the pointer last; what makes a step impossible joins ``blocked``."""
        assert self.place is not None
        steps = [*hiding(self.draft), *self.place.opened(self.draft)]
        if self.wanted.shape is Shape.TAKE:
            return [*steps, *self.place.taken(self.draft), *self._thread_of_pointer()]
        copied, stopped = self.place.copied(self.draft)
        blocked += stopped
        return [*steps, *copied, *self._pointer()]

    def _pointer(self) -> Steps:
        """The pointer, and the thread shown again where hiding its only post had hidden it."""
        draft, thread = self.draft, self.scene.thread.id
        said = draft.wish(Action.REPLY, thread, {"text": draft.pointer, "made": "pointer"})
        pointer = draft.keys.company("pointer", said)
        if not draft.lone():
            return [pointer]
        shown = draft.wish(Action.RESTORE, thread, {"ensure": True})
        return [pointer, draft.keys.moderator("show_thread", shown, self.scene.forum)]

    def _thread_of_pointer(self) -> Steps:
        """A pointer stays where a thread was that left."""
        scene, draft, origin = self.scene, self.draft, str(self.scene.thread.forum or "")
        title = draft.wording.pointer_title.format(customer=draft.name, case=scene.key)
        opened = {"title": cut(title, scene.community.info.title_max_length), "text": draft.pointer, "made": "pointer"}
        stays = Wish(Action.OPEN, Ref.parse(origin), None, scene.thread.id, "", opened) if origin else None
        return [draft.keys.company("pointer", stays) if stays is not None else None]

    # What is said

    def _remarks(self) -> list[Remark]:
        """What cannot be called back, and what one should know."""
        scene, hidden = self.scene, self.draft.hidden
        bystanders = scene.bystanders()
        quoting = tuple(post.id for post in hidden if post.id not in self.wanted.hide)
        attached = tuple(post.id for post in hidden if uploads_in(post))
        taken = self.wanted.shape is Shape.TAKE
        said = [
            Remark("followers_mailed"),
            Remark("search_engines"),
            Remark("federated") if scene.community.info.platform == "nodebb" else None,
            Remark("quoted_here", len(quoting), quoting) if quoting else None,
            Remark("quoted_elsewhere", len(scene.elsewhere), scene.elsewhere) if scene.elsewhere else None,
            Remark("attachments_stay", len(attached), attached) if attached else None,
            Remark("title_tells") if scene.private(scene.thread.title) else None,
            Remark("nothing_hidden") if not hidden and not taken else None,
            *(self.place.remarks(self.draft) if self.place is not None else ()),
            Remark("bystanders_lose", len(bystanders), bystanders) if bystanders and taken else None,
            Remark("pointer_own_name") if scene.community.official is None else None,
            Remark("rendered_copy") if any(post.body is None for post in self.draft.copied()) else None,
        ]
        return [one for one in said if one is not None]
