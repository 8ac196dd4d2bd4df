"""Seeded runs of conversions: ``python -m tests.conversion.runs --runs 2000 --seed 1``; one seed is one run.

A run is an agent who takes a thread into private and back again, over the real journal, mirror, team store and
connector, with the sample community behind the fault proxy: lost requests and answers, answers that come late, crashes
at the journal's seam, keys that go, colleagues who meddle. What must hold is checked while it goes on, on the server's
side:

- who could not read a private passage before never can, and once the exposed posts are hidden no outsider can,
  until somebody takes the conversion back;
- the customer reads everything of it, in public or in the private place, at any moment;
- one private place, one copy and one pointer, however often what was tried again;
- taken back, everybody reads what they read before and nothing that was said in private, also what the customer says
  while a request to move the thread back is stuck on its way; the thread takes replies again, and the private place
  lets the customer in no more.
"""

import argparse
import itertools
import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from moderation.cases import CaseState
from moderation.conversion import Place, Shape
from moderation.errors import MarqueeError
from moderation.intents import Intent, IntentState
from sync.sandbox.state.refusal import Refused
from tests.conversion.on_discourse import DiscourseStage
from tests.conversion.stage import ADMIN, BYSTANDER, CUSTOMER, OUTSIDER, POINTER, Stage
from tests.fakes.crashing import Crash, CrashingJournal
from tests.fakes.folders import in_memory
from tests.faults.ground import dice_of
from tests.faults.invariants import BrokenError
from tests.faults.kinds import QUICK, Chance, Kind, Rule
from tests.faults.whole_system import quiet

LATEST = 85.0
BETWEEN = "This stays between the two of us"
OUTSIDERS = (None, OUTSIDER, BYSTANDER)
MOVES = {"nodebb": r"/move\?", "discourse": r"/convert-topic/public"}
"""Paths of the request that leads a thread into the public."""
WAYS = {
    "nodebb": ((Place.CATEGORY, Shape.CONTINUE), (Place.CHAT, Shape.CONTINUE), (Place.CATEGORY, Shape.TAKE)),
    "discourse": ((Place.MESSAGE, Shape.CONTINUE), (Place.MESSAGE, Shape.CONTINUE), (Place.MESSAGE, Shape.TAKE)),
}
"""Half of the runs go to either platform."""
KINDS = {"nodebb": QUICK, "discourse": tuple(kind for kind in QUICK if kind is not Kind.STORED_400)}
"""A 400 that has stored something is an oddity of NodeBB's."""


