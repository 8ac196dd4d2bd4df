"""Run one command: read the arguments, do it, turn whatever happens into words and an exit code."""

import argparse
import errno
import logging
import os
import sys
from collections.abc import Mapping
from contextlib import suppress

from console import crash
from console.cli.context import Context
from console.cli.exits import Exit, of_error
from console.cli.parser import ENGINE, build, build_engine, first_look
from console.credentials import SECRET_VARIABLES
from console.home import find_home
from console.language import choose
from console.settings import Settings, load
from moderation.errors import MarqueeError, OurBugError
from resources import messages

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def run(arguments: list[str], environment: Mapping[str, str] | None = None) -> int:
    """Gives the exit code; prints at most one traceback-free sentence where something is wrong."""
    environment = os.environ if environment is None else environment
    if not logging.getLogger().handlers:  # what matters to people is said in words, not logged at them
        logging.getLogger().addHandler(logging.NullHandler())
    try:
        code = _guarded(arguments, environment)
    finally:
        trouble = _flush()
    return code if trouble is None else _disk(trouble, choose(first_look(arguments).language, "", environment))


def _guarded(arguments: list[str], environment: Mapping[str, str]) -> int:
    early = first_look(arguments)
    home = find_home(early.home, environment)
    language = choose(early.language, "", environment)
    try:
        settings = load(home.settings)
    except MarqueeError as error:
        sys.stderr.write(messages.text(error.code, language, **error.facts) + "\n")
        if early.command != "doctor":
            return Exit.FAILED
        settings = Settings()
    language = choose(early.language, settings.language, environment)
    parser = build_engine(language) if early.command == ENGINE else build(language)
    parsed = parser.parse_args(arguments)
    context = Context(home, settings, language, parsed.json, parsed.community, environment)
    return _run(context, parsed)


def _run(context: Context, parsed: argparse.Namespace) -> int:
    try:
        return int(parsed.run(context, parsed))
    except OurBugError as error:
        return _crashed(context, error)
    except MarqueeError as error:
        context.err.write(context.explain(error) + "\n")
        return of_error(error)
    except KeyboardInterrupt:
        context.say("cli_interrupted")
        return Exit.FAILED
    except BrokenPipeError:
        _forget_stdout()
        return Exit.FAILED
    except Exception as error:  # noqa: BLE001 - the last line of defence: our bug, said in words
        return _crashed(context, error)


def _crashed(context: Context, error: BaseException) -> int:
    if isinstance(error, OSError) and error.errno in _FULL:
        return _disk(error, context.language)
    secrets = [context.environment.get(name, "") for name in SECRET_VARIABLES]
    path = crash.keep(crash.report(error, secrets), context.home.logs)
    context.say("cli_crashed", kind=type(error).__name__, path=str(path or "-"))
    return Exit.FAILED


def _disk(error: OSError, language: str) -> int:
    """What could not be written, standard output most of all."""
    code = "disk_full" if error.errno in _FULL else "store_io"
    sys.stderr.write(messages.text(code, language, file=str(error.filename or "stdout")) + "\n")
    if error.filename is None:
        _forget_stdout()
    return Exit.FAILED


def _flush() -> OSError | None:
    """Write what is left; gives what keeps it from being written, but for a reader that has gone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
    except OSError as error:
        return error
    return None


def _forget_stdout() -> None:
    """Nobody reads any more: let the interpreter's own flush at exit go nowhere."""
    with suppress(OSError, ValueError):  # one that is no file has nothing to forget
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
