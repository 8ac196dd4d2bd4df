"""Asking every place of a platform as every viewer: what is the same wherever a text may show.

A platform gives its places, how each is asked and what an answer is (:class:`Dialect`), and what staff can still read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from string import Formatter
from typing import Protocol
from urllib.parse import quote

from moderation.proof import (
    Control,
    Finding,
    Fingerprint,
    Look,
    Probe,
    Subject,
    Viewer,
    What,
    judged,
    shows,
    unasked,
)
from sync.parts.looking import Looker, Seen

MEMBERS = frozenset({Viewer.MEMBER, Viewer.BYSTANDER})
_MOST_CONTROLS = 3
MOST_POSTS = 60
"""Of a longer thread the first and the last posts are asked for one by one."""
_ADDRESSES = frozenset({"file", "thumb", "revision"})
"""Facts that are addresses already."""
Facts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """One place. Its ``path`` has ``{names}`` of native facts; a list behind a name is one probe for each.

    ``shape`` is a word of the dialect for what the place answers as itself. ``keys`` must stand in its JSON; ``only``
    names the parts of it that count, where the rest echoes what was asked. ``controlled``: it is also asked for a
    public post, and ``must_show`` that it shows that.
    """

    what: What
    path: str
    shape: str = "json"
    keys: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    controlled: bool = False
    must_show: bool = False
    viewers: frozenset[Viewer] = frozenset(Viewer)

    def paths(self, facts: Facts) -> Iterator[str]:
        """The addresses for these facts; none where one of them is not known."""
        names = {name for _, name, _, _ in Formatter().parse(self.path) if name}
        rows: list[dict[str, str]] = [{}]
        for name in sorted(names):
            rows = [{**row, name: value} for row in rows for value in facts.get(name, ())]
        for row in rows:
            yield self.path.format(**{name: _safe(name, value) for name, value in row.items()})


def _safe(name: str, value: str) -> str:
    return value if name in _ADDRESSES else quote(value, safe="")


@dataclass(frozen=True, slots=True)
class Public:
    """A post that is known to be public, with the facts of its addresses and the marks of its text."""

    facts: Facts
    marks: Fingerprint


@dataclass(frozen=True, slots=True)
class Question:
    """What a viewer is prepared for: the key of the marks, the thread that is looked for, the members who wrote."""

    viewer: Viewer
    key: str
    thread: str
    authors: frozenset[str]


class Dialect(Protocol):
    """How a platform is asked and understood."""

    @property
    def places(self) -> Sequence[Place]:
        """Where it can show a text."""

    @property
    def parallel(self) -> int:
        """Requests at once."""

    def see(self, looker: Looker, place: Place, path: str) -> Seen:
        """Ask an address of a place."""

    def look(self, seen: Seen, place: Place, at: datetime) -> Look:
        """What an answer of that place is: itself, the platform's own refusal, or something in between."""

    def prepare(self, looker: Looker, question: Question) -> tuple[tuple[Public, ...], str]:
        """Public posts for comparison, or a code for why this viewer cannot look."""

    def mandatory(self, place: Place, viewer: Viewer) -> bool:
        """Whether a proof needs an answer here."""


@dataclass(slots=True)
class _Eyes:
    """One viewer in one check; what is looked at for comparison is asked once."""

    looker: Looker
    public: tuple[Public, ...]
    kept: dict[tuple[str, str], Seen] = field(default_factory=dict, repr=False)

    def beside(self, dialect: Dialect, place: Place, path: str) -> Seen:
        key = (place.shape, path)
        if key not in self.kept:
            self.kept[key] = dialect.see(self.looker, place, path)
        return self.kept[key]


