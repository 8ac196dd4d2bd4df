"""Texts of NodeBB that prove that nothing happened: they come from checks before anything is stored.

A known text only chooses between later and refused; anything else stays unclear. Sources: ``error.json`` of
``public/language/en-GB`` in NodeBB 4.15.1 (writes ask for ``lang=en-GB``) and recorded answers; some texts arrive as
raw keys.
"""

import re
from typing import NamedTuple

from moderation.errors import MarqueeError, RefusedError, TryLaterError

_SPAN = re.compile(r"(\d+) (second|minute|hour)\(s\)")
_UNIT = {"second": 1, "minute": 60, "hour": 3600}
_BUSY_SECONDS = 2.0


class _Text(NamedTuple):
    """A refusal: its key in ``error.json`` and how its English text begins, both as patterns."""

    code: str
    key: str
    begins: str


_LATER = (
    _Text(
        "post_delay", r"too-many-posts(?:-newbie)?(?:-minutes)?", r"(?:As a new user, y|Y)ou can only post once every "
    ),
    _Text("post_delay", r"user-too-new", r"Sorry, you are required to wait \d+ second"),
    _Text("post_delay", r"too-many-messages", r"You have sent too many messages"),
    _Text("already_posting", r"already-posting", r"You are already posting"),
)
_REFUSED = (
    _Text("text_too_short", r"content-too-short", r"Please enter a longer post\."),
    _Text("text_too_long", r"content-too-long", r"Please enter a shorter post\."),
    _Text("title_too_short", r"title-too-short", r"Please enter a longer title\."),
    _Text("title_too_long", r"title-too-long", r"Please enter a shorter title\."),
    _Text("title_too_long", r"chat-room-name-too-long", r"Chat room name too long\."),
    _Text("text_empty", r"required-parameters-missing", r"Required parameters were missing from this API call"),
    _Text("text_empty", r"invalid-chat-message", r"Invalid chat message"),
    _Text("thread_locked", r"topic-locked", r"Topic locked"),
    _Text("account_muted", r"user-muted-.*", r"You have been muted"),
    _Text("account_banned", r"user-banned.*", r"(?:User banned|Sorry, this account has been banned)"),
    _Text("email_not_confirmed", r"email-not-confirmed", r"Posting in some categories or topics is enabled once your"),
    _Text("email_not_confirmed", r"email-not-confirmed-chat", r"You are unable to chat until your email"),
    _Text("reputation_too_low", r"not-enough-reputation-.*", r"You need -?\d+ reputation to "),
    _Text("forbidden", r"no-privileges", r"You do not have enough privileges for this action"),
    _Text("forum_closed", r"category-disabled", r"Category disabled"),
    _Text("not_there", r"no-(?:post|topic|user|flag|category|chat-room)", r"[A-Z][a-z ]+ does not exist"),
    _Text("already_so", r"post-already-(?:deleted|restored)", r"This post has already been (?:deleted|restored)"),
    _Text("already_so", r"cant-move-topic-to-same-category", r"Can't move topic to the same category"),
    _Text("first_post_stays", r"cant-purge-main-post", r"You can't purge the main post"),
    _Text("thread_scheduled", r"cant-pin-scheduled", r"Scheduled topics cannot be \(un\)pinned"),
    _Text("end_date_wrong", r"(?:invalid-date|ban-expiry-missing)", r"Please provide an end date for this ban"),
    _Text("member_is_administrator", r"cant-(?:ban|mute)-other-admins", r"You can't (?:ban|mute) other admins"),
    _Text("member_takes_no_messages", r"chat-restricted", r"This user has restricted their chat messages"),
    _Text("member_takes_no_messages", r"chat-user-blocked", r"You have been blocked by this user"),
    _Text("messages_switched_off", r"chat-disabled", r"Chat system disabled"),
    _Text("member_is_self", r"cant-chat-with-yourself", r"You can't chat with yourself"),
    _Text("message_too_long", r"chat-message-too-long", r"Chat messages can not be longer than \d+"),
    _Text("too_late_to_edit", r"post-edit-duration-expired.*", r"You are only allowed to edit posts for"),
    _Text("too_late_to_hide", r"post-delete-duration-expired.*", r"You are only allowed to delete posts for"),
)


def _compiled(texts: tuple[_Text, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"\[\[error:{t.key}(?:,.*)?\]\]|{t.begins}", re.DOTALL), t.code) for t in texts)


_LATER_TEXTS = _compiled(_LATER)
_REFUSED_TEXTS = _compiled(_REFUSED)


def meaning(text: str) -> MarqueeError | None:
    """The error that a known text stands for, ``None`` for any other text."""
    for pattern, code in _LATER_TEXTS:
        if pattern.match(text):
            return TryLaterError(code, seconds=_seconds(text), scope="intent")
    for pattern, code in _REFUSED_TEXTS:
        if pattern.match(text):
            return RefusedError(code)
    return None


def _seconds(text: str) -> float:
    found = _SPAN.search(text)
    return float(int(found[1]) * _UNIT[found[2]]) if found else _BUSY_SECONDS
