"""``marquee doctor``: what this machine lacks, and how to mend it."""

import argparse

from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import safe
from console.cli.words import Words


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``doctor``."""
    parser.add_argument("--offline", action="store_true", help=words("cli_help_offline"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Print every check; exit 1 when one of those that matter fails."""
    from console.doctor import examine

    findings = examine(context.home, context.credentials(), ask_servers=not parsed.offline)
    if context.json:
        context.answer(
            [
                {
                    "check": finding.check,
                    "ok": finding.ok,
                    "remedy": None if finding.ok else context.words(finding.remedy, **finding.facts),
                    "about": context.words(f"check_{finding.check}", name=finding.detail),
                    "detail": finding.detail,
                    "needed": finding.needed,
                }
                for finding in findings
            ]
        )
    else:
        for finding in findings:
            sign = context.words("cli_ok" if finding.ok else "cli_not_ok" if finding.needed else "cli_hint")
            about = context.words(f"check_{finding.check}", name=finding.detail)
            context.out.write(f"{sign}  {about}  {safe(finding.detail)}".rstrip() + "\n")
            if not finding.ok:
                context.out.write(f"    {context.words(finding.remedy, **finding.facts)}\n")
    return Exit.DONE if all(finding.ok or not finding.needed for finding in findings) else Exit.FAILED
