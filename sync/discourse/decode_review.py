"""Items of the review queue, put together from the lists that stand beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from msgspec import Raw
from msgspec.json import Decoder

from moderation.ids import Kind
from moderation.items import Change, HistoryEntry, Item, ItemState, Note, Offer, Report
from moderation.text import neutralise
from sync.discourse import decoders as d
from sync.discourse.decode import UNFIT, maybe_utc, plain, record, utc
from sync.discourse.ids import Namer
from sync.discourse.offers import offers_of
from sync.discourse.payloads import TopicP, UserP
from sync.discourse.review_payloads import (
    ActionP,
    BundleP,
    ConversationP,
    ConversationPostP,
    HistoryP,
    NoteP,
    ReviewableP,
    ScoreP,
    ScoreTypeP,
    SidesP,
)
from sync.discourse.rights import Rights, beside_offers
from sync.discourse.versions import ReviewVersion, newest

T = TypeVar("T")
HELD_TYPES = frozenset({"ReviewableQueuedPost"})
_STATES = (ItemState.OPEN, ItemState.RESOLVED, ItemState.DISMISSED, ItemState.DISMISSED, ItemState.GONE)
_HELD_STATES = (ItemState.HELD, ItemState.RESOLVED, ItemState.RESOLVED, ItemState.RESOLVED, ItemState.GONE)
_CREATED, _MOVED, _EDITED, _CLAIMED, _UNCLAIMED = range(5)
_MOST_PAYLOAD = 40


@dataclass(slots=True)
class Sides:
    """The lists beside the items, by id; what does not fit, or is not there, is missing."""

    users: dict[int, UserP]
    topics: dict[int, TopicP]
    scores: dict[int, ScoreP]
    score_types: dict[int, ScoreTypeP]
    bundles: dict[str, BundleP]
    actions: dict[str, ActionP]
    notes: dict[int, NoteP]
    histories: dict[int, HistoryP]
    claims: dict[int, int | None]
    conversations: dict[int, ConversationP]
    conversation_posts: dict[int, ConversationPostP]
    claims_are_members: bool
    problems: list[str] = field(default_factory=list)

    def name(self, user: int | None) -> str | None:
        """The name to show of a member."""
        found = self.users.get(user) if user is not None else None
        return found.username or None if found is not None else None


def sides_of(answer: SidesP, endpoint: str) -> Sides:
    """Index what stands beside the items of an answer."""
    problems: list[str] = []

    def by_id(raws: Iterable[Raw], decoder: Decoder[T], what: str) -> dict[Any, T]:
        found: dict[Any, T] = {}
        for raw in raws:
            try:
                one = record(bytes(raw), decoder)
            except UNFIT:
                problems.append(f"{endpoint} {what}")
            else:
                found[one.id] = one  # type: ignore[attr-defined]
        return found

    claims = by_id([*answer.claimed_bies, *answer.claimed_bys], d.CLAIM, "claimed_bies")
    return Sides(
        users=by_id(answer.users, d.USER, "users"),
        topics=by_id(answer.topics, d.TOPIC, "topics"),
        scores=by_id(answer.reviewable_scores, d.SCORE, "reviewable_scores"),
        score_types=by_id([*answer.meta.score_types, *answer.score_types], d.SCORE_TYPE, "score_types"),
        bundles=by_id(answer.bundled_actions, d.BUNDLE, "bundled_actions"),
        actions=by_id(answer.actions, d.ACTION, "actions"),
        notes=by_id(answer.reviewable_notes, d.NOTE, "reviewable_notes"),
        histories=by_id(answer.reviewable_histories, d.HISTORY, "reviewable_histories"),
        claims={claim.id: claim.user_id for claim in claims.values()},
        conversations=by_id(answer.reviewable_conversations, d.CONVERSATION, "reviewable_conversations"),
        conversation_posts=by_id(answer.conversation_posts, d.CONVERSATION_POST, "conversation_posts"),
        claims_are_members=answer.meta.types.get("claimed_by", "user") == "user",
        problems=problems,
    )


def is_held(one: ReviewableP) -> bool:
    """True for a post that waits for approval, before anybody can read it."""
    return one.type in HELD_TYPES


def state_of(status: int, held: bool) -> ItemState:
    """Where an item stands; a status that is not known counts as open, so that somebody looks."""
    states = _HELD_STATES if held else _STATES
    return states[status] if 0 <= status < len(states) else states[0]


def claimer(one: ReviewableP, sides: Sides) -> int | None:
    """The member who claims an item's topic: older releases name the member, newer ones a claim."""
    if one.claimed_by_id is None:
        return None
    if one.claimed_by_id in sides.claims:
        return sides.claims[one.claimed_by_id]
    return one.claimed_by_id if sides.claims_are_members else None


