"""For processes of a test, by their ``PYTHONPATH``: a Discourse key without limits, so that a run takes no minutes."""

from sync.discourse import limits
from sync.http import Plan

limits.USER_KEY = limits.ADMIN_KEY = Plan(per_minute=100_000)
