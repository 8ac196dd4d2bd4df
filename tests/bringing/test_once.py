"""One answer a case, whatever is lost, late, killed or tried again: seeded runs over real sockets."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from moderation.bringing import FindIn
from moderation.desk import Bench
from moderation.desk.bringing import Bringing
from moderation.errors import MarqueeError
from moderation.ids import Kind
from moderation.intents import IntentState
from tests.bringing.solved import NEW, PUBLIC, Solved, removed
from tests.conversion.stage import ref
from tests.fakes.crashing import Crash, CrashingJournal
from tests.fakes.desk import FakeEngine
from tests.faults.kinds import Kind as Fault
from tests.faults.kinds import Rule

SEEDS = range(2)
LATE = 60.0
FAULTS = (Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.LATE, Fault.HTML_502_AFTER, Fault.STORED_400)
REPLY = r"^/api/v3/topics/\d+\?"


class Run:
    """A person who brings an answer back while the way to the server and the engine fail."""

    def __init__(self, seed: int, folder: Path, find: FindIn) -> None:
        self.dice = random.Random(seed)
        self.solved = Solved(folder, find, seed=seed)
        self.stage = self.solved.stage
        self.seam = CrashingJournal(self.stage.journal)
        self.stage.outbox = self.stage.make_outbox(self.seam)

    def storm(self) -> None:
        """What happens to the next writes of a reply."""
        for _ in range(self.dice.randrange(1, 3)):
            self.stage.ground.proxy.rules.append(Rule(self.dice.choice(FAULTS), REPLY, "POST", seconds=LATE))

    def flush(self) -> None:
        """The engine works, and may die over it."""
        if self.dice.random() < 0.5:
            self.seam.arm(self.dice.randrange(1, 5), after=self.dice.random() < 0.5)
        try:
            self.stage.flush()
        except Crash:
            self.seam = CrashingJournal(self.stage.journal)
            self.stage.outbox = self.stage.make_outbox(self.seam)

    def person(self) -> None:
        """Posts again, perhaps another text; or closes a try that is in doubt."""
        doubtful = [one for one in self.stage.journal.unfinished() if one.payload.get("what") == "answer"]
        with suppress(MarqueeError):
            if doubtful and self.dice.random() < 0.5:
                self.stage.desk.outbox.cancel(doubtful[0].id)
            else:
                draft = self.dice.choice((PUBLIC, PUBLIC, NEW))
                self.solved.bringing.post(
                    self.solved.thread, draft, self.solved.all_tokens(draft), removed, hold_seconds=0.0
                )

    def end(self) -> None:
        """No more faults: it comes to its end."""
        self.seam.disarm()
        self.stage.ground.proxy.calm()
        self.stage.ground.pass_time(LATE)
        for _ in range(6):
            self.stage.settle()
            if self.stage.case().made("answer") is not None:
                return
            for intent in self.stage.journal.unfinished():
                if intent.question is not None:
                    self.stage.desk.outbox.retry(intent.id)
            self.stage.ground.pass_time(95.0)
            same = self.solved.open().same
            with suppress(MarqueeError):
                draft = same or PUBLIC
                self.solved.bringing.post(
                    self.solved.thread, draft, self.solved.all_tokens(draft), removed, hold_seconds=0.0
                )


@pytest.mark.parametrize("seed", SEEDS)
def test_an_answer_stands_once_through_losses_and_kills(
    seed: int, tmp_path: Path, find: FindIn, expected_logs: list[str]
) -> None:
    expected_logs.append(r"^sync\.")
    run = Run(seed, tmp_path / "home", find)
    try:
        run.storm()
        run.solved.post()
        for _ in range(run.dice.randrange(4, 9)):
            run.dice.choice((run.flush, run.flush, run.person, lambda: run.stage.ground.pass_time(50.0)))()
            assert len(run.solved.answers()) <= 1
        run.end()
        (answer,) = run.solved.answers()
        assert run.stage.case().made("answer") == ref(Kind.POST, answer.id)
        confirmed = [one for plan in run.stage.journal.plans() for one in plan.intents
                     if one.payload.get("what") == "answer" and one.state is IntentState.CONFIRMED]  # fmt: skip
        assert len(confirmed) == 1
    finally:
        run.stage.close()


def test_what_was_closed_before_anybody_knew_is_found_and_no_other_text_goes_out(solved: Solved) -> None:
    stage = solved.stage
    stage.ground.proxy.rules.append(Rule(Fault.LATE, REPLY, "POST", seconds=LATE))
    plan = solved.post()
    stage.flush()
    stage.flush()
    assert solved.step(plan).state is IntentState.IN_DOUBT
    stage.desk.outbox.cancel(solved.step(plan).id)
    assert "answer_settling" in [one.rule for one in solved.objections(PUBLIC)]
    stage.ground.pass_time(95.0)
    assert [one.rule for one in solved.objections(NEW)] == ["answer_other_text"]
    nothing, _ = solved.bringing.post(solved.thread, NEW, (), removed)
    assert nothing is None
    again = solved.post()
    stage.settle()
    assert solved.step(again).state is IntentState.CONFIRMED
    (answer,) = solved.answers()
    assert stage.case().made("answer") == ref(Kind.POST, answer.id)


def test_a_window_that_dies_before_the_journal_does_not_stand_in_the_way(solved: Solved, find: FindIn) -> None:
    stage, seam = solved.stage, CrashingJournal(solved.stage.journal)
    bench = Bench(
        stage.copy.reader, seam, stage.team, FakeEngine(), stage.clock, stage.desk.bench.ids, hold_seconds=0.0
    )
    dying = Bringing(bench, find)
    seam.arm(1, after=False)
    with pytest.raises(Crash):
        dying.post(solved.thread, PUBLIC, solved.all_tokens(PUBLIC), removed)
    with pytest.raises(MarqueeError, match="answer_under_way"):
        solved.post()
    stage.ground.pass_time(61.0)
    solved.post()
    stage.settle()
    assert len(solved.answers()) == 1
