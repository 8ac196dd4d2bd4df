"""Findings: what the checks before an answer object to."""

import re
from dataclasses import dataclass
from enum import StrEnum

from moderation.content import CommunityInfo, Forum
from moderation.privacy.folding import FoldedText, fold

LOOKED_AT = 100_000
"""Characters of a text that the checks look at; a community allows fewer."""


class Severity(StrEnum):
    """Blocks stop the send; asks want a yes; hints only say so."""

    BLOCK = "block"
    ASK = "ask"
    HINT = "hint"


class Audience(StrEnum):
    """Who reads it. A thread that is for ``staff`` stands in a closed forum: who may enter that, no server tells, and
    members may be among them.
    """

    PUBLIC = "public"
    CUSTOMER = "customer"
    STAFF = "staff"


def audience_of(forum: Forum | None) -> Audience:
    """Who reads what is written there: the public, unless the forum is known to be closed to anonymous visitors; a
    customer, where it stands for private messages.
    """
    if forum is not None and forum.messages:
        return Audience.CUSTOMER
    return Audience.STAFF if forum is not None and forum.private else Audience.PUBLIC


@dataclass(frozen=True, slots=True)
class Finding:
    """One objection: a rule's code, how grave, where in the text (characters, end exclusive), and the code of a
    remedy.

    ``text`` is what the remedy writes there, ``about`` what the sentence names: the words found, a kind of private
    data, a file.
    """

    rule: str
    severity: Severity
    place: tuple[int, int] | None = None
    remedy: str | None = None
    text: str = ""
    about: str = ""


def reason(finding: Finding, *, offered: bool = False) -> tuple[str, dict[str, str]]:
    """Code of the sentence that says why, and its facts; ``offered``: the remedy stands beside it, with its text."""
    if finding.about and finding.rule in _DATA:
        return f"finding_data_{finding.about}", {}
    if finding.rule == "wrong_language":
        return f"finding_wrong_language_{finding.about}", {}
    suffix = "_with" if finding.text and not offered and finding.rule in _WITH_TEXT else ""
    return f"finding_{finding.rule}{suffix}", {"about": finding.about, "text": finding.text.strip()}


_DATA = frozenset({"personal_data", "secret"})
_WITH_TEXT = frozenset({"term", "promise", "legal", "tone"})
_PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{1,40}\}\}|\{[a-z_]{1,30}(?:\?|:[^{}\n]{1,40})?\}"
    r"|\[(?:name|date|order|NAME|TODO|お名前|氏名|日付|日時)[^\]\n]{0,20}\]|<[A-Z_]{3,30}>"
    r"|【(?:お客様名|お名前|氏名|日付|日時|商品名|製品名|担当者名?|要確認|未定)】|[○〇◯●△]{2,8}(?=様|さん|\s|です|の|を)"
    r"|\b(?:TODO|TBD|FIXME)\b|\bX{3,8}\b"
)
_OPTIONAL = re.compile(r"\{[a-z_]{1,30}\?\}")
_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]{1,400}`", re.DOTALL)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}")
_PHONE = re.compile(r"(?<![\w.])(?:\+\d{1,3}[ -]?)?(?:\(?0\d{1,4}\)?[ -]?)\d{2,4}[ -]?\d{3,4}(?![\w.])")
_SECRET = re.compile(
    r"(?i)\b(?:password|passwort|api[ _-]?key|token)\s*[:=]\s*\S{4,}|(?:パスワード|暗証番号)\s*[:=：＝]\s*[!-~]{4,}"
)
_SIGNS = {_EMAIL: ("@",), _PLACEHOLDER: (*"{[<【○〇◯●△", "TODO", "TBD", "FIXME", "XXX")}
"""One of them stands in every text that the pattern is found in; most texts have none."""


def check_text(text: str, audience: Audience, info: CommunityInfo, folded: FoldedText | None = None) -> list[Finding]:
    """Findings on a reply for that audience: length by the community's limits, leftover placeholders, personal data,
    secrets. A secret blocks in public; in a closed forum it asks. ``folded`` is the text folded, where
    somebody has done that already.
    """
    found: list[Finding] = []
    folded = folded or fold(text[:LOOKED_AT])
    length = len(text.strip())
    if length == 0:
        return [Finding("empty", Severity.BLOCK)]
    if length < info.min_post_length:
        found.append(Finding("too_short", Severity.BLOCK))
    if length > info.max_post_length:
        found.append(Finding("too_long", Severity.BLOCK, (info.max_post_length, len(text))))
    found += [_placeholder(text, folded.back(*span)) for span in _spans(_PLACEHOLDER, without_code(folded.text))]
    if audience is not Audience.CUSTOMER:
        grave = Severity.BLOCK if audience is Audience.PUBLIC else Severity.ASK
        data = (
            ("secret", grave, _SECRET),
            ("personal_data", Severity.ASK, _EMAIL),
            ("personal_data", Severity.ASK, _PHONE),
        )
        for rule, severity, pattern in data:
            found += [Finding(rule, severity, folded.back(*span), "remove") for span in _spans(pattern, folded.text)]
    return sorted(found, key=lambda finding: finding.place or (0, 0))


def without_code(text: str) -> str:
    """The text with blanks of the same length where code stands: what is in it is not said."""
    return _CODE.sub(blank, text) if "`" in text or "~~~" in text else text


def blank(match: re.Match[str]) -> str:
    """Blanks instead of what was found; line breaks stay."""
    return "\n".join(" " * len(line) for line in match[0].split("\n"))


def _placeholder(text: str, place: tuple[int, int]) -> Finding:
    """One that may be left out is struck out, the others are gone to."""
    remedy = "leave_out" if _OPTIONAL.fullmatch(text[slice(*place)]) else "fill_in"
    return Finding("placeholder", Severity.BLOCK, place, remedy)


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    if not any(sign in text for sign in _SIGNS.get(pattern, ("",))):
        return []
    return [match.span() for match in pattern.finditer(text)]
