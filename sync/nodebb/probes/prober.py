"""The prober of a NodeBB: asks every place as every viewer, and judges what came back."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from moderation.proof import Control, Finding, Look, Probe, Subject, Viewer, What, judged, shows, unasked
from sync.nodebb.context import PARALLEL, Context
from sync.nodebb.probes.answers import look
from sync.nodebb.probes.gathering import Gathering
from sync.nodebb.probes.places import PLACES, Place
from sync.nodebb.probes.viewers import Eyes, prepare
from sync.parts.looking import Looker

_MOST_CONTROLS = 3


class NodebbProber:
    """See :class:`sync.connector.Prober`. ``lookers`` are the anonymous viewer and those who have a key."""

    def __init__(self, context: Context, lookers: Mapping[Viewer, Looker]) -> None:
        self._context = context
        self._lookers = lookers
        self._gathering = Gathering(context.reader)

    def gather(self, subject: Subject) -> Subject:
        """The subject with what staff can still read of it."""
        return self._gathering(subject)

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """One a place and viewer, four at a time."""
        facts = facts_of(subject)
        for viewer in Viewer:
            looker = self._lookers.get(viewer)
            questions = list(_questions(viewer, facts))
            if looker is None:
                yield from self._without(questions, "no_probe_account")
                continue
            eyes = Eyes(viewer, looker)
            prepare(eyes, subject.marks.key, subject.thread.native, frozenset(facts.get("uid", ())))
            if eyes.lack:
                yield from self._without(questions, eyes.lack, mandatory=True)
            else:
                yield from self._asked(eyes, questions, subject)

    def close(self) -> None:
        """Give up sockets."""
        for looker in self._lookers.values():
            looker.close()

    def _asked(self, eyes: Eyes, questions: list[tuple[Place, Probe]], subject: Subject) -> Iterator[Finding]:
        with ThreadPoolExecutor(PARALLEL, "probes") as pool:
            yield from pool.map(lambda question: self._one(eyes, question[0], question[1], subject), questions)

    def _one(self, eyes: Eyes, place: Place, probe: Probe, subject: Subject) -> Finding:
        seen = look(eyes.see(place, probe.place), place, self._now())
        control = self._control(eyes, place)
        return judged(_named(probe), seen, subject.marks, control)

    def _control(self, eyes: Eyes, place: Place) -> Control:
        """The same place asked for a public post; several are tried where it must be seen."""
        if not place.controlled:
            return Control(works=True)
        tried = Control(works=True, must_show=place.must_show)
        for public in eyes.public[:_MOST_CONTROLS]:
            path = next(iter(place.paths(public.facts)), None)
            if path is None:
                continue
            beside = look(eyes.remember(place, path), place, self._now())
            tried = replace(tried, look=beside, marks=public.marks)
            if not place.must_show or shows(beside, public.marks):
                break
        return tried

    def _without(self, questions: list[tuple[Place, Probe]], lack: str, mandatory: bool = False) -> Iterator[Finding]:
        """One a kind of place, for a viewer that cannot look."""
        for what in dict.fromkeys(place.what for place, _ in questions):
            viewer = questions[0][1].viewer
            yield unasked(Probe(what, "*", viewer, mandatory), Look("", self._now()), lack)

    def _now(self) -> datetime:
        return self._context.now()


def facts_of(subject: Subject) -> dict[str, tuple[str, ...]]:
    """What the names in the addresses of :data:`~sync.nodebb.probes.places.PLACES` stand for."""
    facts = dict(subject.places)
    facts.setdefault("tid", (subject.thread.native,))
    facts["pid"] = tuple(ref.native for ref in subject.posts)
    facts["elsewhere"] = tuple(ref.native for ref in subject.elsewhere)
    facts["word"] = (" ".join(subject.words),) if subject.words else ()
    return facts


def _questions(viewer: Viewer, facts: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Place, Probe]]:
    for place in PLACES:
        if viewer in place.viewers:
            for path in place.paths(facts):
                yield place, Probe(place.what, path, viewer, _mandatory(place, viewer))


def _mandatory(place: Place, viewer: Viewer) -> bool:
    """A NodeBB keeps its search from visitors unless told otherwise; those who may search must find nothing."""
    return place.what is not What.SEARCH or viewer is not Viewer.ANONYMOUS


def _named(probe: Probe) -> Probe:
    """The probe as evidence names it: what was searched for stays out."""
    place, term, _ = probe.place.partition("&term=")
    return replace(probe, place=place) if term else probe
