"""All commands, in the order in which help shows them."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from console.cli import (
    alarms,
    answer,
    bring_back,
    cases,
    communities,
    convert,
    coverage,
    decide,
    demo,
    doctor,
    following,
    goals,
    leave,
    outbox,
    persons,
    presence,
    privacy,
    pull,
    queue,
    search,
    shared_work,
    show,
    team,
    tickets,
    voice,
)
from console.cli.context import Context
from console.cli.words import Words


@dataclass(frozen=True, slots=True)
class Command:
    """``add`` describes the arguments, ``run`` does it and gives the exit code."""

    add: Callable[[argparse.ArgumentParser, Words], None]
    run: Callable[[Context, argparse.Namespace], int]


COMMANDS: dict[str, Command] = {
    "demo": Command(demo.add, demo.run),
    "connect": Command(communities.add_connect, communities.run_connect),
    "communities": Command(communities.add_list, communities.run_list),
    "disconnect": Command(leave.add, leave.run),
    "sync": Command(pull.add, pull.run),
    "queue": Command(queue.add, queue.run),
    "show": Command(show.add, show.run),
    "decide": Command(decide.add, decide.run),
    "claim": Command(shared_work.add_item, shared_work.run_claim),
    "release": Command(shared_work.add_item, shared_work.run_release),
    "note": Command(shared_work.add_note, shared_work.run_note),
    "reply": Command(answer.add, answer.run),
    "convert": Command(convert.add, convert.run),
    "bring-back": Command(bring_back.add, bring_back.run),
    "privacy": Command(privacy.add, privacy.run),
    "cases": Command(cases.add, cases.run),
    "tickets": Command(tickets.add, tickets.run),
    "coverage": Command(coverage.add, coverage.run),
    "persons": Command(persons.add, persons.run),
    "goals": Command(goals.add, goals.run),
    "alarms": Command(alarms.add, alarms.run),
    "following": Command(following.add, following.run),
    "voice": Command(voice.add, voice.run),
    "presence": Command(presence.add, presence.run),
    "team": Command(team.add, team.run),
    "search": Command(search.add, search.run),
    "outbox": Command(outbox.add, outbox.run),
    "doctor": Command(doctor.add, doctor.run),
}
