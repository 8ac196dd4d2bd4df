"""Items as rows of the mirror, and back."""

from typing import Any

from moderation.ids import Kind, Ref
from moderation.items import Item, ItemState
from sync.mirror.codec import Cold, native, ref, sure_moment, sure_ms

COLUMNS = (
    "kind", "native", "state", "created_ms", "version", "report_count", "forum", "thread", "post", "author",
    "author_name", "assignee", "assignee_name", "claimed_by", "detail",
)  # fmt: skip
NAMES = ", ".join(COLUMNS)


def as_row(item: Item) -> tuple[Any, ...]:
    """The item's own columns, in the order of :data:`COLUMNS`."""
    return (
        item.id.kind.value,
        item.id.native,
        item.state.value,
        sure_ms(item.created_at),
        item.version,
        item.report_count,
        native(item.forum),
        native(item.thread),
        native(item.post),
        native(item.author),
        item.author_name,
        native(item.assignee),
        item.assignee_name,
        native(item.claimed_by),
        int(item.detail),
    )


def cold_of(item: Item) -> Cold:
    """What of an item is kept apart."""
    return Cold(
        item.body,
        item.body_html,
        item.thread_title,
        item.reports,
        item.notes,
        item.history,
        item.actions,
        item.extra,
        item.offers,
    )


def as_item(community: str, row: tuple[Any, ...], cold: Cold) -> Item:
    """The item of a row of :data:`COLUMNS` and its cold part."""
    kind, own, state, created, version, count, forum, thread, post, author, author_name, *rest = row
    assignee, assignee_name, claimed_by, detail = rest
    return Item(
        id=Ref(community, Kind(kind), own),
        state=ItemState(state),
        created_at=sure_moment(created),
        version=version,
        report_count=count,
        forum=ref(community, Kind.FORUM, forum),
        thread=ref(community, Kind.THREAD, thread),
        post=ref(community, Kind.POST, post),
        author=ref(community, Kind.MEMBER, author),
        author_name=author_name,
        thread_title=cold.thread_title,
        body=cold.body,
        body_html=cold.body_html,
        assignee=ref(community, Kind.MEMBER, assignee),
        assignee_name=assignee_name,
        claimed_by=ref(community, Kind.MEMBER, claimed_by),
        detail=bool(detail),
        reports=cold.reports,
        notes=cold.notes,
        history=cold.history,
        actions=cold.actions,
        offers=cold.offers,
        extra=dict(cold.extra),
    )
