"""Arguments of the command line, in the person's language."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from console import version
from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import width, wrapped
from console.cli.usage import explained
from console.language import LANGUAGES
from resources import messages

ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Early:
    """What must be known before the arguments can be read for good."""

    home: str | None
    language: str | None
    command: str | None


class _Layout(argparse.HelpFormatter):
    """Breaks lines by the cells that they take, so that Japanese fits too."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(" ".join(text.split()), width)

    def _format_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None) -> str:
        prefix = messages.text("cli_usage", Parser.language) if prefix is None else prefix
        room, self._width = self._width, self._width - (width(prefix) - len(prefix))
        try:
            return super()._format_usage(usage, actions, groups, prefix)
        finally:
            self._width = room

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrapped(" ".join(text.split()), width - len(indent)))


class Parser(argparse.ArgumentParser):
    """An :class:`argparse.ArgumentParser` that speaks the person's language and ends with the contract's code."""

    language = "en"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Layout, "allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit 2."""
        self.print_usage(sys.stderr)
        said = explained(message, self.language, _options(self))
        sys.stderr.write(messages.text("cli_usage_wrong", self.language, message=said, program=self.prog) + "\n")
        sys.exit(Exit.USAGE)


def first_look(arguments: Sequence[str]) -> Early:
    """Home, language and command, without complaint about anything else."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    parser.add_argument("--home")
    parser.add_argument("--language")
    parser.add_argument("--community")
    try:
        known, rest = parser.parse_known_args(list(arguments))
    except (argparse.ArgumentError, SystemExit):
        return Early(None, None, None)
    return Early(known.home, known.language, next((word for word in rest if not word.startswith("-")), None))


def build(language: str) -> Parser:
    """The whole command line."""
    from console.cli.commands import COMMANDS  # an engine starts without them

    words = partial(messages.text, language=language)
    Parser.language = language
    parser = _translated(Parser(prog="marquee", description=words("cli_about"), epilog=words("cli_more")), language)
    parser.add_argument("--version", action="version", version=f"marquee {version()}", help=words("cli_help_version"))
    _common(parser, language, top=True)
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title=words("cli_commands"), metavar="COMMAND", dest="command")
    for name, parts in COMMANDS.items():
        about = words(f"cli_does_{name}")
        command = commands.add_parser(name, help=about, description=about)
        _common(_translated(command, language), language, top=False)
        parts.add(command, words)
        for nested in _nested(command):
            _common(_translated(nested, language), language, top=False)
        command.set_defaults(run=parts.run)
    return parser


def _options(parser: argparse.ArgumentParser) -> list[str]:
    """The options of a parser and of its commands."""
    return [*parser._option_string_actions, *(name for part in _nested(parser) for name in _options(part))]


def _nested(command: argparse.ArgumentParser) -> list[Parser]:
    """The parts of a command that has such."""
    choices = (action.choices for action in command._actions if isinstance(action, argparse._SubParsersAction))
    return [part for each in choices for part in each.values() if isinstance(part, Parser)]


def build_engine(language: str) -> Parser:
    """The command that starts an engine: for this program's own processes, so help does not show it."""
    parser = Parser(prog="marquee", add_help=False)
    _common(parser, language, top=True)
    parser.add_argument("command", choices=[ENGINE])
    parser.add_argument("--secrets-stdin", action="store_true")
    parser.set_defaults(run=_engine)
    return parser


def _translated(parser: Parser, language: str) -> Parser:
    parser._positionals.title = messages.text("cli_what", language)
    parser._optionals.title = messages.text("cli_options", language)
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            action.help = messages.text("cli_help_help", language)
    return parser


def _common(parser: argparse.ArgumentParser, language: str, *, top: bool) -> None:
    """Options that may stand before or after the command; after it they win."""
    words = partial(messages.text, language=language)

    def usual(value: object) -> object:
        return value if top else argparse.SUPPRESS

    parser.add_argument("--home", metavar="DIR", default=usual(None), help=words("cli_help_home"))
    parser.add_argument("--community", metavar="NAME", default=usual(""), help=words("cli_help_community"))
    parser.add_argument("--language", choices=LANGUAGES, default=usual(None), help=words("cli_help_language"))
    parser.add_argument("--json", action="store_true", default=usual(False), help=words("cli_help_json"))


def _window(context: Context, parsed: argparse.Namespace) -> int:
    from console.app import run

    return run(context, parsed)


def _engine(context: Context, parsed: argparse.Namespace) -> int:
    from console.engine_process import run

    return run(context, parsed)
