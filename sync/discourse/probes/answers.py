"""What a Discourse's answer is: itself, its own refusal, or something that stands between.

Every answer of Discourse itself names its route in a header; what a proxy or a protection answers does not.
"""

import re
from datetime import datetime
from typing import Any

from moderation.proof import Look
from sync.discourse.probes.places import Shape
from sync.discourse.reading import is_login
from sync.parts.looking import Seen, strings
from sync.parts.probing import Place

_ACCEPT = {
    Shape.JSON: "application/json",
    Shape.PAGE: "text/html",
    Shape.TEXT: "text/plain, */*",
    Shape.FEED: "application/rss+xml, application/xml",
    Shape.FILE: "*/*",
    Shape.SITEMAP: "application/xml",
}
_REFUSED = frozenset({401, 403, 404, 410})
_KINDS = frozenset({"not_found", "invalid_access", "not_logged_in"})
_OWN_PAGE = re.compile(r'<meta name="generator" content="Discourse')
_DOCUMENTS = {
    Shape.FEED: re.compile(r"^[^<]*(?:<\?xml[^>]*>)?\s*<rss\b.*<channel>.*</rss>\s*$", re.DOTALL),
    Shape.SITEMAP: re.compile(r"<(?:urlset|sitemapindex)\b.*</(?:urlset|sitemapindex)>", re.DOTALL),
    Shape.PAGE: _OWN_PAGE,
}
_STORAGE_REFUSALS = re.compile(r"<Code>(?:NoSuchKey|AccessDenied)</Code>")
_ROUTE = "x-discourse-route"


def accept(place: Place) -> str:
    """The header with which a place is asked."""
    return _ACCEPT[Shape(place.shape)]


def look(seen: Seen, place: Place, at: datetime) -> Look:
    """An answer as the judgement needs it."""
    value, shape = seen.json, Shape(place.shape)
    refused = not seen.trouble and _refused(seen, value, shape)
    shaped = not seen.trouble and not refused and seen.status == 200 and _shaped(seen, value, place)
    return Look(
        request=seen.request,
        at=at,
        status=seen.status,
        trouble=seen.trouble,
        refused=refused,
        shaped=shaped,
        content=shaped and shape is Shape.FILE,
        texts=() if seen.trouble or shape is Shape.FILE else (*_texts(seen, value, place), *seen.hops),
        digest=seen.digest,
    )


def _refused(seen: Seen, value: Any, shape: Shape) -> bool:
    if any(is_login(hop) for hop in seen.hops):
        return True
    if seen.status not in _REFUSED:
        return False
    if isinstance(value, dict):
        return value.get("error_type") in _KINDS or _ROUTE in seen.headers
    if shape is Shape.FILE and "xml" in seen.media_type:
        return _STORAGE_REFUSALS.search(seen.text) is not None
    return _ROUTE in seen.headers or _OWN_PAGE.search(seen.text) is not None


def _shaped(seen: Seen, value: Any, place: Place) -> bool:
    shape = Shape(place.shape)
    if shape is Shape.JSON:
        return isinstance(value, dict | list) and all(key in value for key in place.keys)
    if shape is Shape.TEXT:
        return seen.media_type == "text/plain" and _ROUTE in seen.headers
    if shape is Shape.FILE:
        return seen.media_type != "text/html" and bool(seen.body)
    return _DOCUMENTS[shape].search(seen.text) is not None


def _texts(seen: Seen, value: Any, place: Place) -> tuple[str, ...]:
    if value is None:
        return (seen.text,) if seen.text.strip() else ()
    if isinstance(value, dict) and place.only:
        value = [value.get(key) for key in place.only]
    return tuple(strings(value))
