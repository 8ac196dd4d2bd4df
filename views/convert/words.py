"""A conversion in the words of the window: its steps, who reads what, what is said beforehand, what is in the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from moderation.conversion import Conversion, Missing, Remark, Shape, Step, Undo
from moderation.conversion.parts import Reader
from moderation.findings import Finding
from moderation.ids import Ref
from moderation.intents import Intent, IntentState, Plan
from moderation.text import neutralise, one_line
from resources.messages import known
from views.outbox import words as outbox
from views.words import Words

_ICONS = {
    "redact": "pencil",
    "hide": "eye-off",
    "place": "lock",
    "message": "message",
    "people": "users",
    "copy": "copy",
    "ask": "message",
    "ticket": "ticket",
    "move": "transfer",
    "link": "link",
    "pointer": "world",
    "show_thread": "eye",
    "show": "eye",
    "hide_copy": "eye-off",
    "hide_pointer": "eye-off",
    "lock": "lock",
    "hide_words": "eye-off",
    "people_out": "user-minus",
    "move_back": "transfer",
    "unlock": "lock-open",
    "unlink": "link",
    "ticket_back": "ticket",
    "ticket_close": "ticket",
}
_ORDER = tuple(_ICONS)
_HIDES = frozenset({"hide", "redact"})
_WITH = {"copy_more": "copy", "ticket_more": "ticket"}
_SAID = {
    "followers_mailed": "mail",
    "quoted_here": "quote",
    "quoted_elsewhere": "quote",
    "search_engines": "search",
    "federated": "world",
    "attachments_stay": "photo-off",
    "title_tells": "alert-triangle",
    "nothing_hidden": "eye",
    "public_again": "eye",
    "bystanders_lose": "user-minus",
    "closed_meanwhile": "lock",
}
_SEEN = {"all": "eye", "but": "eye-dotted", "pointer": "eye-dotted", "nothing": "eye-off"}
_NOW = (
    *(IntentState.REFUSED, IntentState.CONFLICT, IntentState.IN_DOUBT, IntentState.APPROVAL, IntentState.CANCELLED),
    *(IntentState.SENDING, IntentState.HELD, IntentState.WAITING, IntentState.BLOCKED, IntentState.CONFIRMED),
)
"""Which state stands for several steps of one kind: the gravest first."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step, or several of one kind: ``state`` is ``None`` before it runs; ``colour`` a token."""

    what: str
    icon: str
    title: str
    detail: str
    state: IntentState | None = None
    missing: bool = False
    colour: str = "text2"


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """Who reads what: ``sign`` is ``-``, ``+`` or empty; each view is an icon and words."""

    sign: str
    who: str
    views: tuple[tuple[str, str], ...]
    change: str


@dataclass(frozen=True, slots=True)
class SaidLine:
    """An icon and a sentence; ``head`` stands before it in its own column."""

    icon: str
    text: str
    head: str = ""
    colour: str = "staff"


