"""Waiting for a plan: its undo window, then until it is final or the patience ends."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import TYPE_CHECKING

from console.cli import documents
from console.cli.context import Context
from console.cli.exits import Exit, of_intents
from console.cli.output import Progress, for_people, safe
from moderation.errors import NotAllowedError, OurBugError
from moderation.intents import Intent, IntentState, Plan
from resources import messages

if TYPE_CHECKING:
    from console.wiring import Workplace

PATIENCE = 30.0
STALE_STANDING = 2.0
_LOOK_EVERY = 0.25
_ASKS_PERSON = frozenset({IntentState.APPROVAL})


@contextmanager
def noticing_interrupts() -> Iterator[threading.Event]:
    """Ctrl-C sets the event instead of tearing through a write; a second one ends the program as usual.

    Wrap journalling and settling together in it: between them, too, a Ctrl-C must cancel what is held.
    """
    pressed = threading.Event()

    def notice(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return
    before = signal.signal(signal.SIGINT, notice)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


def settle(
    context: Context, workplace: "Workplace", plan: Plan, patience: float, interrupted: threading.Event | None = None
) -> Plan:
    """The plan as it stands when it is final, asks a person, or ``patience`` seconds after its undo window.

    When ``interrupted`` is set within the undo window, the plan is cancelled; later it only ends the waiting, and the
    engine goes on.
    """
    progress = Progress(context.err)
    pressed = interrupted or threading.Event()
    try:
        plan = _watch(context, workplace, plan, patience, progress, pressed)
    finally:
        progress.end()
    return _interrupted(context, workplace, plan.id) if pressed.is_set() and not plan.done else plan


def _watch(
    context: Context, workplace: "Workplace", plan: Plan, patience: float, progress: Progress, pressed: threading.Event
) -> Plan:
    heard = threading.Event()
    deaf = workplace.desk.engine.listen(lambda records: heard.set())
    held_until = time.monotonic() + plan.intents[0].hold_seconds
    give_up = held_until + patience
    heed_standing = time.monotonic() + STALE_STANDING
    try:
        while not (_settled(plan) or pressed.is_set()) and time.monotonic() < give_up:
            if time.monotonic() > heed_standing and any(signed_out(workplace, intent) for intent in plan.intents):
                break
            if plan.state is IntentState.HELD:
                left = max(0.0, held_until - time.monotonic())
                progress.show(context.words("cli_undo_window", seconds=f"{left:.0f}"))
                give_up = max(give_up, time.monotonic() + min(patience, 1.0)) if left > 0 else give_up
            else:
                progress.show(context.words(f"state_{plan.state}"))
            heard.wait(min(_LOOK_EVERY, max(0.01, give_up - time.monotonic())))
            heard.clear()
            plan = reread(workplace, plan.id)
    finally:
        deaf()
    return plan


def _settled(plan: Plan) -> bool:
    if plan.done or plan.state in _ASKS_PERSON:
        return True
    waiting = next(intent for intent in plan.intents if intent.state is not IntentState.CONFIRMED)
    return waiting.question is not None


def signed_out(workplace: "Workplace", intent: Intent) -> bool:
    """True when the engine says that this community asks the person to sign in again."""
    if intent.state not in {IntentState.WAITING, IntentState.IN_DOUBT}:
        return False
    return any(s.community == intent.community and s.state == "sign_in" for s in workplace.desk.engine.status())


def reread(workplace: "Workplace", plan_id: str) -> Plan:
    """The plan as the journal has it now."""
    plan = workplace.desk.bench.journal.plan(plan_id)
    if plan is None:
        raise OurBugError("plan_vanished", plan=plan_id)
    return plan


def _interrupted(context: Context, workplace: "Workplace", plan_id: str) -> Plan:
    plan = reread(workplace, plan_id)
    if plan.state is IntentState.HELD:
        try:
            plan = workplace.desk.triage.undo_plan(plan_id)
        except NotAllowedError:
            plan = reread(workplace, plan_id)  # it left in this very moment
    context.say("cli_cancelled" if plan.state is IntentState.CANCELLED else "cli_goes_on")
    return plan


def finish(context: Context, workplace: "Workplace", plan: Plan, extra: documents.Json | None = None) -> Exit:
    """Print a settled plan and give its exit code."""
    document = documents.plan(plan) | (extra or {})
    if context.json:
        context.answer(document)
    else:
        _show(context, plan)
    out = any(signed_out(workplace, intent) for intent in plan.intents)
    if out:
        context.say("sign_in_again", community=plan.intents[0].community)
    elif plan.state is IntentState.WAITING:
        _say_what_keeps(context, workplace, next(i for i in plan.intents if i.state is IntentState.WAITING))
    return of_intents(plan.intents, out)


def _say_what_keeps(context: Context, workplace: "Workplace", intent: Intent) -> None:
    """Why it has not left: what the intent itself says was said already, else the way to the community."""
    standing = next((s for s in workplace.desk.engine.status() if s.community == intent.community), None)
    if intent.trouble and not context.json:
        return
    trouble = intent.trouble or (standing.trouble if standing is not None else None)
    if trouble:
        say_trouble(context, {"community": intent.community, **trouble})
    context.say("cli_waits")


def say_trouble(context: Context, trouble: documents.Json) -> None:
    """A code with its facts in words; a bug of the engine is told by where its log lies."""
    facts = {name: value for name, value in trouble.items() if name != "code"}
    code = str(trouble.get("code", "unknown_trouble"))
    if code == "our_bug":
        context.say("cli_crashed", kind=facts.get("kind"), path=str(context.home.logs))
    else:
        context.say(code, **facts)


def _show(context: Context, plan: Plan) -> None:
    columns = [("cli_col_intent", "f"), ("cli_col_action", ""), ("cli_col_state", ""), ("cli_col_receipt", "")]
    rows: list[list[object]] = [
        [i.id, i.action, context.words(f"state_{i.state}"), i.receipt.server_id if i.receipt else ""]
        for i in plan.intents
    ]
    context.show_table(columns, rows)
    for intent in plan.intents:
        explain(context, intent)


def explain(context: Context, intent: Intent, *, of_many: bool = False) -> None:
    """What keeps an intent, or what came between, in words on stderr; ``of_many``: say first which one."""
    told = intent.question is not None or (intent.trouble and intent.state is not IntentState.CONFIRMED)
    if of_many and told:
        context.err.write(f"{intent.id}  ")
    if intent.question is not None:
        context.say(f"asked_{intent.question}", id=intent.id)
    elif intent.state is IntentState.CONFLICT:
        _explain_conflict(context, intent.trouble or {})
    elif intent.trouble and intent.state is not IntentState.CONFIRMED:
        say_trouble(context, intent.trouble)


def _explain_conflict(context: Context, theirs: documents.Json) -> None:
    code = str(theirs.get("code", "conflict"))
    if code == "same" and not theirs.get("at"):
        context.say("cli_already_so")
    elif messages.known(f"conflict_{code}"):
        context.say(f"conflict_{code}")
    else:
        say_trouble(context, theirs)
    if theirs.get("by_name"):
        when = for_people(datetime.fromisoformat(str(theirs["at"]))) if theirs.get("at") else ""
        state = theirs.get("their_state")
        did = context.words(f"item_state_{state}") if state else ""
        context.say("cli_they_did", name=safe(theirs["by_name"]), at=when, did=did)
