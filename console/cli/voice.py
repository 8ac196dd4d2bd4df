"""``marquee voice``: the team's voice packs, where each holds, and what is wrong with a file, by line."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli.context import Context
from console.cli.documents import Json
from console.cli.exits import Exit
from console.cli.words import Words
from console.voices import examine_file, pack_files
from moderation.errors import StoreError
from resources import voice

if TYPE_CHECKING:
    from moderation.voice.choosing import Clash
    from moderation.voice.pack import Pack, Reach


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``voice``."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", metavar="FILE", help=words("cli_help_voice_check"))
    what.add_argument("--example", choices=voice.LANGUAGES, help=words("cli_help_voice_example"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Print an example, check a file, or show the packs of the home; exit 6 where anything is wrong."""
    if parsed.example:
        return _example(context, parsed.example)
    files = [Path(parsed.check)] if parsed.check else pack_files(context.home.voice)
    packs, problems = _read(context, files)
    if context.json:
        context.answer({"packs": [_document(pack) for pack in packs], "problems": problems})
    elif parsed.check:
        for pack in packs:
            context.say("cli_voice_good", path=pack.place, name=pack.name, spoken=pack.language)
    elif files:
        _show(context, packs)
    else:
        context.say("cli_voice_none", folder=context.home.voice)
    for problem in problems:
        context.err.write(f"{problem['message']}\n")
    return Exit.REFUSED if problems else Exit.DONE


def _example(context: Context, language: str) -> int:
    source = dict(voice.shipped())[f"quillby-{language}.toml"]
    if context.json:
        context.answer({"packs": [], "problems": [], "example": source})
    else:
        context.out.write(source)
    return Exit.DONE


def _read(context: Context, files: list[Path]) -> "tuple[list[Pack], list[Json]]":
    """The packs that could be read, and all that is wrong, two packs for one place too."""
    from moderation.voice.choosing import clashes

    packs: list[Pack] = []
    problems: list[Json] = []
    for path in files:
        try:
            pack, found = examine_file(path)
        except StoreError as error:
            problems.append({"path": str(path), "line": None, "why": "unreadable", "message": context.explain(error)})
            continue
        if pack is not None:
            packs.append(pack)
        for one in found:
            facts = {"path": str(path), "line": one.line, **one.facts}
            message = context.words(f"voice_pack_{one.why}", **facts)
            problems.append({"path": str(path), "line": one.line, "why": one.why, "message": message})
    problems += [_clash(context, clash) for clash in clashes(packs)]
    return packs, problems


def _clash(context: Context, clash: "Clash") -> Json:
    which = "voice_where_forum" if clash.forum else "voice_where_all"
    where = context.words(which, forum=clash.forum, community=clash.community)
    first, second = sorted((clash.first.place, clash.second.place))
    message = context.words("voice_pack_two", first=first, second=second, where=where, spoken=clash.first.language)
    return {"path": second, "line": None, "why": "two", "message": message}


def _document(pack: "Pack") -> Json:
    return {
        "file": pack.place,
        "name": pack.name,
        "language": pack.language,
        "level": pack.level or None,
        "identity": str(pack.identity),
        "snippets": sorted({one.name for one in pack.snippets}),
        "places": [
            {"community": one.community, "forums": list(one.forums), "level": one.level or pack.level or None}
            for one in pack.reaches
        ],
    }


def _show(context: Context, packs: "list[Pack]") -> None:
    columns = [("cli_col_file", "f"), ("cli_col_pack", ""), ("cli_col_language", ""), ("cli_col_where", ""),
               ("cli_col_level", "")]  # fmt: skip
    rows: list[list[object]] = [
        [pack.place, pack.name, pack.language, _where(one), one.level or pack.level]
        for pack in packs
        for one in pack.reaches
    ]
    context.show_table(columns, rows)


def _where(reach: "Reach") -> str:
    return f"{reach.community}: {', '.join(reach.forums)}" if reach.forums else reach.community
