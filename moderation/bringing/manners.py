"""What belongs to the person and not to the answer: greetings, farewells, quotes; and the names that stand in them."""

import re
from collections.abc import Iterable

from moderation.bringing.model import Message, Whose
from moderation.bringing.sentences import sentences
from moderation.bringing.skeleton import skeleton
from moderation.privacy.labels import listed

_HONORIFIC = r"(?:様|さま|さん|殿|先生|御中)"
_CALLED = r"(?-i:@\S{1,30}|[^\W\d_a-z][\w.'’-]{0,30}|and|&|there|all|everyone|everybody|again|team|folks)"
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings)\b"
    rf"(?P<name>(?:[ \t]+{_CALLED}){{0,4}})[,.!:]?"
    r"|(?P<ja>[^\n。、,]{1,20}?)[ 　]?" + _HONORIFIC + r"[、,。:：]?"
    r"|(?:こんにちは|こんばんは|おはようございます|お世話になって(?:おり|い)ます|いつも(?:大変)?お世話になって(?:おり|い)ます"
    r"|平素は[^\n。]{0,40}(?:ありがとうございます|御礼申し上げます)|お問い合わせ(?:いただき)?(?:まことに|誠に)?ありがとうございます"
    r"|[^\n。]{0,24}(?:サポート|担当)の[^\n。]{1,10}(?:です|と申します))[、。!！]?)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))[ \t]+(?:@?[^\W\d_][\w.'’-]{0,30}[ \t]?){1,3}[,!]",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"(?:(?:(?:kind|best|warm|many|with kind|with best)[ ]?(?:regards|wishes)?|regards|sincerely|yours(?: \w+)?|cheers"
    r"|all the best"
    r"|thank(?:s| you)(?: (?:again|for your patience|for your understanding|in advance|so much|very much))?"
    r"|have a (?:nice|good|great|lovely) (?:day|evening|weekend))[,.!]?"
    r"|(?:今後とも)?(?:何卒|どうぞ)?(?:よ|宜)ろしくお願い(?:いた|致)?します|(?:以上、)?よろしくお願い申し上げます"
    r"|今後とも[^\n]{0,20}お願い(?:いた|致|申し上げ)[^\n]{0,6}|敬具)[。.!！]?",
    re.IGNORECASE,
)
_PLEASANTRY = re.compile(
    r"(?:you(?:'|’)?re (?:very )?welcome|glad|happy|great|good|nice|perfect|pleased|thank|thanks|no problem|my pleasure"
    r"|have a|cheers|any time|anytime|sorry|let (?:me|us) (?:check|look)|one moment|i(?:'|’)ll (?:check|look)"
    r"|we(?:'|’)ll (?:check|look)|we are looking|i am looking"
    r"|どういたしまして|よかった|良かった|何より|安心|ありがとう|お役に立て|嬉しい|うれしい|また何か|いつでも|少々お待ち|確認いたします"
    r"|確認します|お調べします|お待ちください|申し訳)",
    re.IGNORECASE,
)
_QUOTE_HEAD = re.compile(
    r"[ \t]*@?[^\n]{1,80}[ \t](?:said|wrote)(?:[ \t]in[ \t][^\n]{1,300}|,[^\n]{1,60})?:?[ \t]*$"
    r"|[^\n]{1,60}さんの発言:?[ \t]*$"
)
_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]{1,24}(?:[ ][^\W\d_][^\W\d_.'’-]{0,24}){0,2}")
_NO_NAMES = frozenset(
    listed(
        "all there everyone everybody again team support customer sir madam folks and thanks thank you for the your mr "
        "mrs ms dr"
    )
)
_FEW = 64
_MOST_LINES = 4


def own_words(text: str) -> str:
    """A message without quotes, greeting and farewell: what is left for others to read."""
    lines = _unquoted(text.replace("\r\n", "\n").splitlines())
    rest = _after_greeting(lines)
    greeted = any(line.strip() for line in lines[: len(lines) - len(rest)])
    left = "\n".join(_from_farewell(rest)).strip("\n").rstrip()
    return left[:1].upper() + left[1:] if greeted else left


def quoted_words(text: str) -> str:
    """The lines of a message that quote somebody, without their signs."""
    return "\n".join(line.lstrip("> \t") for line in text.splitlines() if line.lstrip().startswith(">"))


def tells_something(text: str) -> bool:
    """False for thanks, promises to look, and what is too short to help anybody."""
    weighs = [skeleton(text[start:end]).weight for start, end in sentences(text) if not _is_kind(text[start:end])]
    return sum(weighs) >= _FEW


def names_said(messages: Iterable[Message]) -> set[str]:
    """Names by which the customer is greeted in private, and with which they sign: not those that staff sign with."""
    found: set[str] = set()
    for message in messages:
        if message.copied:
            continue
        if message.whose is Whose.STAFF:
            found |= _greeted(message.text)
        elif message.whose is Whose.CUSTOMER:
            found |= _signed(message.text)
    return found


def _is_kind(sentence: str) -> bool:
    return _PLEASANTRY.match(sentence) is not None and skeleton(sentence).weight < 3 * _FEW


def _unquoted(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line.lstrip().startswith(">"):
            if kept and _QUOTE_HEAD.match(kept[-1]):
                kept.pop()
        else:
            kept.append(line)
    return kept


def _after_greeting(lines: list[str]) -> list[str]:
    """Without greetings at the start: lines that are nothing else, and the beginning of one that goes on."""
    at = 0
    while at < len(lines):
        bare = lines[at].strip()
        if bare and _GREETING.fullmatch(bare) is None:
            break
        at += 1
    rest = lines[at:]
    if rest and (match := _ADDRESS.match(rest[0].lstrip())) is not None:
        said = rest[0].lstrip()[match.end() :].lstrip()
        rest = [said[:1].upper() + said[1:], *rest[1:]]
    return rest


def _from_farewell(lines: list[str]) -> list[str]:
    """Without the farewell at the end and the names below it."""
    ends = len(lines)
    while ends and not lines[ends - 1].strip():
        ends -= 1
    for at in range(max(0, ends - _MOST_LINES), ends):
        if _FAREWELL.fullmatch(lines[at].strip().rstrip(",")) and all(_is_short(line) for line in lines[at + 1 : ends]):
            return lines[:at]
    return lines


def _is_short(line: str) -> bool:
    return len(line.strip()) <= 60 and not line.strip().endswith("?")


def _greeted(text: str) -> set[str]:
    for line in text.splitlines()[:2]:
        match = _GREETING.match(line.strip())
        if match is not None and (match["name"] or match["ja"]):
            return _names_in(match["name"] or match["ja"])
    return set()


def _signed(text: str) -> set[str]:
    """The last line, where it is a name below a farewell or a dash."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        return set()
    last = lines[-1]
    dashed = last[:1] in {"-", "–", "—", "/"}
    below = _FAREWELL.fullmatch(lines[-2].rstrip(",")) is not None
    return _names_in(last.lstrip("-–—/ ")) if dashed or below else set()


def _names_in(text: str) -> set[str]:
    """Whole names and their parts; words that name nobody are none."""
    found: set[str] = set()
    for match in _NAME.finditer(text.replace("@", " ").replace("_", " ")):
        parts = [part for part in match[0].split() if part.casefold().rstrip(".") not in _NO_NAMES]
        if parts:
            found |= {" ".join(parts), *(part for part in parts if len(part) > 2 or not part.isascii())}
    return found
