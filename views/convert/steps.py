"""Which steps stand at the left and which buttons below, for each state of the dialogue."""

from datetime import datetime
from typing import TYPE_CHECKING

from moderation.actions import Action
from moderation.cases import CaseStep
from moderation.conversion import Conversion
from moderation.intents import IntentState
from moderation.proof import Standing
from views.convert import record
from views.convert.reading import CaseNow
from views.convert.words import ConvertWords, StepLine, state_icon

if TYPE_CHECKING:
    from views.convert.dialog import ConvertDialog
    from views.convert.parts import KeyButton

_PROVEN = frozenset({Action.HIDE, Action.MOVE, Action.CONVERT})
_PROOFS = {
    Standing.WANTED: ("clock", "waiting"),
    Standing.PASSED: ("circle-check", "confirmed"),
    Standing.VISIBLE: ("alert-octagon", "danger"),
    Standing.UNCHECKED: ("help-circle", "doubt"),
}


def planned(conversion: Conversion, said: ConvertWords, *, accounts: bool) -> list[StepLine]:
    """The steps of a plan."""
    return said.steps(conversion, accounts=accounts)


def standing(now: CaseNow, said: ConvertWords, at: datetime) -> list[StepLine]:
    """The steps of a case as they stand, the proof last."""
    course = now.course
    if now.over:
        lines = record.steps(now, said, at)
        return [*lines, _proof(now, said)] if record.can_check(now) else lines
    lines = said.running(course) if course is not None else [_kept(step, said) for step in now.case.steps]
    actions = {intent.action for intent in course.intents} if course is not None else set(Action)
    if not now.back and (now.proof is not None or actions & _PROVEN):
        lines.append(_proof(now, said))
    return lines


def _kept(step: CaseStep, said: ConvertWords) -> StepLine:
    """A step that another machine has done."""
    icon, colour = state_icon(step.state)
    what = str(step.facts.get("what") or step.action)
    detail = said.words.say(f"state_{step.state}")
    return StepLine(what, icon, said.step(what), detail, step.state, colour=colour)


def _proof(now: CaseNow, said: ConvertWords) -> StepLine:
    words, proof = said.words, now.proof
    title = words.say("convert_step_proof")
    if proof is None:
        return StepLine("proof", "clock", title, words.say("state_blocked"), IntentState.BLOCKED, colour="waiting")
    icon, colour = _PROOFS[proof.standing]
    verdict = proof.verdict
    facts = {"n": len(verdict.findings), "seen": len(verdict.visible), "open": len(verdict.unchecked)}
    return StepLine("proof", icon, title, words.say(f"convert_proof_{proof.standing}", **facts), colour=colour)


def buttons(dialog: "ConvertDialog") -> "dict[KeyButton, tuple[bool, bool]]":
    """For each button whether it stands there, and whether it can be pressed; words and looks are set here too."""
    mode = dialog.mode.value
    return {
        "plan": _while_planning,
        "reading": _while_planning,
        "case": _in_a_case,
        "back": _on_the_way_back,
        "over": _when_over,
    }[mode](dialog)


def _while_planning(dialog: "ConvertDialog") -> "dict[KeyButton, tuple[bool, bool]]":
    say, plan = dialog.words.say, dialog.planned
    shape = dialog.chosen.shape
    taking = str(shape) == "take"
    dialog.go.say(say(f"convert_shape_{shape}"), primary=not taking, key=say("convert_key_go"))
    dialog.cancel.say(say("convert_cancel"))
    possible = plan is not None and plan.conversion.possible and not dialog.waiting
    agreed = not taking or dialog.choices.agreed
    return _all(dialog, cancel=True, dry=not dialog.waiting, go=possible and agreed)


def _in_a_case(dialog: "ConvertDialog") -> "dict[KeyButton, tuple[bool, bool]]":
    say, now = dialog.words.say, dialog.case
    free = not dialog.busy
    if now is None:
        return _all(dialog, cancel=True)
    dialog.cancel.say(say("convert_take_back" if now.held else "convert_close"))
    stopped = now.standing == "stopped" and (not now.back or now.stays)
    dialog.go.say(
        say("convert_keep_private" if now.back else "convert_resume"), primary=True, key=say("convert_key_go")
    )
    shown = {"cancel": free or not now.held}
    if now.held:
        return _all(dialog, aside=True, **shown)
    checks = now.proof is not None and bool(now.proof.checks)
    more = {"check": free} if checks and not now.back else {}
    if stopped and not dialog.case_pane.band.button.isVisible():
        more["go"] = free
    return _all(dialog, take_all_back=free, **shown, **more)


def _on_the_way_back(dialog: "ConvertDialog") -> "dict[KeyButton, tuple[bool, bool]]":
    say, undo = dialog.words.say, dialog.undo_plan
    dialog.cancel.say(say("convert_not_back"))
    dialog.go.say(say("convert_undo_go"), primary=False, key=say("convert_key_go"))
    able = undo is not None and not undo.missing and not dialog.busy
    return _all(dialog, cancel=True, go=able)


def _when_over(dialog: "ConvertDialog") -> "dict[KeyButton, tuple[bool, bool]]":
    dialog.cancel.say(dialog.words.say("convert_close"))
    checks = dialog.case is not None and dialog.case.over and record.can_check(dialog.case)
    return _all(dialog, cancel=True, **({"check": not dialog.busy} if checks else {}))


def _all(dialog: "ConvertDialog", **shown: bool) -> "dict[KeyButton, tuple[bool, bool]]":
    """The named ones stand there, and can be pressed where they are true; the others do not stand there."""
    names = ("take_all_back", "check", "aside", "cancel", "dry", "go")
    return {getattr(dialog, name): (name in shown, shown.get(name, False)) for name in names}
