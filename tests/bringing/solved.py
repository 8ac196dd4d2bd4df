"""A case that is solved: the customer's thread went private, staff answered there, and the customer was content."""

from pathlib import Path

from moderation.bringing import FindIn, Objection
from moderation.desk.bringing import Bringing, Opened
from moderation.ids import Kind, Ref
from moderation.intents import Intent, IntentState, Plan
from sync.sandbox.state.records import Post
from tests.conversion.stage import ADMIN, COMPANY, CUSTOMER, PHONE, SECRET, Stage, ref

ANSWER = (
    f"Hello Maren,\n\nwe called you at {PHONE} about {SECRET}. Open Account, then Addresses, and set the new flat as "
    "billing address. The next invoice is correct.\n\nKind regards\nInes Lanternby"
)
WORRY = "My wife is in hospital and I need the line to work by Thursday."
PUBLIC = "Open Account, then Addresses, and set the new flat as billing address. The next invoice is correct."
NEW = "Whoever has moved lately can do that alone."


def removed(kind: str, language: str) -> str:
    """Neutral words."""
    return f"[{kind} removed]"


class Solved:
    """The stage, and what is done with the answer."""

    def __init__(self, folder: Path, find: FindIn, seed: int = 7, kind: type[Stage] = Stage) -> None:
        self.stage = kind(folder, community_seed=seed)
        self.stage.convert(self.stage.usual)
        self.stage.settle()
        self.bringing = Bringing(self.stage.desk.bench, find)
        case = self.stage.case()
        self.private = case.made("thread") or Ref.parse(case.thread)
        self.say(CUSTOMER, WORRY)
        self.say(ADMIN, ANSWER)
        self.say(CUSTOMER, "Wonderful, thank you!")
        self.read()

    @property
    def thread(self) -> Ref:
        """The public thread of the case."""
        return self.stage.thread

    def say(self, who: str, text: str) -> None:
        """A word in private."""
        self.stage.community.reply_as(who, int(self.private.native), text)

    def read(self) -> None:
        """What the engine would have pulled."""
        tables = self.stage.community.state.tables
        for thread in {int(self.private.native), int(self.thread.native)}:
            self.stage.pull(thread, tables.threads[thread].posts)

    def open(self, **more: object) -> Opened:
        """The proposal."""
        return self.bringing.propose(self.thread, removed, **more)  # type: ignore[arg-type]

    def objections(self, draft: str, accepted: tuple[str, ...] = ()) -> list[Objection]:
        """What stops a draft."""
        return [one for one in self.bringing.check(self.open(), draft, accepted) if one.stops]

    def all_tokens(self, draft: str) -> tuple[str, ...]:
        """As if a person had accepted each sentence."""
        return tuple(one.token for one in self.objections(draft) if one.token)

    def post(self, draft: str = PUBLIC, **more: object) -> Plan:
        """Post what was accepted sentence by sentence; it must be possible."""
        plan, objections = self.bringing.post(
            self.thread,
            draft,
            self.all_tokens(draft),
            removed,
            hold_seconds=0.0,
            **more,  # type: ignore[arg-type]
        )
        assert plan is not None, objections
        return plan

    def step(self, plan: Plan) -> Intent:
        """The reply of a plan, now."""
        return self.stage.plan(plan).intents[0]

    def answers(self) -> list[Post]:
        """The answers that really stand in public threads."""
        tables = self.stage.community.state.tables
        company = self.stage.community.uid(COMPANY)
        texts = (PUBLIC, NEW)
        return [p for p in tables.posts.values() if p.author == company and p.text in texts and p.id > self.stage.base]

    def post_of(self, native: str) -> Ref:
        """An id of a post."""
        return ref(Kind.POST, native)


CONFIRMED = IntentState.CONFIRMED
