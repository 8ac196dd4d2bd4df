"""``marquee show``: an item or a thread in full."""

import argparse
from typing import TYPE_CHECKING

from console.cli import documents
from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import safe
from console.cli.queue import row_document
from console.cli.words import Words
from moderation.content import Post
from moderation.errors import UnknownIdError
from moderation.ids import ITEM_KINDS, Kind, Ref
from moderation.text import neutralise

if TYPE_CHECKING:
    from moderation.desk import Desk

POSTS = 50


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``show``."""
    parser.add_argument("id", metavar="ID", help=words("cli_help_show_id"))
    parser.add_argument("--posts", type=int, default=POSTS, metavar="N", help=words("cli_help_posts", rows=POSTS))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Print it; raises :class:`UnknownIdError` for what is not here."""
    ref = context.reference(parsed.id)
    with context.desk(engine=False) as workplace:
        desk = workplace.desk
        desk.triage.refresh_overlay()
        if ref.kind in ITEM_KINDS:
            document = item_document(context, desk, ref, parsed.posts)
        elif ref.kind is Kind.THREAD:
            document = thread_document(desk, ref, parsed.posts)
        elif ref.kind is Kind.POST and (found := desk.mirror.post(ref)) is not None:
            document = documents.post(found) | {"thread": documents.ident(found.thread)}
        elif ref.kind is Kind.MEMBER and (member := desk.mirror.member(ref)) is not None:
            document = documents.member(member)
        else:
            raise UnknownIdError("id_unknown", id=str(ref))
    if context.json:
        context.answer(document)
    else:
        _print(context, document)
    return Exit.DONE


def item_document(context: Context, desk: "Desk", ref: Ref, posts: int) -> documents.Json:
    """An item with everything around it."""
    around = desk.triage.context(ref, posts)
    rows = desk.triage.find([str(ref)])
    if around is None or not rows:
        raise UnknownIdError("item_unknown", id=str(ref))
    return documents.item(around, row_document(context, desk, rows[0]))


def thread_document(desk: "Desk", ref: Ref, posts: int) -> documents.Json:
    """A thread with its first posts."""
    found = desk.mirror.thread(ref)
    if found is None:
        raise UnknownIdError("thread_unknown", id=str(ref))
    forums = {forum.id: forum.name for forum in desk.mirror.forums(ref.community)}
    head = documents.thread(found, forums.get(found.forum) if found.forum else None)
    shown: list[Post] = desk.mirror.posts(ref, limit=posts, staff=True)
    return head | {"posts": [documents.post(post) for post in shown]}


def _print(context: Context, document: documents.Json) -> None:
    """Simple facts as lines; below them reports, history, notes and posts as text."""
    for name, value in document.items():
        if isinstance(value, str | int | float | bool) and name not in {"body", "html", "text"}:
            context.out.write(f"{name}: {safe(value)}\n")
    for report in document.get("reasons", ()):
        context.out.write(context.words("cli_reported", by=safe(report["reporter"]), text=safe(report["text"])) + "\n")
    for entry in document.get("history", ()):
        changes = ", ".join(f"{name} {safe(value)}" for name, value in entry["changes"].items())
        context.out.write(f"{entry['at']}  {safe(entry['by_name'])}  {changes}\n")
    for note in (*document.get("notes", ()), *document.get("team_notes", ())):
        head = context.words("cli_case_note_by", by=note["author_name"] or "", at=note["at"])
        context.out.write(f"\n— {head}\n{neutralise(note['text'])}\n")
    for post in _texts(document):
        _print_post(context, post)


def _texts(document: documents.Json) -> list[documents.Json]:
    """What there is to read: a post itself, or the posts around an item, after its own text where none of them has it
    (a held post is in no thread yet).
    """
    if "text" in document:
        return [document]
    posts: list[documents.Json] = list(document.get("posts", ()))
    own = document | {"text": document.get("body")}
    there = any(post["id"] == document.get("post") for post in posts)
    return posts if there or not (own["text"] or own.get("html")) else [own, *posts]


def _print_post(context: Context, post: documents.Json) -> None:
    head = f"— {safe(post['author_name'])}, {post['created_at']}  {post['id']}"
    context.out.write(f"\n{head}\n{neutralise(post['text'] or post['html'] or '')}\n")
