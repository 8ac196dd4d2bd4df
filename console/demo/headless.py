"""``marquee demo --headless``:

the main job in the real window, driven by keys over both communities, each step checked on the servers' side.
"""

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli.exits import Exit
from console.cli.output import Progress
from console.demo.sample import running
from console.demo.throwaway import connected, ending_tidily, hasten

if TYPE_CHECKING:
    from console.cli.context import Context
    from console.demo.steps import Done


def run(context: "Context", parsed: argparse.Namespace) -> int:
    """Walk through; exit 0 only when every step did what it should."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    folder = Path(parsed.screenshots).absolute()
    steps, pictures = walk(context, folder)
    if context.json:
        context.answer(
            {
                "steps": [
                    {"name": step.name, "ok": step.ok, "seconds": round(step.seconds, 3), "detail": step.detail}
                    for step in steps
                ],
                "screenshots": [str(picture) for picture in pictures],
            }
        )
    else:
        for step in steps:
            sign = context.words("cli_ok" if step.ok else "cli_not_ok")
            context.out.write(f"{sign}  {step.seconds:6.1f} s  {step.name}  {step.detail}".rstrip() + "\n")
        for picture in pictures:
            context.out.write(f"{picture}\n")
    return Exit.DONE if steps and all(step.ok for step in steps) else Exit.FAILED


def walk(context: "Context", folder: Path) -> "tuple[list[Done], list[Path]]":
    """All steps in order, with the pictures that they took."""
    from console import app
    from console.demo.steps import Walk

    progress = Progress(context.err)
    application = app.make_application()
    with ending_tidily(), running(life=False) as samples, connected(*samples) as throwaway:
        hasten(throwaway.home)
        here = replace(context, home=throwaway.home, settings=throwaway.settings, environment={}, language="en")
        with app.opened(here, application, throwaway.credentials) as program:
            walk = Walk(program, throwaway, folder, progress.show)
            program.run_until(walk.all())
        progress.end()
        return walk.done, walk.pictures
