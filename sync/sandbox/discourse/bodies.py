"""Bodies and queries as parameters: JSON, forms, and forms in parts, which may hold files."""

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import NamedTuple
from urllib.parse import parse_qsl

from sync.sandbox.discourse.wire import Json


class File(NamedTuple):
    """A file that was sent."""

    name: str
    content: bytes


def parameters(raw: str) -> Json:
    """`a=1&b[]=2&c[d]=3` taken apart as Rails does."""
    found: Json = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        _put(found, name, value)
    return found


def body_of(raw: bytes, content_type: str) -> Json:
    """A body's parameters; what cannot be read holds none."""
    if not raw:
        return {}
    if content_type.startswith("multipart/"):
        return _parts(raw, content_type)
    words = raw.decode("utf-8", "replace")
    if "json" not in content_type:
        return parameters(words)
    try:
        found = json.loads(words)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _parts(raw: bytes, content_type: str) -> Json:
    """A form in parts; those with a file name are files."""
    message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + raw, policy=HTTP)
    found: Json = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            file = part.get_filename()
            _put(found, name, File(file, content) if file else content.decode("utf-8", "replace"))
    return found


def _put(into: Json, path: str, value: str | File) -> None:
    _put_at(into, [part.rstrip("]") for part in path.split("[")], value)


def _put_at(into: Json, names: list[str], value: str | File) -> None:
    name, *inner = names
    if not inner:
        into[name] = value
    elif inner[0] == "":
        into.setdefault(name, [])
        into[name] = [*(into[name] if isinstance(into[name], list) else []), value]
    else:
        deeper = into.setdefault(name, {})
        if isinstance(deeper, dict):
            _put_at(deeper, inner, value)
