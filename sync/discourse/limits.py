"""Limits of Discourse: where to begin, and what a 429 says.

A key's 429 is JSON with ``extras.wait_seconds``, that of an address plain text; both may name the limit in a header. A
JSON one without that header is about an action (posting too fast) and not about the key.
"""

from collections.abc import Mapping

from sync.connector import Account
from sync.discourse.reading import error_of
from sync.http import Answer, Budget, Limited, Plan, PlannedBudget

PARALLEL = 2
VISITOR_RATE, KEY_RATE = 2.5, 0.3
"""Requests a second, below the 200 a minute of an address and the 20 a minute of a key."""
USER_KEY = Plan(per_minute=20, per_day=2880)
ADMIN_KEY = Plan(per_minute=60, shared=True)
_PERIODS = {
    "user_api_key_limiter_60_secs": 60.0,
    "user_api_key_limiter_1_day": 86400.0,
    "admin_api_key_rate_limit": 60.0,
    "ip_10_secs_limit": 10.0,
}


def budget_for(account: Account) -> PlannedBudget:
    """The budget of a key, from the limits that Discourse ships with; answers correct it."""
    return PlannedBudget(USER_KEY if account.acts_as is None else ADMIN_KEY, PARALLEL)


def budget_for_looking(key: Mapping[str, str] | None) -> Budget:
    """A pace at which a Discourse lets an outsider look: a visitor 200 times a minute, a key 20 times; the patience is
    that of a whole check.
    """
    rate, burst = (VISITOR_RATE, 20.0) if key is None else (KEY_RATE, 18.0)
    return Budget(PARALLEL, rate, burst, patience=600.0)


def limited(answer: Answer) -> Limited:
    """What a 429 asks for."""
    code = answer.header("discourse-rate-limit-error-code")
    error = error_of(answer) if answer.is_json else None
    told = (error.extras or {}).get("wait_seconds") if error is not None else None
    seconds = answer.retry_after
    if isinstance(told, int | float) and not isinstance(told, bool):
        seconds = max(float(told), seconds or 0.0)
    alone = error is not None and error.error_type == "rate_limit" and not code
    return Limited(seconds, _PERIODS.get(code), alone)
