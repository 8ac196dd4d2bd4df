"""Reviewables on the wire, with the lists that stand beside them."""

import html

from sync.sandbox.discourse import markup, offers, people, queue_state, stream
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import PENDING, Line, Queued, extras
from sync.sandbox.discourse.show_posts import slug
from sync.sandbox.discourse.show_topics import brief, tags
from sync.sandbox.discourse.wire import Json, iso, maybe_iso
from sync.sandbox.state.records import Item, Report, Thread
from sync.sandbox.state.store import State

TYPES = (queue_state.FLAGGED, queue_state.QUEUED, queue_state.USER, "ReviewablePost")
SCORE_TYPES = {
    3: ("off_topic", "It's off-topic", "話題と関係がない"),
    4: ("inappropriate", "It's inappropriate", "不適切である"),
    7: ("notify_moderators", "Something else", "その他"),
    8: ("spam", "It's spam", "スパムである"),
    10: ("illegal", "It's illegal", "違法である"),
    9: ("needs_approval", "Needs approval", "承認が必要"),
}
_SIGNS = {
    8: ("spam", "advert", "スパム", "宣伝", "広告"),
    3: ("off topic", "wrong forum", "duplicate", "関係", "重複"),
    4: ("harass", "insult", "rude", "threat", "offens", "inappropriate", "攻撃", "嫌がらせ", "きつい"),
}
_EACH = 1000
_CLAIMS = 50_000_000
_SIDES = (
    "users", "topics", "reviewable_scores", "score_types", "bundled_actions", "actions", "reviewable_notes",
    "reviewable_histories", "reviewable_conversations", "conversation_posts",
)  # fmt: skip


def score_type(reason: str) -> int:
    """The kind of flag that a complaint in words amounts to."""
    low = reason.lower()
    return next((kind for kind, signs in _SIGNS.items() if any(sign in low for sign in signs)), 7)


def report_score(state: State, report: Report) -> float:
    """What one complaint weighs: more from those who are trusted."""
    member = state.tables.members.get(report.by)
    return round(1.0 + min(max(member.reputation if member else 0, 0), 100) / 25, 1)


def score(state: State, one: Item | Queued) -> float:
    """What all of them weigh."""
    if isinstance(one, Queued):
        return 5.0
    return round(sum(report_score(state, report) for report in one.reports), 1)


