"""``marquee sync``: pull what changed and flush the outbox, through the engine."""

import argparse
import time
from typing import TYPE_CHECKING, Any

from console.cli.context import Context
from console.cli.exits import Exit, of_trouble, worst
from console.cli.flushing import flushed
from console.cli.output import Progress
from console.cli.settling import say_trouble
from console.cli.words import Words

if TYPE_CHECKING:
    from console.wiring import Workplace

FIELDS = ("requests", "bytes", "seconds", "items", "threads", "posts", "members", "following")


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``sync``."""
    parser.add_argument("--watch", action="store_true", help=words("cli_help_watch"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Pull once and send what waits, or stay and keep in step; exit 0 only when every community finished, 5 when
    something did not leave although its community answers.
    """
    with context.desk() as workplace:
        names = context.chosen()
        results = _pull(context, workplace, names)
        well = [result["community"] for result in results if result.get("trouble") is None]
        left = flushed(context, workplace, well)
        code = _report(context, names, results)
        if left:
            context.say("cli_left_waiting", n=left)
            code = worst([code, Exit.WAITING])
        if parsed.watch:
            _watch(context, workplace)
    return code


def _pull(context: Context, workplace: "Workplace", names: list[str]) -> list[dict[str, Any]]:
    progress = Progress(context.err)
    try:
        for message in workplace.engine.sync(names):
            if "done" in message:
                return list(message["done"])
            told = message.get("progress", {})
            progress.show(context.words("cli_pulling", community=told.get("community"), requests=told.get("requests")))
    finally:
        progress.end()
    return []


def _report(context: Context, names: list[str], results: list[dict[str, Any]]) -> Exit:
    documents = [_document(result) for result in results]
    if context.json:
        context.answer(documents)
    else:
        columns = [("cli_col_community", "f"), ("cli_col_items", "r"), ("cli_col_threads", "r"), ("cli_col_posts", "r"),
                   ("cli_col_requests", "r"), ("cli_col_seconds", "r")]  # fmt: skip
        rows: list[list[object]] = [
            [d["community"], d["items"], d["threads"], d["posts"], d["requests"], f"{d['seconds']:.1f}"]
            for d in documents
        ]
        context.show_table(columns, rows)
        for document in documents:
            if code := document["live"]:
                context.say(f"live_{code}" if code == "on" else code, community=document["community"])
    codes = [_outcome(context, result) for result in results]
    return worst([*codes, *[Exit.FAILED] * (len(names) - len(results))])


def _document(result: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: result.get(name, 0) for name in FIELDS}
    known = {"community": result["community"], **numbers, "budget_left": result.get("budget_left")}
    known |= {"complete_since": result.get("complete_since"), "trouble": result.get("trouble")}
    return known | {"set_aside": result.get("set_aside", 0), "live": result.get("live", "")}


def _outcome(context: Context, result: dict[str, Any]) -> Exit:
    if aside := result.get("set_aside"):
        code = "cli_set_aside_one" if aside == 1 else "cli_set_aside"
        facts = {"n": aside, "first": result.get("set_aside_first"), "path": str(context.home.logs)}
        context.say(code, community=result["community"], **facts)
    trouble = result.get("trouble")
    if trouble is None:
        return Exit.DONE
    say_trouble(context, {"community": result["community"], **trouble})
    return of_trouble(str(trouble.get("kind", "")))


def _watch(context: Context, workplace: "Workplace") -> None:
    """Stay connected, which keeps the engine running and starts it again should it die. Ctrl-C ends the watching."""
    progress = Progress(context.err)
    context.out.flush()
    deaf = workplace.engine.listen(lambda records: None)
    try:
        while True:
            statuses = workplace.engine.status()
            progress.show("  ".join(f"{s.community}: {context.words(f'status_{s.state}')}" for s in statuses))
            time.sleep(1.0)
    except KeyboardInterrupt:
        pass
    finally:
        deaf()
        progress.end()
