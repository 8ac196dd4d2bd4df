"""What a plan is written from: the facts, what was chosen, the words, the accounts; what every place needs of them."""

import re
from dataclasses import dataclass, field

from moderation.actions import Action
from moderation.cases import Case, stand_in
from moderation.content import Post
from moderation.conversion.copying import quoted
from moderation.conversion.keys import Keys
from moderation.conversion.parts import Shape, Wanted
from moderation.conversion.scene import Scene, Wording, text_of
from moderation.ids import Kind, Ref
from moderation.intents import Json
from moderation.plans import Wish


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan while it is written. ``hidden`` are the posts that leave public view, ``pointer`` the text that stays."""

    scene: Scene
    wanted: Wanted
    wording: Wording
    keys: Keys
    hidden: tuple[Post, ...]
    pointer: str

    @property
    def name(self) -> str:
        """The customer's name, empty for nobody."""
        return self.scene.customer.name if self.scene.customer else ""

    @property
    def customer(self) -> Ref:
        """Whom the private place is for; a plan has steps only where somebody is."""
        assert self.scene.customer is not None
        return self.scene.customer.id

    def stands_for(self, kind: Kind) -> Ref:
        """What stands for a place that a step of this plan makes."""
        return stand_in(self.customer.community, kind, self.scene.key)

    def wish(self, action: Action, target: Ref, payload: Json) -> Wish:
        """A change that belongs to this thread."""
        return Wish(action, target, None, self.scene.thread.id, "", payload)

    def copied(self) -> list[Post]:
        """The opening post, everything of the customer's, and what is hidden."""
        hidden = {post.id for post in self.hidden} | set(self.wanted.hide)
        customer = self.scene.customer.id if self.scene.customer else None
        return [
            post
            for number, post in enumerate(self.scene.posts)
            if post.id in hidden or (not post.hidden and (number == 0 or post.author == customer))
        ]

    def parts(self, limit: int) -> list[str]:
        """The quoted copy in parts of at most ``limit`` characters."""
        head = self.wording.copy_head.format(url=self.scene.thread.url or self.scene.thread.id)
        return quoted(self.copied(), self.wording, head, limit)

    @property
    def on_discourse(self) -> bool:
        """True where hiding the opening post would take its thread along, whatever else stands there."""
        return self.scene.community.info.platform == "discourse"

    def was_public(self) -> list[str]:
        """Native ids of the posts that everybody could read when this was planned; others may be private words."""
        return [post.id.native for post in self.scene.posts if not post.hidden]

    def lone(self) -> bool:
        """The opening post is all there is: hiding it hides the thread, which is shown again with the pointer."""
        return len(self.scene.posts) == 1 and bool(self.hidden) and self.redacted() is None

    def redacted(self) -> Post | None:
        """The opening post, where its text is to be replaced because the post cannot be hidden by itself."""
        if not self.on_discourse or self.wanted.shape is Shape.TAKE:
            return None
        return next((post for post in self.hidden if post.id == self.scene.posts[0].id), None)


@dataclass(frozen=True, slots=True)
class Back:
    """A way back while it is written: the case, further cases of this customer, the facts of today, the accounts."""

    case: Case
    scene: Scene
    others: tuple[Case, ...]
    keys: Keys = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", Keys(self.scene))


def hidden_posts(scene: Scene, wanted: Wanted) -> tuple[Post, ...]:
    """Posts chosen, and those here that repeat what is private in them; not what is hidden already."""
    chosen = [post for post in scene.posts if post.id in wanted.hide]
    passages = {passage for post in chosen for passage in scene.private(text_of(post))}
    return tuple(
        post
        for post in scene.posts
        if not post.hidden and (post in chosen or any(passage in text_of(post) for passage in passages))
    )


def cut(text: str, limit: int) -> str:
    """One line that fits."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
