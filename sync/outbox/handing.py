"""Handing on what a step made to the steps behind it.

A step of a case, or of a presence card, may act in a place that an earlier one makes. Until then a stand-in fills its
place in the intent (see :func:`moderation.cases.stand_in`): an id that no server has, so that what is not handed on
goes nowhere.
"""

from dataclasses import replace
from typing import Any

from moderation.cases import STOOD, TAKES_BACK, Cases, CaseState, is_stand_in, made_by
from moderation.errors import RefusedError, UnknownIdError
from moderation.ids import Ref
from moderation.intents import Intent, IntentState
from moderation.ports import Journal, Team


def handed_on(intent: Intent, journal: Journal) -> Intent:
    """The intent with what its plan has made in the place of stand-ins.

    Raises ``RefusedError`` ``place_missing`` where that was not made.
    """
    key = str(intent.payload.get("case") or intent.payload.get("card") or "")
    if not key:
        return intent
    named = {name for name, value in intent.payload.items() if _stands_in(value, key)}
    if not named and not is_stand_in(intent.target, key):
        return intent
    made = _made(intent, journal)

    def real(ref: Ref) -> Ref:
        found = made.get(str(ref.kind)) if is_stand_in(ref, key) else ref
        if found is None:
            raise RefusedError("place_missing", case=key)
        return found

    payload: dict[str, Any] = {
        name: str(real(Ref.parse(value))) if name in named else value for name, value in intent.payload.items()
    }
    return replace(intent, target=real(intent.target), payload=payload)


def takes_back_nothing(intent: Intent, journal: Journal) -> bool:
    """True for a step that takes back what another one of its plan did, where that had nothing to do: what somebody
    else has brought about stays.
    """
    what = intent.payload.get(TAKES_BACK)
    plan = journal.plan(intent.plan) if what else None
    steps = [step for step in plan.intents if step.payload.get("what") == what] if plan is not None else []
    return any(step.receipt is not None and STOOD in step.receipt.server_id for step in steps)


def check_case(intent: Intent, team: Team) -> None:
    """Raise ``RefusedError`` ``case_taken_back`` for a step there of a case that somebody has taken back meanwhile,
    perhaps on another machine.
    """
    key = str(intent.payload.get("case") or "")
    if not key or intent.payload.get("back") or not isinstance(team, Cases):
        return
    if team.case_state(intent.community, key) in {CaseState.UNDOING, CaseState.UNDONE}:
        raise RefusedError("case_taken_back", case=key)


def _made(intent: Intent, journal: Journal) -> dict[str, Ref]:
    """What the confirmed steps of the plan made, by kind."""
    plan = journal.plan(intent.plan)
    found: dict[str, Ref] = {}
    for step in plan.intents if plan is not None else ():
        if step.state is IntentState.CONFIRMED and step.receipt is not None and step.payload.get("made"):
            ref = made_by(step.receipt.server_id, step.community)
            if ref is not None and step.payload["made"] in {str(ref.kind), "answer"}:
                found[str(ref.kind)] = ref
    return found


def _stands_in(value: object, key: str) -> bool:
    if not isinstance(value, str) or key not in value:
        return False
    try:
        return is_stand_in(Ref.parse(value), key)
    except UnknownIdError:
        return False
