"""What a proof asks, what it heard, and what is to be said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moderation.ids import Ref
from moderation.proof.fingerprint import Fingerprint


class Answer(StrEnum):
    """What a probe found. Only a look that saw the place and not the text is ``hidden``."""

    HIDDEN = "hidden"
    VISIBLE = "visible"
    COULD_NOT_CHECK = "could_not_check"


class Viewer(StrEnum):
    """As whom a probe looks. A bystander is a member who took part in the thread."""

    ANONYMOUS = "anonymous"
    MEMBER = "member"
    BYSTANDER = "bystander"


class What(StrEnum):
    """Kinds of places where a text can show."""

    THREAD = "thread"
    POSTS = "posts"
    RAW = "raw"
    REVISIONS = "revisions"
    ATTACHMENTS = "attachments"
    THUMBNAILS = "thumbnails"
    LISTS = "lists"
    FEEDS = "feeds"
    TEASER = "teaser"
    SLUG = "slug"
    SEARCH = "search"
    QUOTES = "quotes"
    PREVIEWS = "previews"
    FEDERATION = "federation"
    SITEMAP = "sitemap"


@dataclass(frozen=True, slots=True)
class Subject:
    """What must not be readable any more, and where it could show.

    ``whole``: all posts of the thread are meant, those listed and those that a connector finds. ``redacted``: the posts
    stay in a new wording, and only what they said before must be gone. ``titled``: the thread's title too is among the
    marks. ``elsewhere`` are posts that may quote the text.
    ``words`` are ordinary words of texts that were public already, to search by. ``places`` are native facts by name
    that a connector gathered (authors, forum, attachments, revisions): what they mean is its own affair.
    """

    community: str
    thread: Ref
    posts: tuple[Ref, ...]
    marks: Fingerprint
    whole: bool = False
    redacted: bool = False
    titled: bool = False
    elsewhere: tuple[Ref, ...] = ()
    words: tuple[str, ...] = ()
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Probe:
    """One question: is it readable at this place, by this viewer? ``place`` is the address without secrets."""

    what: What
    place: str
    viewer: Viewer
    mandatory: bool = True


@dataclass(frozen=True, slots=True)
class Look:
    """What a server answered to one request, as far as a judgement needs it.

    ``trouble`` is a code when there was no answer of the community itself (no connection, a proxy's page, maintenance,
    too many requests). ``refused``: the platform itself said that there is nothing, or nothing for this viewer.
    ``shaped``: the platform's own answer of that place. ``texts`` are what a reader would see there. ``content``: the
    answer is the thing itself (a file), readable whatever it holds.
    """

    request: str
    at: datetime
    status: int = 0
    trouble: str = ""
    refused: bool = False
    shaped: bool = False
    content: bool = False
    texts: tuple[str, ...] = field(default=(), repr=False)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A probe with its answer and the evidence: request, time, status, hash of the body, masked snippet.

    ``reason`` is a code: why it could not be checked, or how it was found out.
    """

    probe: Probe
    answer: Answer
    reason: str
    at: datetime
    request: str = ""
    status: int = 0
    digest: str = ""
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Findings of a proof put together. ``passed``: nothing visible, and every mandatory probe checked."""

    findings: tuple[Finding, ...]

    @property
    def visible(self) -> tuple[Finding, ...]:
        """Where the text can be read."""
        return self._of(Answer.VISIBLE)

    @property
    def unchecked(self) -> tuple[Finding, ...]:
        """Mandatory probes without an answer."""
        return tuple(found for found in self._of(Answer.COULD_NOT_CHECK) if found.probe.mandatory)

    @property
    def passed(self) -> bool:
        """Nothing visible, every mandatory probe checked, and something was asked at all."""
        asked = any(found.probe.mandatory for found in self.findings)
        return asked and not self.visible and not self.unchecked

    def _of(self, answer: Answer) -> tuple[Finding, ...]:
        return tuple(found for found in self.findings if found.answer is answer)
