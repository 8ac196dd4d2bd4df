"""``marquee following --threads``: which threads each of the staff follows, and who follows a thread."""

import argparse
from typing import TYPE_CHECKING

from console.cli import documents
from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import at, for_people
from console.cli.settling import finish, noticing_interrupts, settle
from moderation.content import Level
from moderation.desk.followed_threads import PersonThreads, ThreadsSeen
from moderation.errors import UnknownIdError
from moderation.ids import Kind, Ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from console.wiring import Workplace


def thread_of(context: Context, text: str) -> Ref:
    """A thread by id; raises ``UnknownIdError`` ``id_unknown`` for something else."""
    ref = context.reference(text)
    if ref.kind is not Kind.THREAD:
        raise UnknownIdError("id_unknown", id=text)
    return ref


def show_threads(
    context: Context, workplace: "Workplace", names: "Sequence[str]", forums: "Sequence[Ref]", thread: Ref | None
) -> int:
    """By thread who follows it; of these forums, or of this thread alone. Whose list is not known is said."""
    places = [thread] if thread is not None else forums
    wanted = list(dict.fromkeys(place.community for place in places)) or names
    seen = [workplace.desk.following.threads.see(name) for name in wanted]
    named = {one.id: one.name for name in wanted for one in workplace.desk.mirror.forums(name)}
    rows = [(one, *row) for one in seen for row in _rows(one, forums, thread)]
    if context.json:
        context.answer({
            "communities": [_community(one) for one in seen],
            "threads": [_thread(one, ref, people, named) for one, ref, people in rows],
        })  # fmt: skip
        return Exit.DONE
    columns = [("cli_col_title", ""), ("cli_col_forum", ""), ("cli_col_followed", ""), ("cli_col_id", "f")]
    context.show_table(columns, [_row(one, ref, people, named) for one, ref, people in rows])
    for one in seen:
        _say_beside(context, one)
    return Exit.DONE


def set_thread(context: Context, parsed: argparse.Namespace) -> int:
    """Follow a thread oneself, ignore it, or neither."""
    thread = thread_of(context, parsed.thread)
    with noticing_interrupts() as interrupted, context.desk() as workplace:
        desk, hold = workplace.desk.following.threads, 0.0 if parsed.now else None
        plan = desk.set_level(thread, Level(parsed.level), hold_seconds=hold)
        return finish(context, workplace, settle(context, workplace, plan, parsed.wait, interrupted))


def _rows(
    seen: ThreadsSeen, forums: "Sequence[Ref]", thread: Ref | None
) -> list[tuple[Ref, tuple[PersonThreads, ...]]]:
    if thread is not None:
        followers = seen.followers().get(thread)
        return [(thread, followers)] if followers is not None else []
    if not forums:
        return list(seen.followers().items())
    here = [forum for forum in forums if forum.community == seen.community]
    return [row for forum in here for row in seen.followers(forum).items()]


def _row(seen: ThreadsSeen, thread: Ref, people: "Sequence[PersonThreads]", named: "Mapping[Ref, str]") -> list[object]:
    head = seen.known.get(thread)
    forum = named.get(head.forum, "") if head is not None and head.forum is not None else ""
    return [head.title if head is not None else "", forum, ", ".join(one.name for one in people), str(thread)]


def _thread(
    seen: ThreadsSeen, thread: Ref, people: "Sequence[PersonThreads]", named: "Mapping[Ref, str]"
) -> documents.Json:
    head = seen.known.get(thread)
    forum = head.forum if head is not None else None
    return {
        "thread": str(thread),
        "thread_name": head.title if head is not None else None,
        "forum": documents.ident(forum),
        "forum_name": named.get(forum) if forum is not None else None,
        "url": head.url if head is not None else None,
        "followers": [{"member": str(one.account), "member_name": one.name} for one in people],
    }


def _community(seen: ThreadsSeen) -> documents.Json:
    return {
        "community": seen.community,
        "confirmed": seen.confirmed,
        "people": [
            {
                "member": documents.ident(one.account),
                "member_name": one.name,
                "as_of": at(one.as_of),
                "why": one.why or None,
                "whole": one.whole,
                "threads": None if one.why else [str(thread) for thread in one.threads],
            }
            for one in seen.people
        ],
    }


def _say_beside(context: Context, seen: ThreadsSeen) -> None:
    """Of whom nothing is known and why, whose list is cut, and how old it all is."""
    if not seen.confirmed:
        context.say("following_not_confirmed", community=seen.community)
    for one in seen.people:
        if one.why:
            context.say(f"following_why_{one.why}", name=one.name, community=seen.community)
        elif not one.whole:
            context.say("following_threads_cut", name=one.name, count=len(one.threads))
    read = [one.as_of for one in seen.people if one.as_of is not None and not one.why]
    if read:
        context.say("following_threads_as_of", first=for_people(min(read)), last=for_people(max(read)))