class PlacesProber:
    """Implements :class:`sync.connector.Prober`. ``lookers`` are the anonymous viewer and those who have a key."""

    def __init__(
        self,
        dialect: Dialect,
        lookers: Mapping[Viewer, Looker],
        gather: Callable[[Subject], Subject],
        now: Callable[[], datetime],
    ) -> None:
        self._dialect = dialect
        self._lookers = lookers
        self._gather = gather
        self._now = now

    def gather(self, subject: Subject) -> Subject:
        """The subject with what staff can still read of it."""
        return self._gather(subject)

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """One a place and viewer."""
        facts = facts_of(subject)
        for viewer in Viewer:
            looker, questions = self._lookers.get(viewer), list(self._questions(viewer, facts))
            if looker is None:
                yield from self._without(questions, "no_probe_account")
                continue
            question = Question(viewer, subject.marks.key, subject.thread.native, frozenset(facts.get("author", ())))
            public, lack = self._dialect.prepare(looker, question)
            if lack:
                yield from self._without(questions, lack, mandatory=True)
            else:
                yield from self._asked(_Eyes(looker, public), questions, subject)
                yield from self._left_out(subject, viewer)

    def close(self) -> None:
        """Give up sockets."""
        for looker in self._lookers.values():
            looker.close()

    def _questions(self, viewer: Viewer, facts: Facts) -> Iterator[tuple[Place, Probe]]:
        for place in self._dialect.places:
            if viewer in place.viewers:
                needed = self._dialect.mandatory(place, viewer)
                yield from ((place, Probe(place.what, path, viewer, needed)) for path in place.paths(facts))

    def _asked(self, eyes: _Eyes, questions: Sequence[tuple[Place, Probe]], subject: Subject) -> Iterator[Finding]:
        with ThreadPoolExecutor(self._dialect.parallel, "probes") as pool:
            yield from pool.map(lambda question: self._one(eyes, question[0], question[1], subject), questions)

    def _one(self, eyes: _Eyes, place: Place, probe: Probe, subject: Subject) -> Finding:
        seen = self._dialect.look(self._dialect.see(eyes.looker, place, probe.place), place, self._now())
        told = replace(seen, request=_unasked(seen.request))
        return _counted(judged(_named(probe), told, subject.marks, self._control(eyes, place)))

    def _control(self, eyes: _Eyes, place: Place) -> Control:
        """The same place asked for a public post; several are tried where it must be seen."""
        if not place.controlled:
            return Control(works=True)
        tried = Control(works=True, must_show=place.must_show)
        for public in eyes.public[:_MOST_CONTROLS]:
            path = next(iter(place.paths(public.facts)), None)
            if path is None:
                continue
            beside = self._dialect.look(eyes.beside(self._dialect, place, path), place, self._now())
            tried = replace(tried, look=beside, marks=public.marks)
            if not place.must_show or shows(beside, public.marks):
                break
        return tried

    def _left_out(self, subject: Subject, viewer: Viewer) -> Iterator[Finding]:
        """That of a long thread not every post was asked for one by one."""
        if len(subject.posts) > MOST_POSTS:
            yield unasked(Probe(What.POSTS, "*", viewer, mandatory=False), Look("", self._now()), "only_some_posts")

    def _without(
        self, questions: Sequence[tuple[Place, Probe]], lack: str, mandatory: bool = False
    ) -> Iterator[Finding]:
        """One a kind of place, for a viewer that cannot look."""
        for what in dict.fromkeys(place.what for place, _ in questions):
            yield unasked(Probe(what, "*", questions[0][1].viewer, mandatory), Look("", self._now()), lack)


def _counted(found: Finding) -> Finding:
    """A search counts only if it finds a public post; one that finds nothing at all neither proves nor hinders."""
    blind = found.probe.what is What.SEARCH and found.reason in {"control_not_found", "search_closed"}
    return replace(found, probe=replace(found.probe, mandatory=False)) if blind else found


def facts_of(subject: Subject) -> dict[str, tuple[str, ...]]:
    """What the names in the addresses of places stand for."""
    facts = dict(subject.places)
    facts.setdefault("tid", (subject.thread.native,))
    pids = tuple(ref.native for ref in subject.posts)
    half = MOST_POSTS // 2
    facts["pid"] = pids if len(pids) <= MOST_POSTS else (*pids[:half], *pids[-half:])
    facts["elsewhere"] = tuple(ref.native for ref in subject.elsewhere)
    facts["word"] = (" ".join(subject.words),) if subject.words else ()
    return facts


def _named(probe: Probe) -> Probe:
    """The probe as evidence names it: what was searched for stays out."""
    return replace(probe, place=_unasked(probe.place))


def _unasked(address: str) -> str:
    for name in ("&term=", "?q="):
        address = address.partition(name)[0]
    return address
