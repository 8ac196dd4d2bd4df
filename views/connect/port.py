"""What the sheet asks of the program: a sign-in, step by step. Secrets go one way only and never come back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from views.tasks import RunInBackground


@dataclass(frozen=True, slots=True)
class Place:
    """Where a community answers.

    ``known`` is the account connected there already, ``official`` the company account; empty without. ``by_browser``:
    a key may be had by agreeing in the browser. ``names_member``: a key may be one of the whole site, which is told for
    whom it speaks. ``key_page`` is where an administrator makes keys. ``plain``: the way there is not encrypted.
    """

    url: str
    name: str
    platform: str
    known: str = ""
    official: str = ""
    by_browser: bool = False
    names_member: bool = False
    key_page: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A key that is being asked for in the browser; times in seconds. ``by_code``: it comes by itself once the person
    agreed to ``code``; else the server shows a text to paste.
    """

    url: str
    by_code: bool
    code: str = ""
    interval: float = 5.0
    expires_in: float = 600.0


@dataclass(frozen=True, slots=True)
class Person:
    """Who the key turned out to be.

    ``may`` are the actions (slugs) that this account has some right to, ``able`` those that the platform knows at all.
    ``forums`` is how many forums it is limited to, ``None`` for all. ``staff``: may look after reports.
    ``keyring`` is empty where the key will be kept there, else the code of what is in the way.
    """

    name: str
    title: str
    platform: str
    version: str
    roles: frozenset[str]
    may: frozenset[str]
    able: frozenset[str]
    forums: int | None = None
    staff: bool = True
    official: bool = False
    again: bool = False
    keyring: str = ""
    trouble: Mapping[str, object] = field(default_factory=dict)


class SignIn(Protocol):
    """One sign-in at a time. All methods but :meth:`stop` wait for the network and are called off the window's thread;
    they raise the errors of :mod:`moderation.errors`.
    """

    def ready(self) -> None:
        """Make what comes next quick."""

    def find(self, address: str) -> Place:
        """Look an address up; from now on the sign-in is about this place."""

    def known(self, community: str) -> Place:
        """A connected community; asks nobody."""

    def begin(self) -> Wish | None:
        """Ask for a key in the browser; ``None`` where this server has no such way."""

    def poll(self) -> bool:
        """True once the person has agreed: the key is at hand."""

    def paste(self, text: str) -> None:
        """Take the key out of the text that the server showed."""

    def check(self, key: str, *, name: str, official: bool) -> Person:
        """Ask who the key speaks for; an empty one means the key from the browser. ``name`` is the member for whom a
        key of the whole site shall speak; any other must be that member's.
        """

    def check_again(self) -> Person:
        """Ask the same once more: an administrator may have given rights meanwhile."""

    def keep(self, *, in_keyring: bool) -> bool:
        """Remember the community and the key that was checked last; ``False``: the key is known in this run only."""

    def give_up(self) -> None:
        """Let go of everything; a key that came by the browser is revoked."""

    def stop(self) -> None:
        """End what is under way, which raises ``TryLaterError`` ``sign_in_stopped``; from any thread."""

    def sign_out(self, community: str) -> bool:
        """Give up the keys of a community; ``True``: the server has revoked what it gave."""

    def disconnect(self, community: str) -> bool:
        """Sign out and forget the community and what was read of it."""


@dataclass(frozen=True, slots=True)
class Connecting:
    """What the window needs for it. ``run`` calls on a thread of its own, as the window's other work must not wait;
    ``sample`` opens the sample community, where the program has one.
    """

    sign_in: SignIn
    run: RunInBackground
    sample: Callable[[], None] | None = None
