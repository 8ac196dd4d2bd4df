"""What a NodeBB's answer is: itself, its own refusal, or something that stands between."""

import re
from datetime import datetime
from typing import Any

from moderation.proof import Look
from sync.nodebb.probes.places import Shape
from sync.parts.looking import Seen, strings
from sync.parts.probing import Place

_ACCEPT = {
    Shape.JSON: "application/json",
    Shape.PAGE: "text/html",
    Shape.FEED: "application/rss+xml, application/xml",
    Shape.NOTE: "application/activity+json",
    Shape.FILE: "*/*",
    Shape.SITEMAP: "application/xml",
}
_BARE = {401: "unauthorized", 403: "forbidden", 404: "not found"}
"""What Express answers where no page is drawn."""
_ENVELOPE_CODES = frozenset({"not-found", "forbidden", "not-authorised"})
_REFUSED = frozenset({401, 403, 404, 410})
_NEEDED: dict[Shape, tuple[str, ...]] = {Shape.JSON: (), Shape.NOTE: ("@context",)}
_DOCUMENTS = {
    Shape.FEED: re.compile(r"^[^<]*(?:<\?xml[^>]*>)?\s*<rss\b.*<channel>.*</rss>\s*$", re.DOTALL),
    Shape.SITEMAP: re.compile(r"<(?:urlset|sitemapindex)\b.*</(?:urlset|sitemapindex)>", re.DOTALL),
    Shape.PAGE: re.compile(r'<script id="ajaxify-data"'),
}
_REFUSAL_PAGE = re.compile(r"page-status-(?:401|403|404)")
_STORAGE_REFUSALS = re.compile(r"<Code>(?:NoSuchKey|AccessDenied)</Code>")
_TOO_LITTLE = re.compile(r"^\s*$")


def accept(place: Place) -> str:
    """The header with which a place is asked."""
    return _ACCEPT[Shape(place.shape)]


def look(seen: Seen, place: Place, at: datetime) -> Look:
    """An answer as the judgement needs it."""
    value = seen.json
    refused = not seen.trouble and _refused(seen, value, Shape(place.shape))
    shaped = not seen.trouble and not refused and seen.status == 200 and _shaped(seen, value, place)
    return Look(
        request=seen.request,
        at=at,
        status=seen.status,
        trouble=seen.trouble,
        refused=refused,
        shaped=shaped,
        content=shaped and place.shape == Shape.FILE,
        texts=() if seen.trouble else (*_texts(seen, value, place), *seen.hops),
        digest=seen.digest,
    )


def _refused(seen: Seen, value: Any, shape: Shape) -> bool:
    if any(hop.split("?")[0] == "/login" for hop in seen.hops):
        return True
    if isinstance(value, dict):
        return _refuses(seen, value)
    if isinstance(value, str) and seen.status in _REFUSED:
        return value.startswith("[[error:") or value == "not-found"
    if seen.media_type == "text/plain":
        return seen.text.strip().lower() == _BARE.get(seen.status)
    if seen.status in _REFUSED and shape is Shape.FILE and "xml" in seen.media_type:
        return _STORAGE_REFUSALS.search(seen.text) is not None
    return seen.status in _REFUSED and _REFUSAL_PAGE.search(seen.text) is not None


def _refuses(seen: Seen, value: dict[str, Any]) -> bool:
    """An envelope of the write API, or what stands for an error page in the page API."""
    status = value.get("status")
    if isinstance(status, dict):
        missing = seen.status == 400 and str(status.get("message", "")).startswith("[[error:")
        return missing or (seen.status in _REFUSED and status.get("code") in _ENVELOPE_CODES)
    return seen.status in _REFUSED and "path" in value and "title" in value


def _shaped(seen: Seen, value: Any, place: Place) -> bool:
    shape = Shape(place.shape)
    if shape is Shape.JSON and not place.keys:
        return isinstance(value, list | dict)
    if shape in _NEEDED:
        needed = place.keys or _NEEDED[shape]
        return isinstance(value, dict) and all(key in value for key in needed)
    if shape is Shape.FILE:
        return seen.media_type != "text/html" and bool(seen.body)
    return _DOCUMENTS[shape].search(seen.text) is not None


def _texts(seen: Seen, value: Any, place: Place) -> tuple[str, ...]:
    if place.shape == Shape.FILE:
        return ()
    if value is None:
        return (seen.text,) if not _TOO_LITTLE.match(seen.text) else ()
    if isinstance(value, dict) and place.only:
        value = [value.get(key) for key in place.only]
    return tuple(strings(value, without=frozenset({"path"})))