class Page:
    """Puts reviewables on a page and gathers what stands beside them."""

    def __init__(self, call: Call) -> None:
        self._call, self._state = call, call.state
        self._release = call.settings.release
        self._old = self._release == "2025"
        self.rows: list[Json] = []
        self._beside: dict[str, list[Json]] = {name: [] for name in _SIDES}
        self._claims: dict[int, Json] = {}
        self._topics: set[int] = set()
        self._kinds: set[int] = set()

    def add(self, one: Item | Queued) -> Json:
        """Add one."""
        row = self._of_queued(one) if isinstance(one, Queued) else self._of_item(one)
        bundles = offers.by_release(offers.offered(self._state, self._call.uid, one), self._release)
        shown, actions = offers.written(one.id, bundles, self._call.language, self._release)
        self._beside["bundled_actions"] += shown
        self._beside["actions"] += actions
        row["bundled_action_ids"] = [bundle["id"] for bundle in shown]
        self.rows.append(row)
        return row

    def sides(self) -> Json:
        """The lists beside; none of them without any item. Users repeat, as on the platform."""
        if not self.rows:
            return {}
        self._beside["score_types"] = [_kind(kind, self._call.language) for kind in sorted(self._kinds)]
        beside: Json = dict(self._beside)
        if not self._old:
            beside["claimed_bies"] = list(self._claims.values())
        return beside | {"__rest_serializer": "1"}

    def _of_item(self, item: Item) -> Json:
        state, post = self._state, self._state.tables.posts.get(item.target) if item.kind == "post" else None
        thread = queue_state.thread_of(state, item)
        kind = queue_state.USER if item.kind == "user" else queue_state.FLAGGED
        reporter = item.reports[-1].by if item.reports else people.SYSTEM
        row = self._head(item.id, kind, queue_state.status_of(state, item), queue_state.version_of(item), item.at)
        row |= {"score": score(state, item), "created_from_flag": kind == queue_state.FLAGGED, "can_edit": False}
        row |= {"created_by_id": reporter, "target_created_by_id": item.author, "editable_fields": []}
        row |= {"target_type": "User" if kind == queue_state.USER else "Post", "target_id": item.target}
        self._user(item.author, reviewed=True)
        self._user(reporter)
        if post is not None and thread is not None:
            row |= self._topic(thread) | self._post(post.id, thread)
        elif kind == queue_state.FLAGGED:
            row |= {"target_created_at": None, "blank_post": True}
        else:
            row |= {"payload": _account(state, item.target), "target_created_at": iso(item.at)}
        row["reviewable_score_ids"] = self._scores(item)
        row["reviewable_note_ids"] = self._notes([(note.at, note.by, note.text or "") for note in reversed(item.notes)])
        row["reviewable_history_ids"] = self._lines(item.id, queue_state.lines_of(state, item))
        return row | self._claim(thread.id if thread else 0, row["status"])

    def _of_queued(self, one: Queued) -> Json:
        state, held = self._state, one.held
        thread = state.tables.threads.get(held.thread)
        plugin = one.type == queue_state.PLUGIN_TYPE
        row = self._head(one.id, one.type, one.status, one.version, held.at)
        row |= {"score": score(state, one), "created_from_flag": False, "can_edit": not plugin}
        row |= {"created_by_id": people.SYSTEM, "target_created_by_id": held.author, "category_id": held.forum}
        row |= {"target_type": "Upload" if plugin else "Post" if one.post else None, "target_id": one.post or None}
        row["type_source"] = "quillby-picture-scan" if plugin else "core"
        row["payload"] = one.payload if plugin else self._payload(one)
        fields = [] if plugin or one.status != PENDING else _fields(held.thread == 0)
        row["editable_fields"] = fields
        self._user(held.author, reviewed=True)
        self._user(people.SYSTEM)
        if thread is not None:
            row |= self._topic(thread)
            row["target_url"] = f"{self._call.base_url}/t/{slug(thread)}/{thread.id}"
            places = stream.numbers(state, thread)
            if held.reply_to in places:
                row["reply_to_post_number"] = places[held.reply_to]
        if one.post:
            row["post_id"] = one.post
        row["reviewable_score_ids"] = [self._own_score(one)]
        row["reviewable_note_ids"] = self._notes(one.notes)
        row["reviewable_history_ids"] = self._lines(one.id, one.history)
        return row | self._claim(held.thread, one.status)

    def _head(self, ident: int, kind: str, status: int, version: int, at: int) -> Json:
        row: Json = {"id": ident, "type": kind, "type_source": "core", "created_at": iso(at), "status": status}
        return row | {"version": version, "topic_tags": [], "target_created_by_trust_level": None}

    def _topic(self, thread: Thread) -> Json:
        if thread.id not in self._topics:
            self._topics.add(thread.id)
            self._beside["topics"].append(brief(self._state, thread))
        url = f"{self._call.base_url}/t/{slug(thread)}/{thread.id}"
        private = extras(self._state).is_private(thread.id)
        labels = list(thread.tags) if self._old else tags(self._state, thread.tags)
        row: Json = {"topic_id": thread.id, "topic_url": url, "topic_tags": labels}
        if thread.hidden:
            row = {"removed_topic_id": thread.id, "topic_tags": labels}
        return row | ({} if private else {"category_id": thread.forum})

    def _post(self, ident: int, thread: Thread) -> Json:
        post = self._state.tables.posts[ident]
        number = stream.number_of(self._state, post)
        author = self._state.tables.members.get(post.author)
        row: Json = {
            "post_id": ident,
            "target_url": f"{self._call.base_url}/t/{slug(thread)}/{thread.id}/{number}",
            "target_created_at": iso(post.at),
            "target_created_by_trust_level": people.trust_level(self._state, author) if author else None,
            "cooked": markup.render(post.text),
            "raw": post.text,
            "reply_count": len(post.answers),
            "post_version": 1 + len(post.revisions),
            "post_updated_at": iso(max(post.at, post.edited_at)),
        }
        if post.hidden and ident not in extras(self._state).veiled:
            row["target_deleted_at"] = iso(extras(self._state).deleted_at.get(ident, post.at))
            row["target_deleted_by_id"] = post.hidden_by
            self._user(post.hidden_by)
        return row

    def _payload(self, one: Queued) -> Json:
        held = one.held
        more: Json = {"title": held.title, "category": held.forum, "tags": list(held.tags)} if held.title else {}
        return {"raw": held.text, "archetype": "regular", "typing_duration_msecs": 900} | more

    def _scores(self, item: Item) -> list[int]:
        ids = []
        status = queue_state.status_of(self._state, item)
        for place, report in enumerate(reversed(item.reports)):
            ident, kind = item.id * _EACH + place, score_type(report.reason)
            row = self._score(ident, report_score(self._state, report), report.at, kind, report.by, status)
            row |= self._said(ident, report)
            if status != PENDING:
                row |= {"reviewed_at": iso(item.entered), "reviewed_by_id": item.history[0].by}
            self._beside["reviewable_scores"].append(row)
            self._user(report.by)
            ids.append(ident)
        return ids

    def _own_score(self, one: Queued) -> int:
        ident = one.id * _EACH
        row = self._score(ident, 5.0, one.held.at, 9, people.SYSTEM, one.status)
        if self._old:
            row["reason"] = "New users' posts are <a href='/admin'>approved</a> first."
        else:
            row |= {"reason_type": "new_topics_unless_trust_level", "reason_data": None}
        self._beside["reviewable_scores"].append(row)
        return ident

    def _score(self, ident: int, value: float, at: int, kind: int, by: int, status: int) -> Json:
        self._kinds.add(kind)
        row: Json = {"id": ident, "score": value, "agree_stats": {"agreed": 4, "disagreed": 1, "ignored": 0}}
        row |= {"created_at": iso(at), "reviewed_at": None, "status": min(status, 3), "user_id": by}
        row |= {"score_type_id": kind, "reviewed_by_id": None}
        return row | ({"reason": None} if self._old else {"reason_type": None, "reason_data": None})

    def _said(self, ident: int, report: Report) -> Json:
        """The flagger's own words: HTML in older releases, a conversation beside in newer ones."""
        if self._old:
            return {"reason": html.escape(report.reason)}
        post = {"id": ident, "excerpt": html.escape(report.reason), "user_id": report.by}
        self._beside["conversation_posts"].append(post)
        row = {"id": ident, "permalink": f"{self._call.base_url}/t/{ident}", "has_more": False}
        self._beside["reviewable_conversations"].append(row | {"conversation_post_ids": [ident]})
        return {"reviewable_conversation_id": ident}

    def _notes(self, notes: list[tuple[int, int, str]]) -> list[int]:
        for at, by, text in notes:
            self._beside["reviewable_notes"].append(note(self._state, at, by, text))
        return [at for at, _, _ in notes]

    def _lines(self, ident: int, lines: list[Line]) -> list[int]:
        for place, line in enumerate(lines):
            row: Json = {"id": ident * _EACH + place, "created_at": iso(line.at), "created_by_id": line.by}
            row |= {"reviewable_history_type": line.kind, "status": line.status}
            self._beside["reviewable_histories"].append(row)
            self._user(line.by)
        return [ident * _EACH + place for place in range(len(lines))]

    def _claim(self, thread: int, status: int) -> Json:
        by = queue_state.claimer(self._state, thread) if status == PENDING and thread else 0
        if not by or self._call.settings.claiming == "disabled":
            return {"claimed_by_id": None}
        self._user(by)
        if self._old:
            return {"claimed_by_id": by}
        ident = _CLAIMS + thread
        self._claims[ident] = {"id": ident, "user_id": by, "automatic": False}
        return {"claimed_by_id": ident}

    def _user(self, uid: int, reviewed: bool = False) -> None:
        shown = people.reviewed(self._state, uid) if reviewed else people.basic(self._state, uid)
        if shown not in self._beside["users"]:
            self._beside["users"].append(shown)


def note(state: State, at: int, by: int, text: str) -> Json:
    """A staff note; its time is its id."""
    user = people.basic(state, by)
    when = iso(at)
    return {
        "id": at,
        "content": text,
        "cooked": markup.render(text),
        "created_at": when,
        "updated_at": when,
        "user": user,
    }


def score_types(language: str) -> list[Json]:
    """All kinds by name."""
    return [{"id": kind, "name": words[2 if language == "ja" else 1]} for kind, words in SCORE_TYPES.items()]


def _kind(kind: int, language: str) -> Json:
    name, english, japanese = SCORE_TYPES[kind]
    return {"id": kind, "title": japanese if language == "ja" else english, "icon": "flag", "type": name}


def _fields(topic: bool) -> list[Json]:
    fields = [{"id": "payload.raw", "type": "editor"}]
    if topic:
        fields = [{"id": "category_id", "type": "category"}, {"id": "payload.title", "type": "text"}, *fields]
    return fields


def _account(state: State, uid: int) -> Json:
    member = state.tables.members.get(uid)
    if member is None:
        return {}
    created = maybe_iso(member.joined)
    return {"username": member.name, "name": member.fullname, "email": member.email, "created_at": created}
