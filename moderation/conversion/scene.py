"""What a plan is made from: the thread and everybody around it as the mirror knows them, and the words to write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from moderation.case_tickets import TicketOffice
from moderation.content import Forum, Identity, Member, Post, Thread
from moderation.ids import Ref
from moderation.intents import Identities
from moderation.plans import Sender
from moderation.ports import CommunityRow

_EVERYWHERE = frozenset({"administrator", "moderator"})


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts with placeholders, in the language of the forum.

    ``pointer`` ``{customer}``; ``pointer_title`` ``{customer} {case}``; ``place_title`` ``{customer}``; ``room_title``
    ``{case} {customer}``; ``copy_title`` ``{title}``; ``copy_head`` ``{url}``; ``quote_head`` ``{author} {at}``;
    ``part`` ``{number} {of}``; ``redacted`` stands in the place of a text that was taken out of public.
    ``ticket_subject`` ``{title}``; ``ticket_head`` ``{customer} {case}``; ``ticket_ask``, what is asked in private, and
    ``ticket_pointer``, where nothing can be asked in private: ``{customer} {case}``; ``ticket_back`` ``{case}``.
    """

    pointer: str
    pointer_title: str
    place_title: str
    room_title: str
    copy_title: str
    copy_head: str
    quote_head: str
    part: str
    redacted: str = "(Private details were taken out of this post by the team.)"
    ticket_subject: str = "{title}"
    ticket_head: str = "{customer} in the community ({case})"
    ticket_ask: str = "{customer}, we go on with this in our ticket system ({case}). To which address may we write?"
    ticket_pointer: str = "{customer}, we go on with this in private. Please write to our support and name {case}."
    ticket_back: str = "{case} was taken back to the public thread. This ticket ends with it."


def nothing_private(text: str) -> Sequence[str]:
    """A finder that finds nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class Scene:
    """The facts. ``posts`` in thread order; ``customer`` is whom the private place is for.

    ``under`` is the team's private forum, ``groups`` are names of groups that join a message. ``known_place`` is the
    private forum that this customer has from an earlier case, ``admitted`` whether an open case has let them in there;
    ``names`` are those of moderators. ``private`` gives the passages of a text that should not be public. ``elsewhere``
    are posts outside of this thread that repeat one, ``ticket`` is the ticket system that is connected.
    """

    key: str
    community: CommunityRow
    thread: Thread
    forum: Forum | None
    posts: tuple[Post, ...]
    customer: Member | None
    under: Forum | None = None
    known_place: Ref | None = None
    admitted: bool = False
    colleagues: tuple[Ref, ...] = ()
    groups: tuple[str, ...] = ()
    names: dict[Ref, str] = field(default_factory=dict)
    private: Callable[[str], Sequence[str]] = nothing_private
    elsewhere: tuple[Ref, ...] = ()
    ticket: TicketOffice | None = None

    @property
    def identities(self) -> tuple[tuple[Identities, Identity], ...]:
        """The keys of this home, one's own first."""
        own = ((Identities.ME, self.community.identity),)
        official = self.community.official
        return own if official is None else (*own, (Identities.OFFICIAL, official))

    @property
    def staff(self) -> frozenset[Ref]:
        """Members known to look after this forum, or to be signed in here."""
        signed_in = {identity.member for _, identity in self.identities}
        return frozenset(signed_in | set(self.forum.moderators or () if self.forum else ()))

    def bystanders(self) -> tuple[Ref, ...]:
        """Who wrote here beside the customer and the staff."""
        outside = self.staff | ({self.customer.id} if self.customer else set())
        return tuple(sorted({post.author for post in self.posts if post.author and post.author not in outside}))

    def sender(self, kind: Identities) -> Sender:
        """Under whom a step goes out."""
        identity = dict(self.identities)[kind]
        return Sender(self.community.name, identity.member, kind)


def administers(identity: Identity) -> bool:
    """May make forums and give rights."""
    return "administrator" in identity.roles


def moderates(identity: Identity, forum: Forum | None) -> bool:
    """May act on others' posts and threads in this forum; of forums that are not known, who may everywhere."""
    if identity.roles & _EVERYWHERE:
        return True
    if "forum_moderator" not in identity.roles or forum is None:
        return False
    return identity.forums is None or forum.id in identity.forums


def text_of(post: Post) -> str:
    """What its author typed, or what the server's rendering says."""
    from moderation.conversion.copying import plain

    return post.body if post.body is not None else plain(post.body_html)
