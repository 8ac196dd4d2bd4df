"""Exit codes: DESIGN section 11."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from console.cli.exits import Exit, of_error, of_intents, of_trouble, worst
from moderation.actions import Action
from moderation.errors import (
    ConflictError,
    MarqueeError,
    NotAllowedError,
    PayloadError,
    RefusedError,
    SignInError,
    StoreError,
    TryLaterError,
    UnclearError,
    UnknownIdError,
    UnreachableError,
)
from moderation.ids import Ref
from moderation.intents import Identities, Intent, IntentState

ITEM = Ref.parse("c.example:flag:1")
INTENT = Intent(
    "i", "p", 0, "c.example", "c.example:member:1", Identities.ME, Action.RESOLVE, ITEM,
    datetime(2026, 11, 22, tzinfo=UTC), IntentState.WAITING,
)  # fmt: skip


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SignInError("x"), 4),
        (ConflictError("x"), 3),
        (RefusedError("x"), 6),
        (NotAllowedError("x"), 6),
        (UnclearError("x"), 7),
        (UnreachableError("x"), 1),
        (TryLaterError("x"), 1),
        (UnknownIdError("x"), 1),
        (StoreError("x"), 1),
        (PayloadError("x"), 1),
    ],
)
def test_errors(error: MarqueeError, code: int) -> None:
    assert of_error(error) == code
    assert of_trouble(type(error).__name__) == code


def test_precedence() -> None:
    order = [Exit.SIGN_IN, Exit.CONFLICT, Exit.REFUSED, Exit.UNSETTLED, Exit.WAITING, Exit.FAILED, Exit.DONE]
    for place, code in enumerate(order):
        assert worst(order[place:]) == code
        assert worst(reversed(order[place:])) == code
    assert worst([]) == Exit.DONE


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (["confirmed"], 0),
        (["confirmed", "confirmed"], 0),
        (["refused", "blocked"], 6),
        (["conflict", "blocked"], 3),
        (["in_doubt"], 7),
        (["approval"], 7),
        (["confirmed", "blocked"], 7),
        (["held"], 5),
        (["waiting", "blocked"], 7),
        (["sending"], 5),
        (["cancelled"], 1),
        (["confirmed", "conflict", "refused"], 3),
    ],
)
def test_intents(states: list[str], code: int) -> None:
    assert of_intents([replace(INTENT, state=IntentState(state)) for state in states]) == code


def test_signed_out_comes_first() -> None:
    waiting, conflict = replace(INTENT), replace(INTENT, state=IntentState.CONFLICT)
    assert of_intents([waiting, conflict], signed_out=True) == Exit.SIGN_IN
    assert of_intents([conflict], signed_out=True) == Exit.CONFLICT


def test_what_is_no_address_is_a_wrong_use() -> None:
    for code in ("url_malformed", "address_malformed"):
        assert of_error(NotAllowedError(code)) is Exit.USAGE
