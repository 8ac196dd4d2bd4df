"""``make finder``: measures the finder of private data and writes ``docs/privacy-finder.md``."""

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from moderation.privacy.finder import VERSION, Finder
from moderation.privacy.shown import shown
from moderation.privacy.spots import PrivateKind, Spot
from sync.detectors import library_detectors, versions
from sync.detectors.rules_file import load_rules
from tests.benchmarks.machine import description
from tests.corpus import privacy_corpus as corpus
from tests.corpus.privacy_corpus import Result, Score

REPORT = Path(__file__).parents[2] / "docs" / "privacy-finder.md"
ABOUT = Path(__file__).parent / "privacy" / "about.md"
RUNS = 15
NAMES = {
    "tuned": "tuned on",
    "untouched": "written before the detectors were first run, not looked at while tuning",
    "unseen": "written when the detectors were finished",
}
HOSTILE = (
    "1", "1 ", "a", "@", "a@b.", "1.1.", ":", "password ", "東京都", "〒", "eyJa", "<", "+81 90-1234-5678 ", "a@bc.de "
)  # fmt: skip


def main() -> None:
    """Measure and write."""
    rules = load_rules(corpus.FOLDER / "rules.toml")
    finder = Finder(rules, library_detectors(rules))
    parts = {
        (which, language): corpus.measure(corpus.texts(which, language), finder.find_in)
        for which in corpus.SETS
        for language in corpus.LANGUAGES
    }
    text = "\n".join([ABOUT.read_text(encoding="utf-8"), *_quality(parts, finder), *_speed(finder), ""])
    REPORT.write_text(text, encoding="utf-8")
    print(f"written: {REPORT.name}")


def _quality(parts: dict[tuple[str, str], Result], finder: Finder) -> list[str]:
    lines = ["## Precision and recall", "", f"Detectors version {VERSION}, {', '.join(versions())}.", ""]
    lines += [
        "| part | language | texts | places | precision | recall | texts rightly a candidate | of candidates right |"
    ]
    lines += ["| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for (which, language), result in parts.items():
        total, whole = result.total, result.candidates
        lines.append(
            f"| {which} | {language} | {result.texts} | {total.hits + total.missed} | {_share(total.precision)} | "
            f"{_share(total.recall)} | {_share(whole.recall)} | {_share(whole.precision)} |"
        )
    lines += ["", *(f"- *{name}*: {about}." for name, about in NAMES.items())]
    lines += ["", "By kind, all texts that were not tuned on, both languages:", ""]
    lines += [
        "| kind | places | found | wrong | missed | precision | recall |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    held = corpus.measure(
        [text for which in corpus.SETS[1:] for lang in corpus.LANGUAGES for text in corpus.texts(which, lang)],
        finder.find_in,
    )
    lines += [_kind(kind.value, held.kinds.get(kind.value, Score())) for kind in PrivateKind]
    lines.append(_kind("all", held.total))
    return lines


def _kind(name: str, score: Score) -> str:
    places = score.hits + score.missed
    return (
        f"| {name} | {places} | {score.hits} | {score.wrong} | {score.missed} | {_share(score.precision)} | "
        f"{_share(score.recall)} |"
    )


def _share(share: float) -> str:
    return f"{share * 100:.1f} %"


def _speed(finder: Finder) -> list[str]:
    lines = ["", "## Speed", "", f"Processor time of one thread, median of {RUNS} runs; {description()}.", ""]
    lines += ["| what | characters | ms |", "| --- | --- | --- |"]
    for language in corpus.LANGUAGES:
        for dense in (False, True):
            text = _ten_thousand(language, dense)
            said = "full of private data" if dense else "ordinary"
            lines.append(f"| {said}, {language} | 10,000 | {_milliseconds(partial(finder.find_in, text), RUNS):.1f} |")
    worst = max((_milliseconds(partial(_hostile, finder, u), 1), u) for u in HOSTILE)
    lines.append(
        f"| hostile: the slowest of {len(HOSTILE)} repeated pieces (`{worst[1].strip()}`) | 1,000,000 | "
        f"{worst[0]:.0f} |"
    )
    return lines


def _ten_thousand(language: str, dense: bool) -> str:
    texts = [text for which in corpus.SETS for text in corpus.texts(which, language) if dense or not text.wanted]
    return (" ".join(text.text for text in texts) * 20)[:10_000]


def _hostile(finder: Finder, unit: str) -> list[Spot]:
    return finder.find(shown((unit * (1_000_000 // len(unit) + 1))[:1_000_000]))


def _milliseconds(run: Callable[[], list[Spot]], runs: int) -> float:
    spent = []
    for _ in range(runs):
        begun = time.process_time()
        run()
        spent.append((time.process_time() - begun) * 1000)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
