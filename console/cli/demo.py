"""``marquee demo``: the sample community and the window on it, or a walk through the main job without a display."""

import argparse

from console.cli.context import Context
from console.cli.words import Words


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``demo``."""
    parser.add_argument("--headless", action="store_true", help=words("cli_help_headless"))
    parser.add_argument("--screenshots", metavar="DIR", default="screenshots", help=words("cli_help_screenshots"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Everything is throwaway: a home, a key and a token that live as long as this run.

    Where there is no display it walks through by itself, as with ``--headless``.
    """
    from console import app
    from console.demo import headless, in_window

    if parsed.headless:
        return headless.run(context, parsed)
    if app.lacks_display(context.environment):
        context.say("cli_demo_headless")
        return headless.run(context, parsed)
    return in_window.run(context)
