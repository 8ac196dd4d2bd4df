"""From what was seen to an answer. Everything that is not clearly one of two things is ``could_not_check``."""

from collections.abc import Iterator
from dataclasses import dataclass

from moderation.proof.fingerprint import Fingerprint
from moderation.proof.model import Answer, Finding, Look, Probe
from moderation.proof.words import joined, masked, shown

_SNIPPET = 140


@dataclass(frozen=True, slots=True)
class Control:
    """The same look at something that is known to be public.

    ``works``: this viewer can read the community at all. ``look`` is the same place, asked for a public post, with the
    ``marks`` of that post; ``None`` where the place is one for all. ``must_show``: silence of the place means something
    only if it shows the public post (a search; a page that may be an empty shell).
    """

    works: bool
    look: Look | None = None
    marks: Fingerprint | None = None
    must_show: bool = False


def judged(probe: Probe, look: Look, marks: Fingerprint, control: Control) -> Finding:
    """The answer of one probe with its evidence."""
    place = _where(look, marks)
    if place is not None or look.content:
        return _finding(probe, look, Answer.VISIBLE, "found" if place is not None else "file_answers", place or "")
    trouble = look.trouble or _doubt(look, marks, control)
    if trouble:
        return _finding(probe, look, Answer.COULD_NOT_CHECK, trouble)
    return _finding(probe, look, Answer.HIDDEN, _how(look, control))


def unasked(probe: Probe, look: Look, reason: str) -> Finding:
    """A probe that could not be asked."""
    return _finding(probe, look, Answer.COULD_NOT_CHECK, reason)


def shows(look: Look | None, marks: Fingerprint | None) -> bool:
    """True when a look shows the text of these marks."""
    return look is not None and marks is not None and not look.trouble and _where(look, marks) is not None


def _doubt(look: Look, marks: Fingerprint, control: Control) -> str:
    """Why an answer without the text says nothing; empty where it does say something."""
    if not look.refused and not look.shaped:
        return "not_understood"
    if not control.works:
        return "closed_to_viewer"
    beside = control.look
    if beside is not None and beside.trouble:
        return beside.trouble
    if beside is not None and not beside.shaped and not beside.refused:
        return "control_not_understood"
    if control.must_show and not shows(beside, control.marks):
        return "search_closed" if beside is not None and beside.refused else "control_not_found"
    return "no_text" if look.shaped and not look.refused and marks.empty else ""


def _how(look: Look, control: Control) -> str:
    if not look.refused:
        return "absent"
    return "refused" if control.look is None or control.look.shaped else "closed_place"


def _where(look: Look, marks: Fingerprint) -> str | None:
    """A masked snippet of the text where it is found; the request itself, echoed by a server, is no find."""
    if marks.empty:
        return None
    if marks.find(joined(look.texts)) is None:
        return None
    there = (text for text in look.texts if marks.find(joined([text])) is not None)
    return next((_snippet(text, marks) for text in there), "")


def _snippet(text: str, marks: Fingerprint) -> str:
    """The place of the find in the text as it stands: halves are tried until the text is short."""
    seen = shown(text)
    if marks.find(joined([seen])) is None:
        seen = " ".join(text.split())
    while len(seen) > _SNIPPET:
        part = next((part for part in _parts(seen) if marks.find(joined([part])) is not None), None)
        if part is None:
            break
        seen = part
    return masked(seen, 0, min(len(seen), _SNIPPET), 0)


def _parts(text: str) -> Iterator[str]:
    """Overlapping parts of a text, each three fifths of it."""
    size = len(text) * 3 // 5
    yield from (text[start : start + size] for start in range(0, len(text) - size + 1, max(1, size // 3)))


def _finding(probe: Probe, look: Look, answer: Answer, reason: str, snippet: str = "") -> Finding:
    return Finding(probe, answer, reason, look.at, look.request, look.status, look.digest, snippet)
