"""Is this a NodeBB, and which: recognising it, and what it says of itself."""

from moderation.content import CommunityInfo
from moderation.errors import MarqueeError, NotAllowedError, PayloadError, TryLaterError
from sync.connector import Urgency
from sync.http.answer import Answer
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decode import unescaped
from sync.nodebb.decoders import CONFIG, NODEINFO
from sync.nodebb.payloads import ConfigP
from sync.nodebb.reading import Reader, decoded


def read_config(reader: Reader) -> ConfigP | None:
    """``/api/config``, ``None`` when what answers there is no NodeBB.

    Raises ``TryLaterError`` when the server is in trouble, which says nothing about what it is.
    """
    answer: Answer = reader.raw(endpoints.CONFIG, Urgency.PERSON)
    if answer.status >= 500:
        raise TryLaterError("server_error", status=answer.status, endpoint=answer.path)
    if not answer.ok or not answer.is_json:
        return None
    try:
        return decoded(answer.body, CONFIG, answer.path)
    except PayloadError:
        return None


def community_info(context: Context) -> CommunityInfo:
    """What the community says of itself, read as an anonymous visitor; ``not_a_community`` otherwise."""
    config = read_config(context.guest)
    if config is None:
        raise NotAllowedError("not_a_community", url=context.base_url)
    title = config.siteTitle or config.browserTitle or "NodeBB"
    return CommunityInfo(
        name=context.names.community,
        platform="nodebb",
        version=_version(context.guest),
        url=context.base_url,
        title=unescaped(title),
        min_post_length=config.minimumPostLength,
        max_post_length=config.maximumPostLength,
        title_max_length=config.maximumTitleLength,
        extra={
            "max_message_length": str(config.maximumChatMessageLength),
            "post_queue": "on" if config.postQueue else "off",
            "maintenance": "on" if config.maintenanceMode else "off",
            "default_level": "tracking",  # out of the box; no call tells what an administrator made of it
            "follow_descends": "yes",
        },
    )


def _version(reader: Reader) -> str:
    """The version from ``/nodeinfo/2.0``, empty where the site does not tell."""
    try:
        return reader.get(endpoints.NODEINFO, NODEINFO, Urgency.PERSON).value.software.version
    except TryLaterError:
        raise
    except MarqueeError:
        return ""
