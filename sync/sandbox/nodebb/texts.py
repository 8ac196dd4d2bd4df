"""Refusals in NodeBB's words. The English texts are those observed on NodeBB 4.15.1 (API.md section 6); branching on
anything but the status is a client's own risk, since they arrive in the reader's language. Of the Japanese texts one
was observed, the others say the same in our own words.
"""

import re

from sync.sandbox.state.refusal import Absent, Reason, Refused

_R = Reason

STATUS = {
    _R.NOT_ALLOWED: 403,
    _R.NO_THREAD: 404,
    _R.REPORTER_BANNED: 403,
}

KEYS = {
    _R.NOT_ALLOWED: "no-privileges",
    _R.NO_THREAD: "no-topic",
    _R.NO_POST: "no-post",
    _R.NOT_REPORTED: "no-flag",
    _R.NO_ITEM: "no-flag",
    _R.NO_MEMBER: "no-user",
    _R.NO_FORUM: "no-category",
    _R.NO_HOLDER: "no-user-or-group",
    _R.NO_GROUP: "no-group",
    _R.NO_ROOM: "chat-room-does-not-exist",
    _R.INVALID: "invalid-data",
    _R.TOO_SHORT: "content-too-short",
    _R.TOO_LONG: "content-too-long",
    _R.TITLE_TOO_LONG: "title-too-long",
    _R.TOO_MANY_TAGS: "too-many-tags",
    _R.TOO_SOON: "too-many-posts",
    _R.NEWCOMER_TOO_SOON: "too-many-posts-newbie",
    _R.JUST_REGISTERED: "user-too-new",
    _R.LOCKED: "topic-locked",
    _R.HIDDEN_THREAD: "topic-deleted",
    _R.MUTED_MINUTES: "user-muted-for-minutes",
    _R.MUTED_HOURS: "user-muted-for-hours",
    _R.MUTED_FOREVER: "user-muted-indefinitely",
    _R.ALREADY_HIDDEN: "post-already-deleted",
    _R.ALREADY_RESTORED: "post-already-restored",
    _R.THREAD_ALREADY_HIDDEN: "topic-already-deleted",
    _R.THREAD_ALREADY_RESTORED: "topic-already-restored",
    _R.POST_REPORTED_BEFORE: "post-already-flagged",
    _R.MEMBER_REPORTED_BEFORE: "user-already-flagged",
    _R.OWN_ACCOUNT: "cant-flag-self",
    _R.PRIVILEGED_TARGET: "cant-flag-privileged",
    _R.HIDDEN_TARGET: "post-deleted",
    _R.REPORTER_BANNED: "user-banned",
    _R.TOO_MANY_REPORTS: "too-many-post-flags-per-day",
    _R.OPENING_POST: "cant-move-mainpost",
    _R.PURGE_OPENING_POST: "cant-purge-main-post",
    _R.SAME_THREAD: "cant-move-to-same-topic",
    _R.SAME_FORUM: "cant-move-topic-to-same-category",
    _R.THREAD_TOO_LARGE: "cant-move-topic-too-many-posts",
    _R.ADMIN_BAN: "cant-ban-other-admins",
    _R.ADMIN_MUTE: "cant-mute-other-admins",
    _R.MESSAGE_TOO_LONG: "chat-message-too-long",
    _R.EMPTY_MESSAGE: "invalid-chat-message",
    _R.CHAT_CLOSED: "chat-restricted",
    _R.NOBODY_CHOSEN: "no-users-selected",
}

