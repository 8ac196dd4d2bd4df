"""``marquee demo``: the window on two sample communities, each with a life of its own, until it is closed."""

from dataclasses import replace
from typing import TYPE_CHECKING

from console import app
from console.demo.sample import running
from console.demo.team import appoint
from console.demo.throwaway import connected, ending_tidily

if TYPE_CHECKING:
    from console.cli.context import Context


def run(context: "Context") -> int:
    """Open the window at once; the first sync fills it before one's eyes."""
    application = app.make_application()
    with ending_tidily(), running(life=True) as samples, connected(*samples) as throwaway:
        context.say("cli_demo_runs", **{sample.platform: sample.url for sample in samples})
        here = replace(context, home=throwaway.home, settings=throwaway.settings, environment={})
        with app.opened(here, application, throwaway.credentials) as program:
            program.open()
            program.run_in_background(appoint, program.workplace.desk, throwaway.samples, later=True)
            program.stay()
    return 0
