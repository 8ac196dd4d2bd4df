"""The list of everything that can be done in the window: what buttons, keys, menu, palette and key sheet show.

The words of a verb stand in ``resources/messages``: ``label_ID`` on buttons, ``hint_ID`` on the key sheet.
"""

from dataclasses import dataclass
from enum import StrEnum

from moderation.actions import Action, Weight


class Group(StrEnum):
    """Where a verb stands on the key sheet; its title is ``group_NAME``."""

    MOVE = "move"
    DECIDE = "decide"
    TALK = "talk"
    TAKE_AWAY = "take_away"
    TAKE_BACK = "take_back"
    VIEW = "view"


class Scope(StrEnum):
    """Where its key works: in the whole window, only in list and thread, or in a widget that looks for it itself."""

    WINDOW = "window"
    READING = "reading"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to do. ``keys`` in Qt's portable form; ``weight`` decides which keys it may be given."""

    id: str
    group: Group
    icon: str
    keys: tuple[str, ...] = ()
    scope: Scope = Scope.WINDOW
    action: Action | None = None
    weight: Weight = Weight.HARMLESS


_G, _S, _A, _W = Group, Scope, Action, Weight

_VERBS: tuple[Verb, ...] = (
    Verb("next", _G.MOVE, "chevron-down", ("J",)),
    Verb("previous", _G.MOVE, "chevron-up", ("K",)),
    Verb("first", _G.MOVE, "arrow-bar-to-up", ("Home",), scope=_S.READING),
    Verb("before", _G.MOVE, "chevron-up", ("[",)),
    Verb("after", _G.MOVE, "chevron-down", ("]",)),
    Verb("read_on", _G.MOVE, "chevron-down", ("Space",), scope=_S.READING),
    Verb("pane", _G.MOVE, "layout-columns", ("F6",)),
    Verb("go", _G.MOVE, "arrow-bar-to-up", ("G",)),
    Verb("go_queue", _G.MOVE, "inbox", ("G, Q",), scope=_S.OWN),
    Verb("go_mine", _G.MOVE, "user-circle", ("G, M",), scope=_S.OWN),
    Verb("go_held", _G.MOVE, "clock-pause", ("G, H",), scope=_S.OWN),
    Verb("go_later", _G.MOVE, "clock", ("G, L",), scope=_S.OWN),
    Verb("go_exposed", _G.MOVE, "alert-triangle", ("G, E",), scope=_S.OWN),
    Verb("go_cases", _G.MOVE, "users", ("G, P",), scope=_S.OWN),
    Verb("go_outbox", _G.MOVE, "send", ("G, O",), scope=_S.OWN),
    Verb("go_following", _G.MOVE, "grid-dots", ("G, F",), scope=_S.OWN),
    Verb("go_coverage", _G.MOVE, "chart-histogram", ("G, V",), scope=_S.OWN),
    Verb("alarms", _G.MOVE, "bell", ("Alt+N",)),
    Verb("settings", _G.MOVE, "settings", ("G, S",), scope=_S.OWN),
    Verb("keep", _G.DECIDE, "check", ("E",), action=_A.DISMISS),
    Verb("approve", _G.DECIDE, "check", ("A",), action=_A.APPROVE),
    Verb("resolve", _G.DECIDE, "clipboard-check", ("V",), action=_A.RESOLVE),
    Verb("take", _G.DECIDE, "user-check", ("T",), action=_A.TAKE),
    Verb("reopen", _G.DECIDE, "refresh", ("U",), action=_A.REOPEN),
    Verb("skip", _G.DECIDE, "chevron-down", ("S",)),
    Verb("later", _G.DECIDE, "clock", ("L",)),
    Verb("not_private", _G.DECIDE, "eye", ("D",)),
    Verb("mark", _G.DECIDE, "check", ("X",)),
    Verb("unmark", _G.DECIDE, "x", ("Shift+X",)),
    Verb("bulk_pause", _G.DECIDE, "clock-pause", ("Shift+P",)),
    Verb("reason", _G.DECIDE, "list", ("1 … 9",), scope=_S.OWN),
    Verb("convert", _G.TALK, "shield-lock", ("P",)),
    Verb("reply", _G.TALK, "message-reply", ("R",), action=_A.REPLY),
    Verb("note", _G.TALK, "note", ("N",), action=_A.NOTE),
    Verb("bring_back", _G.TALK, "world", ("B",)),
    Verb("quote", _G.TALK, "quote", ("Q",)),
    Verb("post", _G.TALK, "send", ("Ctrl+Return",), scope=_S.OWN),
    Verb("audience", _G.TALK, "users", ("Alt P/C/S",), scope=_S.OWN),
    Verb("identity", _G.TALK, "user-circle", ("Alt+A",), scope=_S.OWN),
    Verb("snippet", _G.TALK, "note", ("Ctrl+J",), scope=_S.OWN),
    Verb("finding", _G.TALK, "alert-triangle", ("F8",), scope=_S.OWN),
    Verb("hide", _G.TAKE_AWAY, "eye-off", ("Shift+H",), action=_A.HIDE, weight=_W.TAKES_AWAY),
    Verb("reject", _G.TAKE_AWAY, "x", ("Shift+R",), action=_A.REJECT, weight=_W.TAKES_AWAY),
    Verb("edit", _G.TAKE_AWAY, "pencil", ("Shift+E",), action=_A.EDIT, weight=_W.TAKES_AWAY),
    Verb("lock", _G.TAKE_AWAY, "lock", ("Shift+L",), action=_A.LOCK, weight=_W.TAKES_AWAY),
    Verb("mute", _G.TAKE_AWAY, "volume-off", ("Shift+M",), action=_A.MUTE, weight=_W.TAKES_AWAY),
    Verb("ban", _G.TAKE_AWAY, "ban", ("Ctrl+Shift+B",), action=_A.BAN, weight=_W.FINAL),
    Verb("purge", _G.TAKE_AWAY, "trash", ("Ctrl+Shift+Del",), action=_A.PURGE, weight=_W.FINAL),
    Verb("hide_seen", _G.TAKE_AWAY, "eye-off", ("Shift+W",), weight=_W.TAKES_AWAY),
    Verb("undo", _G.TAKE_BACK, "arrow-back-up", ("Z",)),
    Verb("all_back", _G.TAKE_BACK, "arrow-back-up-double", ("Shift+Esc",)),
    Verb("redo", _G.TAKE_BACK, "arrow-forward-up-double", ("Shift+Z",)),
    Verb("restore", _G.TAKE_BACK, "eye", ("Shift+U",), action=_A.RESTORE),
    Verb("unlock", _G.TAKE_BACK, "lock-open", ("Alt+L",), action=_A.UNLOCK),
    Verb("unmute", _G.TAKE_BACK, "volume", ("Alt+M",), action=_A.UNMUTE),
    Verb("unban", _G.TAKE_BACK, "user-check", ("Alt+B",), action=_A.UNBAN),
    Verb("follow", _G.VIEW, "eye", ("W",)),
    Verb("follow_thread", _G.VIEW, "eye", ("Alt+F",)),
    Verb("hand_over", _G.VIEW, "transfer", ("H",)),
    Verb("presence", _G.VIEW, "id-badge-2", ("Shift+G",)),
    Verb("accept_request", _G.VIEW, "check", ("Shift+A",)),
    Verb("decline_request", _G.VIEW, "x", ("Shift+N",)),
    Verb("open_rows", _G.VIEW, "list", ("Return",), scope=_S.OWN),
    Verb("export", _G.VIEW, "external-link", ("Ctrl+E",)),
    Verb("definition", _G.VIEW, "help-circle", ("F1",)),
    Verb("claim", _G.VIEW, "user-check", ("C",)),
    Verb("pin", _G.VIEW, "pin", ("Shift+T",), action=_A.PIN),
    Verb("unpin", _G.VIEW, "pinned-off", ("Alt+T",), action=_A.UNPIN),
    Verb("move", _G.VIEW, "transfer", ("Shift+F",), action=_A.MOVE),
    Verb("other_side", _G.VIEW, "world", ("Shift+O",)),
    Verb("drawer", _G.VIEW, "id-badge-2", ("I",)),
    Verb("history", _G.VIEW, "history", ("Shift+I",)),
    Verb("prove", _G.VIEW, "eye", ("Alt+W",)),
    Verb("show_proof", _G.VIEW, "list", ("Alt+I",)),
    Verb("pictures", _G.VIEW, "photo-off", ("Shift+V",)),
    Verb("filter", _G.VIEW, "filter", ("F",)),
    Verb("search", _G.VIEW, "search", ("/",)),
    Verb("palette", _G.VIEW, "search", ("Ctrl+K",)),
    Verb("browser", _G.VIEW, "external-link", ("O",)),
    Verb("copy_link", _G.VIEW, "link", ("Y",)),
    Verb("refresh", _G.VIEW, "refresh", ("Ctrl+R",)),
    Verb("add_community", _G.VIEW, "plus", ("Ctrl+N",)),
    Verb("sign_in", _G.VIEW, "key", ("Ctrl+L",)),
    Verb("community_menu", _G.VIEW, "users", ("Ctrl+Shift+A",)),
    Verb("menu", _G.VIEW, "list", ("F10",)),
    Verb("more", _G.VIEW, "dots", ("M",)),
    Verb("keys", _G.VIEW, "help-circle", ("?",)),
    Verb("quit", _G.VIEW, "x", ("Ctrl+Q",)),
)

VERBS: dict[str, Verb] = {verb.id: verb for verb in _VERBS}
# Verbs that act on the item at hand; the others belong to the window.
ITEM_VERBS = tuple(verb.id for verb in _VERBS if verb.action is not None)
ASKS_WHY = frozenset({"hide", "reject", "lock", "mute", "ban", "purge"})
VERB_OF_ACTION: dict[Action, str] = {verb.action: verb.id for verb in _VERBS if verb.action is not None}