class ConvertWords:
    """Words for conversions; ``numbers`` are those of the thread's posts."""

    def __init__(self, words: Words, numbers: Mapping[Ref, int]) -> None:
        self.words = words
        self.numbers = numbers

    # -- steps -----------------------------------------------------------------------------------------------------
    def steps(self, plan: Conversion, *, accounts: bool) -> list[StepLine]:
        """Steps in their order, what is missing at its place, the proof last. ``accounts``: as whom each is done."""
        lines = [self._planned(group, plan.key, accounts=accounts) for group in _groups(plan.steps)]
        for lack in plan.missing:
            _insert(lines, self._missing(lack))
        if plan.leaves or plan.shape is Shape.TAKE:
            lines.append(self._proof())
        return lines

    def back(self, undo: Undo) -> list[StepLine]:
        """The steps of the way back."""
        lines = [self._planned(group, undo.case.key, accounts=False) for group in _groups(undo.steps)]
        return [*lines, *(self._missing(lack) for lack in undo.missing)]

    def running(self, plan: Plan) -> list[StepLine]:
        """The steps of a plan as they stand."""
        grouped: list[list[Intent]] = []
        for intent in plan.intents:
            what = _what(intent)
            if grouped and _what(grouped[-1][0]) == what:
                grouped[-1].append(intent)
            else:
                grouped.append([intent])
        return [self._standing(group) for group in grouped]

    def _planned(self, group: Sequence[Step], key: str, *, accounts: bool) -> StepLine:
        first = group[0]
        what, n = _WITH.get(first.what, first.what), max(len(group) if first.what == "hide" else first.count, 1)
        line = StepLine(what, _ICONS.get(what, "list"), self.step(what, n), "")
        if accounts:
            names = dict.fromkeys(step.account for step in group)
            said = self.words.say("list_comma").join(neutralise(name) for name in names)
            return replace(line, detail=self.words.say("convert_found_as", account=said))
        return replace(line, detail=self._found(what, first, n, key))

    def _found(self, what: str, step: Step, n: int, key: str) -> str:
        """What a step found, or what it will do it to."""
        payload = step.wish.payload
        facts = {
            "account": neutralise(step.account),
            "title": one_line(str(payload.get("title") or ""), 80),
            "case": key,
        }
        code = f"convert_found_{what}"
        if what == "place" and payload.get("known"):
            code += "_known"
        if not known(code):
            return self.words.say("convert_found_as", account=facts["account"])
        return self.words.count(code, n, **facts)

    def step(self, what: str, n: int = 1) -> str:
        """Name of a step."""
        short = f"convert_step_{what}"
        return self.words.say(short if known(short) else f"conversion_step_{what}", count=n)

    def _missing(self, lack: Missing) -> StepLine:
        what = _WITH.get(lack.step, lack.step)
        detail = self.words.say("convert_needs", right=self.right(lack.right))
        return StepLine(what, _ICONS.get(what, "list"), self.step(what), detail, missing=True, colour="danger")

    def _proof(self) -> StepLine:
        say = self.words.say
        return StepLine("proof", "clipboard-check", say("convert_step_proof"), say("convert_found_proof"))

    def _standing(self, group: Sequence[Intent]) -> StepLine:
        what = _what(group[0])
        at = min(group, key=lambda intent: _NOW.index(intent.state))
        icon, colour = state_icon(at.state)
        done = sum(intent.state is IntentState.CONFIRMED for intent in group)
        said = self.words.say(f"state_{at.state}")
        if len(group) > 1 and at.state is not IntentState.CONFIRMED:
            said = self.words.say("convert_some_done", state=said, n=done, of=len(group))
        elif at.state is IntentState.CONFIRMED and at.receipt is not None:
            said = f"{said} · {self.words.seconds(at.receipt.at)}"
        trouble = self._trouble(at)
        return StepLine(what, icon, self.step(what, len(group)), trouble or said, at.state, colour=colour)

    def _trouble(self, intent: Intent) -> str:
        facts = dict(intent.trouble or {})
        confirmed = intent.state is IntentState.CONFIRMED
        return self.words.in_window(facts) if facts.get("code") and not confirmed else ""

    def hides(self, plan: Conversion) -> bool:
        """True where a step hides posts before anything else happens."""
        return any(step.what in _HIDES for step in plan.steps)

    def leaves(self, plan: Conversion) -> str:
        """What leaves public view: posts, or the thread itself."""
        posts, count = self.posts(plan.leaves), len(plan.leaves)
        if plan.shape is Shape.TAKE and (not count or not self.hides(plan)):
            return self.words.say("convert_leaves_whole")
        if not count:
            return self.words.say("convert_leaves_none")
        code = "convert_leaves_whole_hidden" if plan.shape is Shape.TAKE else "convert_leaves"
        return self.words.count(code, count, posts=posts)

    # -- who reads -------------------------------------------------------------------------------------------------
    def readers(self, rows: Iterable[Reader]) -> list[ReaderLine]:
        """Who reads what, before and after."""
        return [self._reader(row) for row in rows]

    def _reader(self, row: Reader) -> ReaderLine:
        words = self.words
        seen = tuple((_SEEN.get(s, "eye"), self._sees(s, row.lost)) for s in (row.today, row.public, row.private))
        who = words.say(f"conversion_who_{row.who}", name=neutralise(row.name), count=words.number(row.count))
        if row.private == "all":
            sign, code = "+", "convert_change_moves" if row.public == "pointer" else "convert_change_gains"
        elif row.public == "all":
            sign, code = "", "convert_change_none"
        else:
            sign, code = "-", "convert_change_thread" if row.public == "pointer" else "convert_change_posts"
        return ReaderLine(sign, who.rstrip(" :：") if not row.name else who, seen, words.count(code, row.lost))

    def _sees(self, sees: str, lost: int) -> str:
        one = f"convert_sees_{sees}_one"
        return self.words.say(one if lost == 1 and known(one) else f"conversion_sees_{sees}", count=lost)

    # -- what is said ----------------------------------------------------------------------------------------------
    def remarks(self, said: Iterable[Remark]) -> list[SaidLine]:
        """What cannot be called back, and what should be known."""
        return [SaidLine(_SAID.get(one.code, "info-circle"), self.remark(one)) for one in said]

    def remark(self, one: Remark) -> str:
        """A remark in a sentence."""
        here = f"convert_says_{one.code}"
        codes = ([f"{here}_one"] if one.count == 1 else []) + [here]
        code = next((each for each in codes if known(each)), f"conversion_says_{one.code}")
        return self.words.say(code, count=one.count, ids=self.posts(one.refs), text=neutralise(one.text))

    def posts(self, refs: Sequence[Ref]) -> str:
        """“post 3, post 7”; posts of other threads by the number that the server gave them."""
        named = [self.words.say("convert_post", n=self.numbers.get(ref, f"#{ref.native}")) for ref in refs[:12]]
        return self.words.say("list_comma").join(named)

    def proving(self, plan: Conversion) -> list[SaidLine]:
        """How it will be proved that nothing of it can be read."""
        say = self.words.say
        if not plan.leaves and plan.shape is not Shape.TAKE:
            return [SaidLine("info-circle", say("convert_proves_nothing"), colour="text2")]
        viewers = (("world", "anonymous"), ("user", "member"), ("user-circle", "bystander"))
        return [
            SaidLine(icon, say(f"convert_proves_{who}"), say(f"convert_as_{who}"), "text2") for icon, who in viewers
        ]

    def pointer_checks(self, plan: Conversion, findings: Iterable[Finding]) -> tuple[str, str]:
        """What the checks say of the pointer, and its colour."""
        told = [self.words.say("convert_pointer_tells")] if any(b.code == "pointer_tells" for b in plan.blocked) else []
        told += dict.fromkeys(self.words.say(f"finding_{one.rule}") for one in findings)
        blocked = any(one.code in {"pointer_tells", "pointer_blocked"} for one in plan.blocked)
        if not told:
            return self.words.say("convert_checked"), "customer"
        return " ".join(told), "danger" if blocked else "staff"

    # -- what is in the way ----------------------------------------------------------------------------------------
    def in_the_way(self, missing: Iterable[Missing], blocked: Iterable[Remark]) -> str:
        """What keeps it from running, in sentences; empty for nothing."""
        grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for one in missing:
            step = self.step(_WITH.get(one.step, one.step))
            grouped.setdefault((one.right, one.holders), []).append(self.words.say("quoted", text=step))
        lacks = [self._lack(steps, right, holders) for (right, holders), steps in grouped.items()]
        return " ".join([*(self.stop(one) for one in blocked), *lacks])

    def stop(self, one: Remark) -> str:
        """What is in the way, in a sentence for the window."""
        short = f"convert_stops_{one.code}"
        code = short if known(short) else f"conversion_stops_{one.code}"
        text = self.words.say(f"finding_{one.text}") if one.code == "pointer_blocked" else neutralise(one.text)
        return self.words.say(code, count=one.count, ids=self.posts(one.refs), text=text)

    def _lack(self, steps: Iterable[str], right: str, holders: Iterable[str]) -> str:
        """Which right is missing for which steps, and whose it is."""
        names = (self.words.say("cli_administrators") if n == "administrators" else neutralise(n) for n in holders)
        comma = self.words.say("list_comma").join
        named = comma(dict.fromkeys(steps))
        return self.words.say("convert_right_missing", step=named, right=self.right(right), holders=comma(names))

    def right(self, right: str) -> str:
        """Name of a right."""
        code = f"convert_right_{right.removeprefix('x:')}"
        return self.words.say(code) if known(code) else right

    def may(self, lines: Sequence[StepLine], seconds: float) -> str:
        """That everything may be done, and when the first leaves."""
        n = sum(not line.missing and line.what != "proof" for line in lines)
        return self.words.count("convert_may", n, span=self.words.span(seconds, parts=1))


def state_icon(state: IntentState) -> tuple[str, str]:
    """Icon and colour of a state; seconds are counted at the foot, not in a pie."""
    icon, colour = outbox.ICONS[state]
    return ("clock-pause" if state is IntentState.HELD else icon), colour


def _what(intent: Intent) -> str:
    what = str(intent.payload.get("what") or intent.action)
    return _WITH.get(what, what)


def _groups(steps: Iterable[Step]) -> list[list[Step]]:
    """Steps of one kind that follow each other."""
    grouped: list[list[Step]] = []
    for step in steps:
        what = _WITH.get(step.what, step.what)
        if grouped and _WITH.get(grouped[-1][0].what, grouped[-1][0].what) == what:
            grouped[-1].append(step)
        else:
            grouped.append([step])
    return grouped


def _insert(lines: list[StepLine], missing: StepLine) -> None:
    """Put a missing step where it would have run."""
    rank = _ORDER.index(missing.what) if missing.what in _ORDER else len(_ORDER)
    at = next((n for n, line in enumerate(lines) if line.what in _ORDER and _ORDER.index(line.what) > rank), len(lines))
    if any(line.what == missing.what and line.missing for line in lines):
        return
    lines.insert(at, missing)
