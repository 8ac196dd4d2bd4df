"""The engine without the limits of a Discourse's key: ``python -m tests.benchmarks.lifted_engine HOME``.

Within them it asks twenty times a minute, which no window could notice.
"""

import sys

from console.__main__ import main
from sync.discourse import limits
from sync.http import Plan

if __name__ == "__main__":
    limits.USER_KEY = Plan(1_000_000)  # type: ignore[misc]
    sys.exit(main(["--home", sys.argv[1], "engine"]))
