"""Drafts with known faults and clean ones: what the checks of an answer catch, and what they object to in vain.

``make voice`` measures and writes the tables into ``docs/voice.md``.
"""

import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from moderation.bringing.model import PrivateText, Whose
from moderation.content import CommunityInfo
from moderation.findings import Audience
from moderation.privacy.finder import Finder
from moderation.privacy.rules import NO_RULES
from moderation.voice.checks import Checks, Colleagues, Context
from moderation.voice.choosing import choose
from moderation.voice.private_words import PrivateWords
from moderation.voice.reading import read_pack
from resources.voice import shipped
from sync.detectors import library_detectors
from tests.benchmarks.machine import description

FOLDER = Path(__file__).parent / "voice"
REPORT = Path(__file__).parents[2] / "docs" / "voice.md"
BEGIN = "## How well it does"
LANGUAGES = ("en", "ja")
RUNS = 15
_INFO = CommunityInfo("c", "nodebb", "4", "https://quillby.example", "Quillby", 1, 32_000)
_PRIVATE = {
    "en": (
        ("Fee was waived last year after a complaint to the press office. Contract K-4471882.", Whose.NOTE),
        (
            "My landlord refuses to let the engineer into the cellar before the court has decided about the rent.",
            Whose.CUSTOMER,
        ),
    ),
    "ja": (
        ("昨年は広報への苦情のあとで解約金を免除した経緯がある。契約は K-4471882。", Whose.NOTE),
        ("家賃の件で、判決が出るまで大家さんが地下室に技術者を入れてくれないのです。", Whose.CUSTOMER),
    ),
}
_ORDINARY = {
    "en": "The router restarts because it loses its table. Open Settings, choose Update and wait until the light is "
    "green again. We have seen this with some devices in the last weeks. ",
    "ja": "この現象は、機器が設定表を失うために起こります。設定を開き、「更新」を選んで、"
    "ランプが緑になるまで待ってください。ここ数週間、いくつかの機器で確認しています。",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A draft and the rules that should object to it, none for a clean one."""

    language: str
    faults: frozenset[str]
    text: str


@dataclass(slots=True)
class Measured:
    """What was found: faults by rule that were there, and that were caught; rules that objected in vain."""

    there: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    clean: int = 0
    disturbed: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)


def drafts(language: str) -> Iterator[Text]:
    """All drafts of a language."""
    for entry in (FOLDER / f"drafts_{language}.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        head, _, text = entry.partition("\n")
        yield Text(language, frozenset(head.split()) - {"clean"}, text.strip())


def checks(language: str) -> Checks:
    """As they stand in a public thread of the sample company, with all that a team has set."""
    packs = [read_pack(source, name) for name, source in shipped()]
    return Checks(
        Context(
            Audience.PUBLIC,
            _INFO,
            choose(packs, "quillby.example", ["Router help"], language),
            language,
            today=date(2026, 11, 22),
            private=PrivateWords(PrivateText(text, whose) for text, whose in _PRIVATE[language]),
            never=Colleagues(("Rolf Quarrier", "大野 真由"), ("rolf_q",)),
            find=Finder(NO_RULES, library_detectors(NO_RULES)).find_in,
        )
    )


def measure(language: str) -> Measured:
    """Look at every draft of a language."""
    found, made = Measured(), checks(language)
    for draft in drafts(language):
        rules = {_rule(one.rule) for one in made.look(draft.text)}
        found.there.update(draft.faults)
        found.caught.update(draft.faults & rules)
        found.wrong.update(rules - draft.faults)
        found.missed += [(rule, draft.text) for rule in sorted(draft.faults - rules)]
        found.clean += not draft.faults
        found.disturbed += not draft.faults and bool(rules)
    return found


def _rule(rule: str) -> str:
    return "private_words" if rule.startswith("private_words") else rule


def milliseconds(language: str, piece: str) -> float:
    """Processor time of all checks over 10,000 characters of this, another text each time, median of :data:`RUNS`."""
    made = checks(language)
    made.look(piece)
    spent = []
    for run in range(RUNS):
        text = (f"{run} " + piece * (10_000 // len(piece) + 1))[:10_000]
        begun = time.process_time()
        made.look(text)
        spent.append((time.process_time() - begun) * 1000)
    return statistics.median(spent)


def report() -> str:
    """The measured part of the page."""
    found = {language: measure(language) for language in LANGUAGES}
    rules = sorted({rule for one in found.values() for rule in (*one.there, *one.wrong)})
    lines = [
        BEGIN, "",
        "Drafts written by hand for this (`tests/corpus/voice/`), for the packs that ship and two private texts a",
        "language, before the checks were run on them; what was missed then was left so. Whoever wrote them knew the",
        "checks: real answers will be harder. `make voice` measures and writes this part.", "",
        "| language | faults | caught | clean drafts | of them disturbed | objections in vain, all drafts |",
        "| --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for language, one in found.items():
        share = f"{one.caught.total()} ({100 * one.caught.total() / one.there.total():.0f} %)"
        lines.append(
            f"| {language} | {one.there.total()} | {share} | {one.clean} | {one.disturbed} | {one.wrong.total()} |"
        )
    lines += ["", "| rule | there | caught | in vain |", "| --- | --- | --- | --- |"]
    for rule in rules:
        counts = [sum(getattr(one, name)[rule] for one in found.values()) for name in ("there", "caught", "wrong")]
        lines.append(f"| {rule} | {counts[0]} | {counts[1]} | {counts[2]} |")
    lines += ["", f"Processor time of one thread for 10,000 characters, median of {RUNS} runs; {description()}.", ""]
    lines += ["| what | ms |", "| --- | --- |"]
    for language in LANGUAGES:
        full = "\n".join(draft.text for draft in drafts(language) if draft.faults)
        lines.append(f"| an ordinary answer, {language} | {milliseconds(language, _ORDINARY[language]):.1f} |")
        lines.append(f"| full of faults, {language} | {milliseconds(language, full):.1f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the measured part of the page, and print what was missed."""
    page = REPORT.read_text(encoding="utf-8")
    REPORT.write_text(page.partition(BEGIN)[0] + report(), encoding="utf-8")
    for language in LANGUAGES:
        for rule, text in measure(language).missed:
            print(f"missed {rule}: {text!r}")


if __name__ == "__main__":
    main()
