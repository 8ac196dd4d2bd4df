"""What window and sign-in process say to each other: a line of JSON each way. Errors keep their family."""

import json
from typing import Any

from moderation import errors
from moderation.errors import MarqueeError, OurBugError, TryLaterError


def line(message: dict[str, Any]) -> bytes:
    """A message as it goes through the pipe."""
    return json.dumps(message).encode() + b"\n"


def error_out(error: MarqueeError) -> dict[str, Any]:
    """An error as a message."""
    facts = {name: value for name, value in error.facts.items() if name != "seconds"}
    seconds = error.seconds if isinstance(error, TryLaterError) else None
    return {"error": type(error).__name__, "code": error.code, "facts": facts, "seconds": seconds}


def error_in(message: dict[str, Any]) -> MarqueeError:
    """The error that a message tells."""
    family = getattr(errors, str(message["error"]), OurBugError)
    if issubclass(family, TryLaterError):
        return family(message["code"], seconds=message["seconds"] or 0.0, **message["facts"])
    found: MarqueeError = family(message["code"], **message["facts"])
    return found
