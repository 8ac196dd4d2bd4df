"""Rate limits: per key in JSON, per address in plain text (API.md section 1). All count by the community's clock.

All keys of the site share one bucket and do not count for the address; a refused request counts nowhere.
"""

from collections import deque

from sync.sandbox.discourse.answers import Answer, plain, too_many
from sync.sandbox.discourse.call import Call

_SECOND, _MINUTE, _DAY = 1000, 60_000, 86_400_000
_Limit = tuple[str, str, int, int]


def count(call: Call) -> Answer | None:
    """Count a request; the answer where it is one too many."""
    if not call.settings.limited:
        return None
    by_site = call.headers.get("api-key") in call.site.admin_keys
    if not by_site:
        over = _over(call, _of_address(call))
        if over is not None:
            return _in_words(over[0], over[1])
    over = _over(call, _of_site(call) if by_site else _of_user(call))
    if over is not None:
        return too_many(call, over[0], over[1])
    limits = _of_site(call) if by_site else _of_address(call) + _of_user(call)
    for bucket, _, most, period in limits:
        _add(call, bucket, most, period)
    return None


def once_more(call: Call, name: str, most: int) -> Answer | None:
    """Count an action of which an address may do so many a minute."""
    if not call.settings.limited:
        return None
    limit: list[_Limit] = [(f"{name} {call.ip}", "", most, _MINUTE)]
    over = _over(call, limit)
    if over is not None:
        return too_many(call, over[0])
    _add(call, limit[0][0], most, _MINUTE)
    return None


def _of_address(call: Call) -> list[_Limit]:
    settings = call.settings
    return [
        (f"ip 10 {call.ip}", "ip_10_secs_limit", settings.ip_ten_seconds, 10 * _SECOND),
        (f"ip 60 {call.ip}", "ip_60_secs_limit", settings.ip_minute, _MINUTE),
    ]


def _of_user(call: Call) -> list[_Limit]:
    key, settings = call.headers.get("user-api-key", ""), call.settings
    if key not in call.site.user_keys:
        return []
    return [
        (f"minute {key}", "user_api_key_limiter_60_secs", settings.user_key_minute, _MINUTE),
        (f"day {key}", "user_api_key_limiter_1_day", settings.user_key_day, _DAY),
    ]


def _of_site(call: Call) -> list[_Limit]:
    return [("site", "admin_api_key_rate_limit", call.settings.admin_key_minute, _MINUTE)]


def _over(call: Call, limits: list[_Limit]) -> tuple[int, str] | None:
    """Seconds to wait and the name of the first limit that is reached."""
    now = call.state.clock.now()
    for bucket, code, most, period in limits:
        made = call.site.calls.get(bucket, deque())
        recent = [at for at in made if at > now - period]
        if len(recent) >= most:
            wait = recent[-most] + period - now if most else period
            return max(1, -(-wait // _SECOND)), code
    return None


def _add(call: Call, bucket: str, most: int, period: int) -> None:
    made = call.site.calls.setdefault(bucket, deque())
    now = call.state.clock.now()
    made.append(now)
    while made and (made[0] <= now - period or len(made) > max(most, 1)):
        made.popleft()


def _in_words(wait: int, code: str) -> Answer:
    words = f"Slow down, you're making too many requests.\nPlease retry again in {wait} seconds.\nError code: {code}.\n"
    answer = plain(429, words, "text/plain")
    answer.headers |= {"Retry-After": str(wait), "Discourse-Rate-Limit-Error-Code": code}
    return answer
