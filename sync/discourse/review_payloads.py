"""The review queue of Discourse, as far as this connector reads it. Unknown fields are ignored.

Everything about an item stands beside it in lists of the same answer, found by id; on an empty page the lists are
absent, and their names differ by release.
"""

from datetime import datetime
from typing import Any

from msgspec import Raw, Struct, field

from sync.discourse.payloads import Number


class ReviewableP(Struct):
    """An item under review. ``status``: 0 pending, 1 approved, 2 rejected, 3 ignored, 4 deleted."""

    id: Number
    created_at: datetime
    type: str = ""
    status: Number = 0
    version: Number = 0
    score: float = 0.0
    can_edit: bool = False
    category_id: Number | None = None
    topic_id: Number | None = None
    topic_url: str | None = None
    removed_topic_id: Number | None = None
    target_type: str | None = None
    target_id: Number | None = None
    target_url: str | None = None
    target_created_at: datetime | None = None
    target_deleted_at: datetime | None = None
    post_id: Number | None = None
    post_version: Number | None = None
    post_updated_at: datetime | None = None
    cooked: str | None = None
    raw: str | None = None
    reply_to_post_number: Number | None = None
    created_from_flag: bool | None = None
    payload: Any = None
    created_by_id: Number | None = None
    target_created_by_id: Number | None = None
    claimed_by_id: Number | None = None
    editable_fields: Any = None
    topic_tags: Any = None
    reviewable_score_ids: list[Number] = field(default_factory=list)
    bundled_action_ids: list[str] = field(default_factory=list)
    reviewable_note_ids: list[Number] | None = None
    reviewable_history_ids: list[Number] = field(default_factory=list)


class ScoreP(Struct):
    """One complaint. ``reason`` is HTML (to 2025), ``reason_type`` a name (2026)."""

    id: Number
    score: float = 0.0
    user_id: Number | None = None
    score_type_id: Number | None = None
    created_at: datetime | None = None
    reason: str | None = None
    reason_type: str | None = None
    reason_data: Any = None
    reviewable_conversation_id: Number | None = None


class ScoreTypeP(Struct):
    """What a complaint says."""

    id: Number
    title: str = ""
    name: str = ""
    type: str = ""


class BundleP(Struct):
    """Actions under one button."""

    id: str
    label: str | None = None
    action_ids: list[str] = field(default_factory=list)


class ActionP(Struct):
    """An action that the server offers."""

    id: str
    server_action: str = ""
    label: str = ""
    description: str | None = None
    client_action: str | None = None
    confirm_message: str | None = None
    confirm_destructive: bool | None = None
    require_reject_reason: bool | None = None
    button_class: str | None = None


class NoteP(Struct):
    """A staff note; its author stands in it."""

    id: Number
    created_at: datetime
    content: str = ""
    user: Any = None
    user_id: Number | None = None


class HistoryP(Struct):
    """An entry of an item's history. Type: 0 created, 1 transitioned, 2 edited, 3 claimed, 4 unclaimed."""

    id: Number
    created_at: datetime
    reviewable_history_type: Number = 0
    status: Number = 0
    created_by_id: Number | None = None
    created_by: Any = None


class ClaimP(Struct):
    """A claim (2026); before that a claim's id is the member's."""

    id: Number
    user_id: Number | None = None


class ConversationP(Struct):
    """The thread in which a complaint was explained."""

    id: Number
    permalink: str | None = None
    conversation_post_ids: list[Number] = field(default_factory=list)


class ConversationPostP(Struct):
    """A post of it."""

    id: Number
    excerpt: str = ""
    user_id: Number | None = None


class MetaP(Struct):
    """About the whole answer. ``types`` says in which list a role is looked up."""

    types: dict[str, Any] = field(default_factory=dict)
    total_rows_reviewables: Number | None = None
    reviewable_count: Number | None = None
    score_types: list[Raw] = field(default_factory=list)
    load_more_reviewables: str | None = None


class SidesP(Struct):
    """What stands beside the items."""

    users: list[Raw] = field(default_factory=list)
    topics: list[Raw] = field(default_factory=list)
    reviewable_scores: list[Raw] = field(default_factory=list)
    score_types: list[Raw] = field(default_factory=list)
    bundled_actions: list[Raw] = field(default_factory=list)
    actions: list[Raw] = field(default_factory=list)
    reviewable_notes: list[Raw] = field(default_factory=list)
    reviewable_histories: list[Raw] = field(default_factory=list)
    claimed_bies: list[Raw] = field(default_factory=list)
    claimed_bys: list[Raw] = field(default_factory=list)
    reviewable_conversations: list[Raw] = field(default_factory=list)
    conversation_posts: list[Raw] = field(default_factory=list)
    meta: MetaP = field(default_factory=MetaP)


class ReviewListP(SidesP, kw_only=True):
    """``/review.json``."""

    reviewables: list[Raw] = field(default_factory=list)


class ReviewShowP(SidesP, kw_only=True):
    """``/review/:id.json``."""

    reviewable: Raw


class CountP(Struct):
    """``/review/count.json``."""

    count: Number


class PerformedP(Struct):
    """What performing an action answers."""

    success: bool = False
    transition_to: str | None = None
    transition_to_id: Number | None = None
    created_post_id: Number | None = None
    created_post_topic_id: Number | None = None
    remove_reviewable_ids: list[Number] = field(default_factory=list)
    version: Number | None = None
    reviewable_count: Number | None = None


class PerformedAnswerP(Struct):
    """Its envelope."""

    reviewable_perform_result: PerformedP


class EditedReviewableP(Struct):
    """What changing an item's fields answers."""

    version: Number