class Run:
    """One conversion under faults, there and back."""

    def __init__(self, seed: int, folder: Path, tell: Callable[[str], None] = lambda line: None) -> None:
        self.seed = seed
        self.tell = tell
        self.dice = dice_of(seed)
        face = self.dice.choice(tuple(WAYS))
        self.place, self.shape = self.dice.choice(WAYS[face])
        self.stage = stage_of(face, folder, self.dice)
        self.before, self.seen = at_first(self.stage)
        self.seam = CrashingJournal(self.stage.journal)
        self.stage.outbox = self.stage.make_outbox(self.seam)
        self.undoing = self.wants_back = False
        self.said = 0

    def run(self) -> None:
        """Storm and calm on the way there, storm and calm on the way back; raises :class:`BrokenError`."""
        self.storm()
        self.begin()
        for _ in range(self.dice.randrange(4, 11)):
            self.step()
        self.calm()
        early = self.dice.random() < 0.25
        if not early:
            self.to_the_end(self.resume)
            self.look("at the end")
            self.counted()
            if self.is_private():
                self.say_in_private()
                self.look("after words in private")
        self.wants_back = True
        self.storm()
        self.stuck()
        self.back()
        for _ in range(self.dice.randrange(2, 7)):
            self.step()
        self.calm()
        self.to_the_end(self.back)
        self.as_before()

    def begin(self) -> None:
        """The agent says yes."""
        plan = self.stage.convert(self.place, self.shape)
        self.tell(f"{self.place} {self.shape}: {[i.payload['what'] for i in plan.intents]}")

    def step(self) -> None:
        """Something happens, and what must hold at any moment is looked at."""
        weights = (10, 3, 3, 5, 10, 1) if self.wants_back else (10, 6, 4, 2, 6, 1)
        verb = self.dice.choices(("flush", "time", "crash", "others", "person", "key"), weights)[0]
        self.tell(verb)
        match verb:
            case "flush":
                self.flush()
            case "time":
                self.stage.ground.pass_time(self.dice.choice((1.0, 6.0, 20.0, 50.0, 100.0)))
            case "crash":
                self.seam.arm(self.dice.randrange(1, 8), after=self.dice.random() < 0.5)
                self.flush()
            case "others":
                self.others()
            case "person":
                self.person()
            case _:
                self.lose_key()
        if self.dice.random() < 0.15:
            self.look(verb, OUTSIDERS[1:])

    def flush(self) -> None:
        """The engine does what is due, and may die over it."""
        try:
            self.stage.flush()
        except Crash as crash:
            self.tell(f"the engine dies {crash}")
            self.restart()

    def restart(self) -> None:
        """A new engine on the same stores."""
        self.seam = CrashingJournal(self.stage.journal)
        self.stage.outbox = self.stage.make_outbox(self.seam)

    def others(self) -> None:
        """A colleague hides a post, an administrator gives the customer's category another name and description, or the
        customer says something where only the team reads it.
        """
        community = self.stage.community
        if self.is_private() and self.dice.random() < (0.8 if self.wants_back else 0.5):
            self.say_in_private()
            return
        with community.state.lock, suppress(Refused):
            if self.dice.random() < 0.5:
                post = community.state.post(int(self.dice.choice(self.stage.posts).native))
                if not self.undoing and self.stage.hide_as("dagny_pell", post):
                    self.hidden_by_others(post.id)
                return
            self.tell(self.stage.meddle())

    def say_in_private(self) -> None:
        """The customer says something in the thread that has left; no mirror has read it. While it comes back it takes
        no replies.
        """
        self.said += 1
        taken = self.stage.say(f"{BETWEEN}, and that is all I know, for the {self.said}. time.")
        self.tell(f"the customer says something in private: {'it stands' if taken else 'refused'}")

    def is_private(self) -> bool:
        """True while the thread itself is where it should be, with its readers put right."""
        moved = any(step.state is IntentState.CONFIRMED for step in self.steps("move"))
        with self.stage.community.state.lock:
            return self.shape is Shape.TAKE and moved and self.stage.is_away()

    def hidden_by_others(self, post: int) -> None:
        """What a colleague has hidden stays hidden when the conversion is taken back."""
        self.tell(f"a colleague hides {post}")
        kept = {CUSTOMER: self.before[CUSTOMER]} if self.stage.authors_read_hidden else {}
        self.before = {who: secrets & self._left() for who, secrets in self.before.items()} | kept

    def _left(self) -> frozenset[str]:
        state = self.stage.community.state
        theirs = state.member(state.by_name("dagny_pell").id).id
        texts = [
            text for post in state.tables.posts.values()
            if not (post.hidden and post.hidden_by == theirs) and post.id > self.stage.base
            for text in (post.text, *(revision.text for revision in post.revisions))
        ]  # fmt: skip
        every = frozenset().union(*self.before.values())
        return frozenset(secret for secret in every if any(secret in text for text in texts))

    def person(self) -> None:
        """The agent answers what the outbox asks, or goes on with what has stopped."""
        with suppress(MarqueeError):
            self.close() if self.dice.random() < 0.7 else self.answer()
            (self.back if self.wants_back else self.resume)()

    def answer(self) -> None:
        """Send again what is proven absent."""
        for intent in self.stage.journal.unfinished():
            if intent.question is not None:
                self.tell(f"retry {intent.payload['what']} asked {intent.question}")
                self.stage.desk.outbox.retry(intent.id)

    def close(self) -> None:
        """Close what is in doubt, before anybody knows; the customer writes before it can arrive."""
        for intent in self.stage.journal.unfinished():
            if intent.state is IntentState.IN_DOUBT:
                self.tell(f"closed in doubt: {intent.payload['what']}")
                self.stage.desk.outbox.cancel(intent.id)
                if self.wants_back and self.is_private():
                    self.say_in_private()

    def resume(self) -> None:
        """Go on."""
        with suppress(MarqueeError):
            self.stage.desk.privately.resume(self.stage.thread)
            self.tell("resumed")

    def back(self) -> None:
        """Take it back."""
        try:
            plan, undo = self.stage.desk.privately.undo(self.stage.thread)
        except MarqueeError as error:
            self.tell(f"back: {error}")
        else:
            self.undoing = True
            self.tell(f"back: {[i.payload['what'] for i in plan.intents] if plan else undo.missing}")

    def lose_key(self) -> None:
        """The company's key is revoked while the engine works, and given back."""
        with self.stage.without_company_key():
            self.flush()

    def storm(self) -> None:
        """Faults from now on."""
        reads = self.dice.choice((0.0, 0.02, 0.06))
        self.stage.ground.proxy.chance = Chance(
            self.dice.randrange(10**9), reads=reads, writes=0.35, kinds=KINDS[self.stage.face], latest=LATEST
        )

    def stuck(self) -> None:
        """In half of the runs the request to move the thread back arrives when nobody may count on it any more."""
        if self.shape is Shape.TAKE and self.dice.random() < 0.5:
            rule = Rule(Kind.LATE, MOVES[self.stage.face], "PUT", seconds=round(self.dice.uniform(20.0, LATEST), 3))
            self.stage.ground.proxy.rules.append(rule)

    def calm(self) -> None:
        """No more faults, and nothing is on its way: what was stuck has arrived."""
        self.seam.disarm()
        self.stage.ground.proxy.calm()
        self.stage.settle()
        self.stage.ground.pass_time(LATEST)
        self.kept_between("after what was stuck has arrived")
        self.stage.settle()

    def to_the_end(self, again: Callable[[], None]) -> None:
        """Answer and go on until nothing is left."""
        for _ in range(12):
            if self.over():
                return
            with suppress(MarqueeError):
                self.answer()
            again()
            if self.wants_back and not self.undoing:
                self.resume()
            self.calm()
        raise BrokenError(f"it never came to its end: {self.standing()}")

    def over(self) -> bool:
        """True when the way there, or the way back, is complete."""
        if self.wants_back:
            return self.stage.case().state is CaseState.UNDONE
        return self.stage.desk.privately.standing(self.stage.case()) == "complete"

    # What must hold

    def look(self, when: str, outsiders: Sequence[str | None] = OUTSIDERS) -> None:
        """At any moment. A visitor reads nothing that members do not: in between, members are enough."""
        for who in outsiders:
            now = self.stage.secrets_of(who)
            if not self.undoing and now - self.seen[who]:
                raise BrokenError(f"{when}: {who} reads {now - self.seen[who]} and did not before\n{self.standing()}")
            if not self.undoing and now and self.hidden():
                raise BrokenError(f"{when}: {who} reads {now} after the posts were hidden\n{self.standing()}")
            self.seen[who] = now
        self.kept_between(when, outsiders)
        reads = self.stage.secrets_of(CUSTOMER)
        if not reads >= self.before[CUSTOMER] and not self.between():
            raise BrokenError(f"{when}: the customer reads only {reads}\n{self.standing()}")

    def kept_between(self, when: str, outsiders: Sequence[str | None] = (OUTSIDER,)) -> None:
        """What was said in private only those read who are there."""
        for who in outsiders if self.said else ():
            if BETWEEN in self.stage.seen_by(who):
                raise BrokenError(f"{when}: {who} reads what was said in private\n{self.standing()}")

    def hidden(self) -> bool:
        """True once step 0 is over."""
        found = (
            self.steps("move") if self.shape is Shape.TAKE and not self.steps("hide") else self.steps("hide", "redact")
        )
        return bool(found) and all(step.state is IntentState.CONFIRMED for step in found)

    def between(self) -> bool:
        """True where an author does not read what is hidden, until the private place is there; the public thread can
        be read meanwhile.
        """
        made = [step for step in self.steps("message", "move") if step.state is IntentState.CONFIRMED]
        if self.stage.authors_read_hidden or (made and not self.undoing):
            return False
        return self.stage.thread_shown_to(CUSTOMER)

    def steps(self, *whats: str) -> list[Intent]:
        """Steps of this kind in every plan."""
        return [i for plan in self.stage.journal.plans() for i in plan.intents if i.payload.get("what") in whats]

    def counted(self) -> None:
        """One of each."""
        counted(self.stage, self.place, self.standing())
        if strangers := self.stage.strangers():
            raise BrokenError(f"the private place is read by {strangers}\n{self.standing()}")

    def as_before(self) -> None:
        """Taken back."""
        readers = self.stage.readers()
        if readers != self.before:
            raise BrokenError(f"read now: {readers}\nread before: {self.before}\n{self.standing()}")
        if self.stage.lets_in(CUSTOMER):
            raise BrokenError(f"the customer is still let into {self.stage.lets_in(CUSTOMER)}\n{self.standing()}")
        self.kept_between("taken back")
        if self.stage.is_closed():
            raise BrokenError(f"nobody may answer in the thread any more\n{self.standing()}")
        if POINTER in self.stage.seen_by(OUTSIDER):
            raise BrokenError(f"the pointer is still there\n{self.standing()}")

    def standing(self) -> str:
        """Every step, for the story."""
        lines = [_line(i) for plan in reversed(self.stage.journal.plans()) for i in plan.intents]
        return "\n".join(
            [f"{self.place} {self.shape} {self.stage.team.cases()[:1] and self.stage.case().state}", *lines]
        )


