"""Reading a request's body as Express does: JSON or form, and a 500 for what cannot be read."""

import json
from urllib.parse import parse_qsl

LARGEST = 1_000_000


class Unreadable(Exception):  # noqa: N818 - reads as what happened
    """The body cannot be read; the message is the one that Node gives."""


def read(raw: bytes, content_type: str) -> object:
    """The body's content, or None without one."""
    if not raw:
        return None
    if len(raw) > LARGEST:
        raise Unreadable("request entity too large")
    if "urlencoded" in content_type:
        return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    if "multipart" in content_type:
        return raw.decode("latin-1")
    if "json" not in content_type:
        return None
    words = raw.decode("utf-8", "replace")
    try:
        return json.loads(words)
    except ValueError as trouble:
        raise Unreadable(_in_the_words_of_node(words, trouble)) from trouble


def _in_the_words_of_node(words: str, trouble: ValueError) -> str:
    message = trouble.msg if isinstance(trouble, json.JSONDecodeError) else ""
    place = trouble.pos if isinstance(trouble, json.JSONDecodeError) else 0
    if message.startswith("Unterminated string"):
        place = len(words)
        return f"Unterminated string in JSON at position {place} {_where(words, place)}"
    if place >= len(words) and not message.startswith("Expecting ','"):
        return "Unexpected end of JSON input"
    if message.startswith("Expecting property name"):
        return f"Expected property name or '}}' in JSON at position {place} {_where(words, place)}"
    if message.startswith("Expecting ',' delimiter"):
        return f"Expected ',' or '}}' after property value in JSON at position {place} {_where(words, place)}"
    shown = words if len(words) <= 20 else f"{words[:20]}..."
    return f"Unexpected token '{words[place]}', \"{shown}\" is not valid JSON"


def _where(words: str, place: int) -> str:
    line = words.count("\n", 0, place) + 1
    column = place - (words.rfind("\n", 0, place) + 1) + 1
    return f"(line {line} column {column})"
