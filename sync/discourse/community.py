"""Is this a Discourse, and which: recognising it, and what it says of itself."""

from moderation.content import TAGS_MESSAGES, CommunityInfo
from moderation.errors import MarqueeError, NotAllowedError, PayloadError, SignInError, TryLaterError
from sync.connector import Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decoders import ABOUT, BASIC_INFO, SITE
from sync.discourse.payloads import BasicInfoP
from sync.discourse.reading import Reader, decoded

MOST_IN_A_POST = 32000


def basic_info(reader: Reader) -> BasicInfoP | None:
    """``/site/basic-info.json``, ``None`` when what answers there is no Discourse.

    Raises ``TryLaterError`` when the server is in trouble, which says nothing about what it is.
    """
    answer = reader.raw(endpoints.BASIC_INFO, Urgency.PERSON)
    if answer.status >= 500:
        raise TryLaterError("server_error", status=answer.status, endpoint=answer.path)
    if not answer.ok or not answer.is_json:
        return None
    try:
        info = decoded(answer.body, BASIC_INFO, answer.path)
    except PayloadError:
        return None
    told = (info.login_required, info.header_primary_color, info.header_background_color, info.logo_url,
            info.mobile_logo_url, info.apple_touch_icon_url)  # fmt: skip
    return info if any(one is not None for one in told) else None


def community_info(context: Context) -> CommunityInfo:
    """What the community says of itself; ``not_a_community`` otherwise."""
    info = basic_info(context.guest)
    if info is None:
        raise NotAllowedError("not_a_community", url=context.base_url)
    return CommunityInfo(
        name=context.names.community,
        platform="discourse",
        version=_version(context.reader),
        url=context.base_url,
        title=info.title or "Discourse",
        max_post_length=MOST_IN_A_POST,
        extra={
            "login_required": "yes" if info.login_required else "no",
            "locale": info.locale,
            "default_level": "normal",
            TAGS_MESSAGES: "yes" if _tags_messages(context.reader) else "no",
        },
    )


def _tags_messages(reader: Reader) -> bool:
    """True where this account may give a message a new tag; where that is not told, it may not."""
    try:
        site = reader.get(endpoints.SITE, SITE, Urgency.PERSON).value
    except (SignInError, TryLaterError):
        raise
    except MarqueeError:
        return False
    return site.can_tag_pms and site.can_create_tag


def _version(reader: Reader) -> str:
    """The version from ``/about.json``, empty where the site does not tell."""
    try:
        return reader.get(endpoints.ABOUT, ABOUT, Urgency.PERSON).value.about.version
    except (SignInError, TryLaterError):
        raise
    except MarqueeError:
        return ""
