"""The sample community in a process of its own: ``python -m tests.benchmarks.sample_server --reports 2000``.

A community's server is another machine: this one gives way to the programs that are measured. Prints one line of
JSON (``url``, ``user``, ``token``, ``secret``, ``face``) when it serves, and ends when its standard input does.
"""

import argparse
import json
import os
import secrets
import sys
import threading
import time

from sync.sandbox import SampleCommunity, Size, serve

MODERATOR = "ines_lanternby"


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=148)
    parser.add_argument("--service-time", type=float, default=0.0, help="milliseconds a request takes")
    parser.add_argument("--face", default="nodebb", help="the platform as which it answers")
    parser.add_argument("--busy", type=float, default=0.0, help="new reports a second, on posts by turns")
    parsed = parser.parse_args()
    os.nice(15)
    community = SampleCommunity.seeded(7, Size.for_reports(parsed.reports))
    community.service.service_time_ms = parsed.service_time
    secret = secrets.token_hex(16)
    with serve(community, control_secret=secret, face=parsed.face) as server:
        token = community.user_key_for(MODERATOR) if parsed.face == "discourse" else community.token_for(MODERATOR)
        told = {"url": server.url, "user": MODERATOR, "token": token, "secret": secret, "face": parsed.face}
        print(json.dumps(told), flush=True)
        if parsed.busy:
            threading.Thread(target=_report_on, args=(community, parsed.busy), daemon=True).start()
        sys.stdin.read()


def _report_on(community: SampleCommunity, rate: float) -> None:
    """A life of its own: members answer and report at this rate."""
    posts = list(community.state.tables.posts)
    reporters = [name for name in community.named_accounts() if name != MODERATOR]
    for number, post in enumerate(posts * 1000):
        time.sleep(1 / rate)
        try:
            community.report(reporters[number % len(reporters)], post, "Spam" if number % 2 else "宣伝です")
        except Exception as refused:  # noqa: BLE001 - a member may not report everything; the next one goes on
            print(refused, file=sys.stderr)


if __name__ == "__main__":
    main()