def item_of(one: ReviewableP, sides: Sides, names: Namer, rights: Rights) -> Item:
    """An item in full."""
    held, topic_id = is_held(one), one.topic_id or one.removed_topic_id
    topic = sides.topics.get(topic_id or 0)
    author = one.target_id if one.target_type == "User" else one.target_created_by_id
    post = one.post_id or (one.target_id if one.target_type == "Post" else None)
    history = history_of(one, sides, names)
    claimed = claimer(one, sides)
    offers = offers_of(_actions(one, sides), held)
    scores = [sides.scores[each] for each in one.reviewable_score_ids if each in sides.scores]
    payload = one.payload if isinstance(one.payload, dict) else {}
    return Item(
        id=names.ref(Kind.REVIEW, one.id),
        state=state_of(one.status, held),
        created_at=utc(one.created_at),
        version=str(version_of(one, history, claimed)),
        report_count=len(one.reviewable_score_ids),
        forum=names.forum(one.category_id, topic.archetype if topic else None),
        thread=names.maybe(Kind.THREAD, topic_id),
        post=names.maybe(Kind.POST, post),
        author=names.member(author),
        author_name=sides.name(author) or _text(payload, "username"),
        thread_title=topic.title if topic else _text(payload, "title"),
        body=one.raw if one.raw is not None else _text(payload, "raw") or _shown(one, payload),
        body_html=one.cooked,
        assignee=names.member(claimed),
        assignee_name=sides.name(claimed),
        claimed_by=names.member(claimed),
        detail=True,
        reports=tuple(_report(score, sides, names) for score in scores),
        notes=tuple(_notes(one, sides, names)),
        history=history,
        actions=_slugs(one, rights, offers, topic, author=names.member(author) is not None),
        offers=offers,
        extra=_extra(one, scores),
    )


def _slugs(
    one: ReviewableP, rights: Rights, offers: Sequence[Offer], topic: TopicP | None, *, author: bool
) -> tuple[str, ...]:
    """What may be done to an item: what is offered, then what may be done around it."""
    beside = beside_offers(
        rights,
        thread=bool(one.topic_id or one.removed_topic_id),
        post=bool(one.post_id) or one.target_type == "Post",
        author=author,
        editable=_editable(one),
        topic=_facts_of(topic),
    )
    return tuple(dict.fromkeys((*(offer.slug for offer in offers), *beside)))


def version_of(one: ReviewableP, history: Sequence[HistoryEntry], claimed: int | None) -> ReviewVersion:
    """The version of an item."""
    who = str(claimed) if claimed is not None and claimed > 0 else ""
    return ReviewVersion(one.version, newest("h", history), newest("s", history), who, one.post_version or 0)


def history_of(one: ReviewableP, sides: Sides, names: Namer) -> tuple[HistoryEntry, ...]:
    """What happened to an item, complaints included, newest first."""
    entries = [_entry(sides.histories[each], is_held(one), sides, names)
               for each in one.reviewable_history_ids if each in sides.histories]  # fmt: skip
    for each in one.reviewable_score_ids:
        score = sides.scores.get(each)
        if score is not None and score.created_at is not None:
            text = _score_title(score, sides)
            by, name = names.member(score.user_id), sides.name(score.user_id)
            entries.append(HistoryEntry(f"s{score.id}", utc(score.created_at), by, name, {Change.REPORT: text}))
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.key), reverse=True))


