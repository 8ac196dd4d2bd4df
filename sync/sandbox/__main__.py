"""`python -m sync.sandbox`: serve a sample community from a process of its own."""

import argparse
import json
import os
import secrets
import signal
import sys
import threading
from dataclasses import replace
from datetime import datetime
from types import FrameType

from sync.sandbox.community import SampleCommunity
from sync.sandbox.content.size import Size
from sync.sandbox.server import FACES, Server, serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until standard input closes or SIGTERM arrives; one JSON line on stdout says where."""
    asked = _parser().parse_args(arguments)
    now = datetime.fromisoformat(asked.now) if asked.now else None
    size = replace(Size.named(asked.size), scenes=not asked.no_scenes)
    community = SampleCommunity.seeded(asked.seed, size, now)
    community.service.service_time_ms = asked.service_time_ms
    community.state.settings.title = asked.title or community.state.settings.title
    if asked.face == "discourse":
        community.add_messages()
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: _stop(over, number, frame))
    secret = asked.control_secret or secrets.token_urlsafe(16)
    with serve(community, asked.port, secret, asked.face) as server:
        _announce(server, asked.print_tokens)
        if asked.life:
            from sync.sandbox.life import Life

            Life(community, asked.seed, asked.life_seconds).start()
        threading.Thread(target=_wait_for_end_of_input, args=(over,), daemon=True).start()
        over.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sync.sandbox", description="Serve a sample community on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--face", default=FACES[0], choices=FACES, help="the platform as which it answers")
    parser.add_argument("--size", default="demo", help="demo, small, or a number of open reports")
    parser.add_argument("--no-scenes", action="store_true", help="leave out the threads that every sample shares")
    parser.add_argument("--title", default="", help="what the community calls itself")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--now", default="", help="start of the community's clock, ISO 8601; default is now")
    parser.add_argument("--life", action="store_true", help="reports, replies and decisions arrive by themselves")
    parser.add_argument("--life-seconds", type=float, default=6.0, help="mean time between two events")
    parser.add_argument("--service-time-ms", type=float, default=0.0, help="time every request takes at least")
    parser.add_argument("--control-secret", default="", help="default is a random one")
    parser.add_argument("--print-tokens", action="store_true", help="tokens of named accounts on the JSON line")
    return parser


def _announce(server: Server, with_tokens: bool) -> None:
    line: dict[str, object] = {"url": server.url, "control_secret": server.control_secret}
    community = server.community
    if with_tokens and server.face == "discourse":
        line["tokens"] = {name: community.user_key_for(name) for name in community.named_accounts()}
        line["admin_key"] = community.admin_key()
    elif with_tokens:
        line["tokens"] = {name: community.token_for(name) for name in community.named_accounts()}
        line["master_token"] = community.master_token()
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _stop(over: threading.Event, number: int, frame: FrameType | None) -> None:
    over.set()


def _wait_for_end_of_input(over: threading.Event) -> None:
    try:
        # Not through the buffered stream: a thread that waits in it keeps the interpreter from ending.
        while os.read(sys.stdin.fileno(), 4096):
            pass
    except (OSError, ValueError):
        return
    over.set()


if __name__ == "__main__":
    sys.exit(main())
