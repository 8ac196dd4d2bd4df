"""Exit codes of the command line (DESIGN section 11): the worst of what a command did."""

from collections.abc import Iterable
from enum import IntEnum

from moderation.errors import (
    ConflictError,
    MarqueeError,
    NotAllowedError,
    RefusedError,
    SignInError,
    UnclearError,
)
from moderation.intents import Intent, IntentState


class Exit(IntEnum):
    """What a shell sees."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    CONFLICT = 3
    SIGN_IN = 4
    WAITING = 5
    REFUSED = 6
    UNSETTLED = 7


_WORST_FIRST = (Exit.USAGE, Exit.SIGN_IN, Exit.CONFLICT, Exit.REFUSED, Exit.UNSETTLED, Exit.WAITING, Exit.FAILED)
_OF_ERROR: tuple[tuple[type[MarqueeError], Exit], ...] = (
    (SignInError, Exit.SIGN_IN),
    (ConflictError, Exit.CONFLICT),
    (RefusedError, Exit.REFUSED),
    (NotAllowedError, Exit.REFUSED),
    (UnclearError, Exit.UNSETTLED),
)
_OF_CODE = {
    "alarm_span_odd": Exit.USAGE,
    "cli_bad_since": Exit.USAGE,
    "cli_coverage_one_output": Exit.USAGE,
    "cli_figure_unknown": Exit.USAGE,
    "cli_weekly_and_since": Exit.USAGE,
    "address_malformed": Exit.USAGE,
    "not_a_community": Exit.FAILED,
    "option_not_for_action": Exit.USAGE,
    "ticket_setting_missing": Exit.USAGE,
    "ticket_setting_odd": Exit.USAGE,
    "url_malformed": Exit.USAGE,
    "url_with_password": Exit.USAGE,
}
_OF_STATE = {
    IntentState.CONFIRMED: Exit.DONE,
    IntentState.CONFLICT: Exit.CONFLICT,
    IntentState.REFUSED: Exit.REFUSED,
    IntentState.IN_DOUBT: Exit.UNSETTLED,
    IntentState.APPROVAL: Exit.UNSETTLED,
    IntentState.BLOCKED: Exit.UNSETTLED,
    IntentState.HELD: Exit.WAITING,
    IntentState.WAITING: Exit.WAITING,
    IntentState.SENDING: Exit.WAITING,
    IntentState.CANCELLED: Exit.FAILED,
}


def worst(codes: Iterable[Exit]) -> Exit:
    """The one that a command with several outcomes ends with: 4 > 3 > 6 > 7 > 5 > 1."""
    found = set(codes)
    return next((code for code in _WORST_FIRST if code in found), Exit.DONE)


def of_error(error: MarqueeError) -> Exit:
    """The code that goes with an error that ended a command."""
    by_family = next((code for family, code in _OF_ERROR if isinstance(error, family)), Exit.FAILED)
    return _OF_CODE.get(error.code, by_family)


def of_trouble(family: str) -> Exit:
    """The code for an error that another process named by its class."""
    named = {kind.__name__: code for kind, code in _OF_ERROR}
    return named.get(family, Exit.FAILED)


def of_intents(intents: Iterable[Intent], signed_out: bool = False) -> Exit:
    """The code for intents as they stand; ``signed_out``: their community asks the person to sign in again."""
    codes = [_OF_STATE[intent.state] for intent in intents]
    if signed_out and Exit.WAITING in codes:
        return Exit.SIGN_IN
    return worst(codes)
