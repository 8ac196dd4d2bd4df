"""What a connector can do: one member here = one protocol in ``sync/connector.py``."""

from enum import StrEnum


class Capability(StrEnum):
    """An ability that a connector declares; actions name the ones that they need."""

    IDENTIFY = "identify"
    PULL = "pull"
    DECIDE_REPORTS = "decide_reports"
    ASSIGN = "assign"
    NOTE = "note"
    HIDE_POSTS = "hide_posts"
    PURGE_POSTS = "purge_posts"
    EDIT_POSTS = "edit_posts"
    LOCK_THREADS = "lock_threads"
    PIN_THREADS = "pin_threads"
    MOVE_THREADS = "move_threads"
    BAN_MEMBERS = "ban_members"
    MUTE_MEMBERS = "mute_members"
    DECIDE_HELD = "decide_held"
    EDIT_HELD = "edit_held"
    NOTIFY_HELD = "notify_held"
    MESSAGE = "message"
    REPLY = "reply"
    COMPANY_VOICE = "company_voice"