def _entry(one: HistoryP, held: bool, sides: Sides, names: Namer) -> HistoryEntry:
    user = one.created_by_id
    if user is None and isinstance(one.created_by, dict) and isinstance(one.created_by.get("id"), int):
        user = one.created_by["id"]
    name = sides.name(user)
    changes: dict[Change, str]
    if one.reviewable_history_type == _MOVED:
        changes = {Change.STATE: state_of(one.status, held).value}
    elif one.reviewable_history_type in {_CLAIMED, _UNCLAIMED}:
        changes = {Change.ASSIGNEE: (name or str(user)) if one.reviewable_history_type == _CLAIMED else ""}
    else:
        changes = {Change.EDITED if one.reviewable_history_type == _EDITED else Change.CREATED: ""}
    return HistoryEntry(f"h{one.id}", utc(one.created_at), names.member(user), name, changes)


def _report(score: ScoreP, sides: Sides, names: Namer) -> Report:
    said = [_score_title(score, sides), plain(score.reason) or _named_reason(score), _conversation(score, sides)]
    text = " · ".join(part for part in said if part)
    return Report(text, names.member(score.user_id), sides.name(score.user_id), maybe_utc(score.created_at))


def _score_title(score: ScoreP, sides: Sides) -> str:
    kind = sides.score_types.get(score.score_type_id or 0)
    return plain(kind.title or kind.name or kind.type) if kind is not None else ""


def _named_reason(score: ScoreP) -> str:
    """A reason by name (``fast_typer``), with what the server adds to it."""
    if not score.reason_type:
        return ""
    added = score.reason_data if isinstance(score.reason_data, dict | list) else {}
    values = added.values() if isinstance(added, dict) else added
    words = [plain(str(value), 80) for value in values if isinstance(value, str | int | float)]
    return " ".join([score.reason_type.replace("_", " "), *words])


def _conversation(score: ScoreP, sides: Sides) -> str:
    """How the complaint was explained to the staff."""
    talk = sides.conversations.get(score.reviewable_conversation_id or 0)
    posts = [sides.conversation_posts.get(each) for each in talk.conversation_post_ids] if talk is not None else []
    return " / ".join(plain(post.excerpt) for post in posts if post is not None)


def _notes(one: ReviewableP, sides: Sides, names: Namer) -> Iterable[Note]:
    for each in one.reviewable_note_ids or ():
        if (note := sides.notes.get(each)) is not None:
            yield note_of(note, sides, names)


def note_of(note: NoteP, sides: Sides | None, names: Namer) -> Note:
    """A staff note."""
    inside = note.user if isinstance(note.user, dict) else {}
    user = inside.get("id") if isinstance(inside.get("id"), int) else note.user_id
    name = _text(inside, "username") or (sides.name(user) if sides is not None else None)
    return Note(str(note.id), names.member(user), name, utc(note.created_at), note.content)


def _actions(one: ReviewableP, sides: Sides) -> Iterable[ActionP]:
    for each in one.bundled_action_ids:
        bundle = sides.bundles.get(each)
        for action in bundle.action_ids if bundle is not None else ():
            if action in sides.actions:
                yield sides.actions[action]


def _editable(one: ReviewableP) -> bool:
    fields = one.editable_fields if isinstance(one.editable_fields, list) else []
    return one.can_edit and any(isinstance(each, dict) and each.get("id") == "payload.raw" for each in fields)


def _facts_of(topic: TopicP | None) -> dict[str, bool] | None:
    if topic is None:
        return None
    return {"closed": topic.closed, "archived": topic.archived, "pinned": topic.pinned}


def _shown(one: ReviewableP, payload: dict[str, Any]) -> str | None:
    """What there is to read of an item without a post: a new member's profile, or a type that is not known."""
    if one.cooked is not None:
        return None
    lines = [f"{name}: {value}" for name, value in list(payload.items())[:_MOST_PAYLOAD]
             if isinstance(value, str | int | float) and str(value).strip()]  # fmt: skip
    return neutralise("\n".join(lines)) or None


def _extra(one: ReviewableP, scores: Sequence[ScoreP]) -> dict[str, str]:
    extra = {"type": one.type, "score": f"{one.score:g}"}
    if one.target_deleted_at is not None:
        extra["target"] = "gone"
    talks = [str(score.reviewable_conversation_id) for score in scores if score.reviewable_conversation_id]
    if talks:
        extra["conversations"] = " ".join(talks)
    return extra


def _text(payload: dict[str, Any], name: str) -> str | None:
    value = payload.get(name)
    return value if isinstance(value, str) and value else None
