"""Answers recorded from a NodeBB 4.15.1, secrets removed."""

import json
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.json import Decoder

T = TypeVar("T")
FOLDER = Path(__file__).parent / "recordings"


def recording(name: str) -> dict[str, Any]:
    """Request, status and body of a recording."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def body(name: str) -> bytes:
    """The body as bytes."""
    return msgspec.json.encode(recording(name)["body"])


def message(name: str) -> str:
    """The text of a refusal."""
    return str(recording(name)["body"]["status"]["message"])


def decoded(name: str, decoder: Decoder[T]) -> T:
    """The body, decoded."""
    return decoder.decode(body(name))
