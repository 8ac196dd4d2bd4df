"""Priority of an item: a number that can explain itself.

It changes only when its inputs do, so time is not one of them.
"""

import re
from collections import Counter
from dataclasses import dataclass

from moderation.content import Forum, Member
from moderation.ids import Kind
from moderation.items import Item
from moderation.queries import Level
from moderation.text import one_line

BASE = {Level.URGENT: 4000.0, Level.HIGH: 3000.0, Level.NORMAL: 2000.0, Level.LOW: 1000.0}
_RANK = (Level.LOW, Level.NORMAL, Level.HIGH, Level.URGENT)

_PETTY = "bug|detail|edit|error|issue|mistake|problem|spam|typo"  # "a minor issue" is about no minor

# Words of reporters, English and Japanese, by what they complain about; the first category that matches counts.
CATEGORIES: tuple[tuple[str, Level, str], ...] = (
    ("danger", Level.URGENT, r"suicid|self[- ]harm|\bkill|threat|violen|weapon|自殺|自傷|脅迫|殺"),
    ("minors", Level.URGENT, rf"\bminors?\b(?! +(?:{_PETTY}))|\bchild(?!ish)|underage|児童|未成年"),
    ("personal_data", Level.HIGH, "personal data|personal info|phone|address|privacy|order number|個人情報|電話|住所"),
    ("secret", Level.HIGH, "password|secret|credential|token|security|パスワード|秘密|脆弱性"),
    ("harassment", Level.HIGH, "harass|insult|hate|racis|bully|abus|嫌がらせ|誹謗|差別|中傷"),
    ("contract", Level.HIGH, "contract|legal|契約|法的"),
    ("spam", Level.NORMAL, "spam|advert|phish|scam|スパム|宣伝|広告|詐欺"),
    ("rude", Level.NORMAL, "rude|offensive|language|失礼|不適切|攻撃的"),
    ("off_topic", Level.NORMAL, "off topic|off-topic|wrong forum|話題|場違い"),
    ("duplicate", Level.LOW, "duplicate|merge|already asked|重複|既出"),
    ("low_effort", Level.LOW, r"low effort|\+1|no content|低品質"),
)


@dataclass(frozen=True, slots=True)
class Priority:
    """``score`` orders the queue (higher first), ``level`` is its shape; ``why`` are codes ``name`` or
    ``name:value``.

    ``reason`` is the reporters' most frequent complaint in one line, empty while it is unknown.
    """

    score: float
    level: Level
    why: tuple[str, ...]
    reason: str


def prioritise(item: Item, author: Member | None = None, forum: Forum | None = None) -> Priority:
    """Weigh an item by what is complained about, how often, and by whom it was written.

    Three reports raise it one step; a category alone makes it urgent. What was not read yet counts as ordinary.
    """
    category, level = _category(item)
    why = [f"category:{category}"] if category else []
    if item.kind is Kind.HELD:
        why.append("held")
    if item.report_count:
        why.append(f"reports:{item.report_count}")
    if item.report_count >= 3 and level in {Level.LOW, Level.NORMAL}:
        level = _RANK[_RANK.index(level) + 1]
        why.append("often")
    score = BASE[level] + min(item.report_count, 50) * 10
    if author is not None and (author.post_count or 0) < 3:
        score += 5
        why.append("new_author")
    if forum is not None and forum.private is False:
        score += 1
    return Priority(score, level, tuple(why), _reason(item))


def _category(item: Item) -> tuple[str, Level]:
    """Gravest category among the reports' words."""
    found = [(name, level) for report in item.reports for name, level in [_matched(report.text)] if name]
    return max(found, key=lambda pair: _RANK.index(pair[1]), default=("", Level.NORMAL))


def _matched(text: str) -> tuple[str, Level]:
    folded = text.casefold()
    for name, level, words in CATEGORIES:
        if re.search(words, folded):
            return name, level
    return "", Level.NORMAL


def _reason(item: Item) -> str:
    texts = Counter(line for report in item.reports if (line := one_line(report.text, 60)))
    return texts.most_common(1)[0][0] if texts else ""
