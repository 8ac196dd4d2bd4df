"""Limits of Discourse: where to begin, and what a 429 says.

A key's 429 is JSON with ``extras.wait_seconds``, that of an address plain text; both may name the limit in a header. A
JSON one without that header is about an action (posting too fast) and not about the key.
"""

from sync.connector import Account
from sync.discourse.reading import error_of
from sync.http import Answer, Limited, Plan, PlannedBudget

PARALLEL = 2
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
