"""What the first paint reads without SQLAlchemy is what the stores say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.clock import TimeIds
from moderation.actions import Action
from moderation.ids import Ref
from moderation.intents import Intent, IntentState, Receipt
from moderation.plans import Sender, Wish, make_plan
from moderation.ports import TeamNote
from sync.journal import open_journal
from sync.journal.early import attention
from sync.team import open_team
from sync.team.early import claims, notes
from sync.vault import Vault

NOW = datetime(2026, 11, 22, 10, 30, 0, 123456, tzinfo=UTC)
ITEM, OTHER = Ref.parse("c.example:flag:1"), Ref.parse("c.example:flag:2")
ME = Sender("c.example", Ref.parse("c.example:member:1"))


@pytest.fixture
def vault(home_folder: Path) -> Vault:
    return Vault(home_folder, b"k" * 32)


def shown(intent: Intent) -> Intent:
    """As far as the list needs it."""
    return Intent(
        intent.id, intent.plan, intent.step, intent.community, intent.account, intent.identity, intent.action,
        intent.target, intent.created_at, intent.state, intent.item,
    )  # fmt: skip


def test_nothing_is_there_before_the_first_decision(vault: Vault) -> None:
    assert attention(vault) == []
    assert claims(vault, [str(ITEM)]) == {}
    assert notes(vault, str(ITEM)) == []
    assert not vault.home.exists()


def test_intents_in_every_state(vault: Vault) -> None:
    journal = open_journal(vault)
    ends = {
        Action.RESOLVE: (), Action.DISMISS: (IntentState.CANCELLED,), Action.TAKE: (IntentState.WAITING,),
        Action.HIDE: (IntentState.WAITING, IntentState.SENDING, IntentState.CONFLICT),
        Action.LOCK: (IntentState.WAITING, IntentState.SENDING, IntentState.REFUSED),
        Action.PIN: (IntentState.WAITING, IntentState.SENDING, IntentState.CONFIRMED),
    }  # fmt: skip
    for action, way in ends.items():
        plan = make_plan([Wish(action, ITEM, ITEM)], ME, now=NOW, new_id=TimeIds().new, hold_seconds=5.0)
        journal.add(plan)
        for before, after in zip((IntentState.HELD, *way), way, strict=False):
            receipt = Receipt(f"post:{action}", "1", NOW)
            more = {"receipt": receipt} if after is IntentState.CONFIRMED else {}
            journal.move(plan.intents[0].id, before, after, **more)
        if action is Action.LOCK:
            journal.close_plan(plan.id)
    real = journal.attention()
    journal.close()
    assert {intent.action for intent in real} == {Action.RESOLVE, Action.TAKE, Action.HIDE}
    assert attention(vault) == [shown(intent) for intent in real]


def test_claims_and_notes(vault: Vault) -> None:
    team = open_team(vault)
    for item, name in ((ITEM, "Ada"), (OTHER, "阿部")):
        team.claim(str(item), "c.example:member:1", name, NOW)
        team.add_note(TeamNote(f"n{name}", str(item), "c.example:member:1", name, NOW, "seen"))
    team.add_note(TeamNote("n2", str(ITEM), "c.example:member:1", "Ada", NOW.replace(second=59), "later"))
    both = [str(ITEM), str(OTHER)]
    real = team.claims(both), [team.notes(item) for item in both]
    team.close()
    assert (claims(vault, both), [notes(vault, item) for item in both]) == real
    assert len(real[1][0]) == 2
