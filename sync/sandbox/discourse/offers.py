"""What may be done to a reviewable, as the server offers it: bundles of actions, labels in the caller's language."""

from dataclasses import dataclass

from sync.sandbox.discourse import queue_state
from sync.sandbox.discourse.access import is_staff
from sync.sandbox.discourse.extras import PENDING, REJECTED, Queued, extras
from sync.sandbox.discourse.wire import Json
from sync.sandbox.state import rights
from sync.sandbox.state.records import Item, Post
from sync.sandbox.state.store import State

_CLIENT = {"agree_and_edit": "edit", "agree_and_silence": "silence", "agree_and_suspend": "suspend", "scrub": "scrub"}
_WORDS = {
    "agree_and_hide": ("Hide post", "投稿を非表示にする", "far-eye-slash"),
    "agree_and_keep": ("Keep post", "投稿を残す", "far-eye"),
    "agree_and_keep_hidden": ("Keep post hidden", "投稿を非表示のままにする", "far-eye-slash"),
    "agree_and_keep_deleted": ("Keep post deleted", "投稿を削除したままにする", "trash-can"),
    "agree_and_restore": ("Restore post", "投稿を復元する", "arrow-rotate-left"),
    "agree_and_edit": ("Edit post", "投稿を編集する", "pencil"),
    "delete_and_agree": ("Delete post", "投稿を削除する", "trash-can"),
    "delete_and_agree_replies": ("Delete post and replies", "投稿と返信を削除する", "trash-can"),
    "agree_and_silence": ("Silence user", "ユーザーを発言禁止にする", "microphone-slash"),
    "agree_and_suspend": ("Suspend user", "ユーザーを凍結する", "ban"),
    "disagree": ("Keep post, flag was wrong", "投稿を残す(通報は誤り)", "far-eye"),
    "disagree_and_restore": ("Restore post, flag was wrong", "投稿を復元する(通報は誤り)", "far-eye"),
    "disagree_and_keep_deleted": ("Keep deleted, flag was wrong", "削除したまま(通報は誤り)", "trash-can"),
    "ignore_and_do_nothing": ("Ignore flag", "通報を無視する", "xmark"),
    "delete_and_ignore": ("Ignore flag and delete post", "通報を無視して投稿を削除", "trash-can"),
    "delete_and_ignore_replies": ("Ignore flag, delete post and replies", "通報を無視し返信も削除", "trash-can"),
    "approve_post": ("Approve", "承認する", "check"),
    "approve_post_closed": ("Approve in the closed topic", "終了したトピックで承認する", "check"),
    "reject_post": ("Reject post", "投稿を却下する", "xmark"),
    "revise_and_reject_post": ("Revise and reject post", "書き直しを求めて却下する", "envelope"),
    "delete": ("Delete", "削除する", "trash-can"),
    "approve_user": ("Approve user", "ユーザーを承認する", "user-plus"),
    "delete_user": ("Delete user", "ユーザーを削除する", "user-xmark"),
    "delete_user_block": ("Delete and block user", "ユーザーを削除してブロックする", "ban"),
    "confirm_match": ("Picture shows it, <b>remove</b>", "画像を<b>削除</b>する", "trash-can"),
    "dismiss_match": ("No match", "一致しない", "xmark"),
}
_BUNDLES = {
    "agree": ("Agree", "賛成", "thumbs-up"),
    "disagree": ("Disagree", "反対", "far-eye"),
    "ignore": ("Ignore", "無視", "xmark"),
    "reject-post": ("Reject", "却下", "xmark"),
    "reject_user": ("Delete user…", "ユーザーを削除…", "user-xmark"),
}
_ASKS_REASON = ("delete_user", "delete_user_block")
_BETWEEN = "post-"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Actions under one button; a bundle of one has no label."""

    name: str
    actions: tuple[str, ...]


def offered(state: State, uid: int, one: Item | Queued) -> list[Bundle]:
    """What the caller may do to it now; nothing to what was decided, but a rejected post can still be approved."""
    if isinstance(one, Queued):
        return _on_queued(state, uid, one)
    if queue_state.status_of(state, one) != PENDING:
        return []
    if one.kind == "user":
        return [Bundle("approve_user", ("approve_user",)), Bundle("reject_user", _ASKS_REASON)]
    post = state.tables.posts.get(one.target)
    found = _on_post(state, uid, post) if post else [Bundle("ignore", ("ignore_and_do_nothing",))]
    return [bundle for bundle in found if bundle.actions]


def names(bundles: list[Bundle]) -> set[str]:
    """All that is offered."""
    return {action for bundle in bundles for action in bundle.actions}


def by_release(bundles: list[Bundle], release: str) -> list[Bundle]:
    """Before 2026 ignoring stood in a bundle of its own, and simply was `ignore`."""
    if release != "2025":
        return bundles
    shown = []
    for bundle in bundles:
        ignoring = tuple(a for a in bundle.actions if "ignore" in a)
        rest = tuple(a for a in bundle.actions if a not in ignoring)
        shown += [Bundle(bundle.name, rest)] if rest else []
        shown += [Bundle("ignore", ignoring)] if ignoring else []
    return shown


def written(ident: int, bundles: list[Bundle], language: str, release: str) -> tuple[list[Json], list[Json]]:
    """Bundles and actions on the wire."""
    shown: list[Json] = []
    actions: list[Json] = []
    for bundle in bundles:
        between = _BETWEEN if release != "2025" and bundle.name in ("agree", "disagree") else ""
        row: Json = {"id": f"{ident}-{bundle.name}"}
        if bundle.name in _BUNDLES:
            row |= {"icon": _BUNDLES[bundle.name][2], "label": _said(_BUNDLES[bundle.name], language)}
        row["action_ids"] = [f"{ident}-{between}{action}" for action in bundle.actions]
        shown.append(row)
        actions += [_action(ident, between, action, language) for action in bundle.actions]
    return shown, actions


def _action(ident: int, between: str, action: str, language: str) -> Json:
    row: Json = {
        "id": f"{ident}-{between}{action}",
        "action_name": f"{between}{action}",
        "icon": _WORDS[action][2],
        "button_class": None,
        "label": _said(_WORDS[action], language),
        "server_action": action,
        "completed_message": None,
    }
    if action in _CLIENT:
        row["client_action"] = _CLIENT[action]
    if action in _ASKS_REASON:
        row |= {"require_reject_reason": True, "confirm_destructive": True}
    if action.endswith("_replies"):
        row["confirm_message"] = row["label"]
    return row


def _said(words: tuple[str, str, str], language: str) -> str:
    return words[1] if language == "ja" else words[0]


def _on_queued(state: State, uid: int, one: Queued) -> list[Bundle]:
    if one.type == queue_state.PLUGIN_TYPE:
        found = [Bundle("confirm_match", ("confirm_match",)), Bundle("dismiss_match", ("dismiss_match",))]
        return found if one.status == PENDING else []
    thread = state.tables.threads.get(one.held.thread)
    approve = "approve_post_closed" if thread is not None and thread.locked else "approve_post"
    first = Bundle(approve, (approve,))
    if one.status == REJECTED:
        return [first]
    if one.status != PENDING:
        return []
    found = [first, Bundle("reject-post", ("reject_post", "revise_and_reject_post")), Bundle("delete", ("delete",))]
    return found + _on_author(state, uid, one.held.author)


def _on_post(state: State, uid: int, post: Post) -> list[Bundle]:
    veiled = post.id in extras(state).veiled
    if post.hidden and not veiled:
        agree: tuple[str, ...] = ("agree_and_keep_deleted", "agree_and_restore")
        disagree: tuple[str, ...] = ("disagree_and_keep_deleted", "disagree_and_restore", "ignore_and_do_nothing")
        return [Bundle("agree", agree), Bundle("disagree", disagree)]
    agree = ("agree_and_keep_hidden",) if veiled else ("agree_and_hide", "agree_and_keep")
    agree += ("agree_and_edit", "delete_and_agree")
    disagree = ("disagree_and_restore",) if veiled else ("disagree", "ignore_and_do_nothing")
    disagree += ("delete_and_ignore",)
    if any(ident in state.tables.posts for ident in post.answers):
        agree, disagree = (*agree, "delete_and_agree_replies"), (*disagree, "delete_and_ignore_replies")
    if is_staff(state, uid) and not rights.is_above(state, post.author):
        agree += ("agree_and_silence", "agree_and_suspend")
    return [Bundle("agree", agree), Bundle("disagree", disagree), *_on_author(state, uid, post.author)]


def _on_author(state: State, uid: int, author: int) -> list[Bundle]:
    member = state.tables.members.get(author)
    may = is_staff(state, uid) and member is not None and member.posts < 5 and not rights.is_privileged(state, author)
    return [Bundle("reject_user", _ASKS_REASON)] if may else []