def stage_of(face: str, folder: Path, dice: random.Random) -> Stage:
    """A stage on one of the platforms."""
    seed, replies = dice.randrange(4), dice.random() < 0.8
    if face == "discourse":
        return DiscourseStage(folder, ADMIN, seed, replies=replies, site_key=dice.random() < 0.5)
    return Stage(folder, ADMIN, seed, replies=replies)


def at_first(stage: Stage) -> tuple[dict[str, frozenset[str]], dict[str | None, frozenset[str]]]:
    """Who reads what before anything happens: asked once of each community that a stage can begin with."""
    made = (stage.face, stage.community_seed, len(stage.posts))
    if made not in _AT_FIRST:
        _AT_FIRST[made] = stage.readers(), {who: stage.secrets_of(who) for who in OUTSIDERS}
    before, seen = _AT_FIRST[made]
    return dict(before), dict(seen)


_AT_FIRST: dict[tuple[str, int, int], tuple[dict[str, frozenset[str]], dict[str | None, frozenset[str]]]] = {}


def counted(stage: Stage, place: Place, standing: str = "") -> None:
    """One private place, one copy, one pointer; nothing said twice."""
    found, one = stage.counts(place), stage.one_of_each(place)
    if found != one:
        raise BrokenError(f"there are {found}, wanted {one}\n{standing}")