_ENGLISH = {
    "no-privileges": "You do not have enough privileges for this action.",
    "no-topic": "Topic does not exist",
    "no-post": "Post does not exist",
    "no-flag": "Flag does not exist",
    "no-user": "User does not exist",
    "no-category": "Category does not exist",
    "no-group": "Group does not exist",
    "chat-room-does-not-exist": "Chat room does not exist.",
    "invalid-data": "Invalid Data",
    "content-too-short": "Please enter a longer post. Posts should contain at least %1 character(s).",
    "content-too-long": "Please enter a shorter post. Posts can't be longer than %1 character(s).",
    "title-too-long": "Please enter a shorter title. Titles can't be longer than %1 character(s).",
    "too-many-tags": "Too many tags. Topics can't have more than %1 tag(s)",
    "too-many-posts": "You can only post once every %1 second(s) - please wait before posting again",
    "too-many-posts-newbie": (
        "As a new user, you can only post once every %1 second(s) until you have earned %2 reputation"
        " - please wait before posting again"
    ),
    "user-too-new": "Sorry, you are required to wait %1 second(s) before making your first post",
    "topic-locked": "Topic locked",
    "user-muted-for-minutes": "You have been muted, you will be able to post in %1 minute(s)",
    "user-muted-for-hours": "You have been muted, you will be able to post in %1 hour(s)",
    "user-muted-indefinitely": "You have been muted indefinitely",
    "post-already-deleted": "This post has already been deleted",
    "post-already-restored": "This post has already been restored",
    "topic-already-deleted": "This topic has already been deleted",
    "topic-already-restored": "This topic has already been restored",
    "post-already-flagged": "You have already flagged this post",
    "user-already-flagged": "You have already flagged this user",
    "cant-flag-privileged": (
        "You are not allowed to flag the profiles or content of privileged users (moderators/global moderators/admins)"
    ),
    "post-deleted": "Post deleted",
    "user-banned": "User banned",
    "too-many-post-flags-per-day": "You can only flag %1 post(s) per day",
    "cant-purge-main-post": "You can't purge the main post, please delete the topic instead",
    "cant-move-to-same-topic": "Can't move post to same topic!",
    "cant-move-topic-to-same-category": "Can't move topic to the same category!",
    "cant-move-topic-too-many-posts": "Cannot move a topic with more than %1 posts.",
    "cant-ban-other-admins": "You can't ban other admins!",
    "cant-mute-other-admins": "You can't mute other admins!",
    "chat-message-too-long": "Chat messages can not be longer than %1 characters.",
    "invalid-chat-message": "Invalid chat message",
    "chat-restricted": (
        "This user has restricted their chat messages. They must follow you before you can chat with them"
    ),
    "no-users-selected": "No user(s) selected",
    "already-posting": "You are already posting",
    "required-parameters-missing": "Required parameters were missing from this API call: %1",
    "api.400": "Something was wrong with the request payload you passed in.",
    "api.401": "A valid login session was not found. Please log in and try again.",
    "api.403": "You are not authorised to make this call",
    "api.404": "Invalid API call",
    "api.500": "An unexpected error was encountered while attempting to service your request.",
    "api.503": "The route you are trying to call is not currently available due to a server configuration",
    "api.429": "You have made too many requests, please try again later",
    "api.master-token-no-uid": ("A master token was received without a corresponding `_uid` in the request body"),
}

_JAPANESE = {
    "no-privileges": "この操作に必要な権限がありません。",
    "no-topic": "スレッドが見つかりません",
    "no-post": "投稿が見つかりません",
    "no-flag": "通報が見つかりません",
    "content-too-short": "もっと長い投稿を入力してください。投稿には少なくとも%1文字必要です。",
    "content-too-long": "投稿が長すぎます。%1文字以内にしてください。",
    "too-many-posts": "続けて投稿するには%1秒お待ちください。",
    "too-many-posts-newbie": "新しい方は評価が%2になるまで%1秒ごとに1回だけ投稿できます。",
    "user-too-new": "登録してから%1秒たつまで投稿できません。",
    "topic-locked": "このスレッドはロックされています",
    "user-muted-for-minutes": "発言が制限されています。あと%1分お待ちください。",
    "already-posting": "前の投稿を処理しています",
    "post-already-flagged": "この投稿はすでに通報済みです",
    "required-parameters-missing": "必要な項目がありません: %1",
    "invalid-data": "データが正しくありません",
    "api.401": "ログインしていません。ログインしてからやり直してください。",
    "api.404": "そのようなAPIはありません",
    "api.503": "ただいまご利用いただけません",
}


def text(key: str, language: str, *values: object) -> str:
    """The sentence for an error key; a key without words comes out raw, as it does on the platform."""
    table = _JAPANESE if language == "ja" else _ENGLISH
    sentence = table.get(key) or _ENGLISH.get(key)
    if sentence is None:
        return f"[[error:{key}]]"
    for place, value in enumerate(values, 1):
        sentence = sentence.replace(f"%{place}", str(value))
    return sentence


def status_of(refused: Refused) -> int:
    """The status the write API answers with. What an operation misses is 400; what the address names is 404."""
    if isinstance(refused, Absent):
        return 404
    return STATUS.get(refused.reason, 400)


def sentence_of(refused: Refused, language: str) -> str:
    """The refusal in words."""
    return text(KEYS[refused.reason], language, *refused.values)


def language_of(wanted: str, accepted: str) -> str:
    """`en-GB` or `ja`: what the query asks for, else the first known language of Accept-Language."""
    for tag in (wanted, *re.split(r"[,;]\s*", accepted)):
        if tag.lower().startswith("ja"):
            return "ja"
        if tag.lower().startswith("en"):
            return "en-GB"
    return "en-GB"
