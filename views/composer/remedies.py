"""What a finding offers, done in the text: each one step of undo."""

from collections.abc import Iterable

from moderation.findings import Audience, Finding
from views.composer.editor import AnswerEditor

_AUDIENCE = "audience_is_"
_WRITES = frozenset({"write", "name_team"})
_STRIKES = frozenset({"remove", "leave_out"})


def apply(editor: AnswerEditor, finding: Finding) -> Audience | None:
    """Do it; gives the audience that it offers, which is not for the text to change. What offers nothing else is gone
    to.
    """
    remedy = finding.remedy or ""
    if remedy.startswith(_AUDIENCE):
        return Audience(remedy.removeprefix(_AUDIENCE))
    if remedy == "add_greeting":
        editor.put_before(finding.text)
    elif remedy == "add_sign_off":
        editor.put_behind(finding.text)
    elif finding.place is None or not remedy:
        pass
    elif remedy in _STRIKES:
        editor.remove(*finding.place)
    elif remedy in _WRITES:
        editor.replace(*finding.place, finding.text)
    else:
        editor.select(*finding.place)
    return None


def following(findings: Iterable[Finding], here: int) -> tuple[int, int] | None:
    """The first place behind a character of the text, else the first of all."""
    places = sorted(finding.place for finding in findings if finding.place is not None)
    return next((place for place in places if place[0] >= here), places[0] if places else None)