def _line(intent: Intent) -> str:
    receipt = intent.receipt.server_id if intent.receipt else ""
    return f"  {intent.payload.get('what')} {intent.target} {intent.state} {receipt} {intent.question} {intent.trouble}"


def one(seed: int, tell: Callable[[str], None] = lambda line: None) -> None:
    """One run; raises :class:`BrokenError` with the seed in its words."""
    with (
        quiet(logging.getLogger("sync")),
        tempfile.TemporaryDirectory(prefix="mq-case-", dir=in_memory(), ignore_cleanup_errors=True) as folder,
    ):
        run = Run(seed, Path(folder) / "home", tell)
        try:
            run.run()
        except BrokenError as broken:
            again = f"python -m tests.conversion.runs --seed {seed} --runs 1 --story"
            raise BrokenError(f"seed {seed}: {again}\n{broken}") from broken
        finally:
            run.stage.close()


def main() -> int:
    """Run them; a seed that breaks is printed and ends with 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.conversion.runs", description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--story", action="store_true")
    asked = parser.parse_args()
    broken, started = 0, time.monotonic()
    for seed in itertools.islice(itertools.count(asked.seed), asked.runs):
        try:
            one(seed, print if asked.story else lambda line: None)
        except Exception as error:  # noqa: BLE001 - told with its seed, and the other runs go on
            broken += 1
            print(f"seed {seed}: {type(error).__name__}: {error}", flush=True)
    print(f"{asked.runs} runs from seed {asked.seed}: {broken} broken, {time.monotonic() - started:.0f} s")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
