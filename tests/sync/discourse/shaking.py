"""Answers as another release might give them: fields added, absent and in another order, lists in another order where
order says nothing, null where null may stand.
"""

import copy
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

SHARED = Path(__file__).parents[4] / "shared" / "discourse"
FOLDER = SHARED / "responses"
UNORDERED = frozenset({
    "users", "topics_beside", "reviewable_scores", "score_types", "bundled_actions", "actions", "reviewable_notes",
    "reviewable_histories", "claimed_bies", "reviewable_types", "allowed_users", "allowed_groups", "participants",
    "tags", "topic_tags", "actions_summary", "primary_groups", "flair_groups", "categories", "groups", "owners",
    "watched_category_ids", "tracked_category_ids", "muted_category_ids", "regular_category_ids", "editable_fields",
})  # fmt: skip
"""Lists that are looked up by id; all others say something by their order."""
NEEDED = frozenset({
    "id", "created_at", "reviewable", "reviewables", "user", "count", "topic_list", "topics", "post_stream", "posts",
    "stream", "members", "latest_posts", "channel", "message_id", "data", "reviewable_perform_result", "version",
    "action", "post", "success", "reviewable_score_ids", "bundled_action_ids", "reviewable_history_ids", "action_ids",
    "server_action", "post_type", "updates", "device_code", "user_code", "status",
})  # fmt: skip
"""Without these there is nothing to read; whatever else is missing, the rest is read all the same."""
_LATER = ("x_later", "can_do_more", "flair_of_2027", "_types")
_ANYTHING: tuple[Any, ...] = (None, True, 7, -1.5, "", "词", [], {}, [{"id": "x"}], {"id": None, "a": [1, {"b": 2}]})
WRONG: tuple[Any, ...] = (
    [], {}, "x", -1, True, [[]], {"id": {}}, 10**30, 1.5, None,
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
)  # fmt: skip


def recorded(name: str) -> dict[str, Any]:
    """A constructed answer with its status, headers and body."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def schema_of(name: str | None) -> dict[str, Any]:
    """The schema of an answer's success; an empty one where there is none."""
    path = SHARED / "schemas" / f"{name}.json"
    if name is None or not path.exists():
        return {}
    responses = json.loads(path.read_text(encoding="utf-8"))["responses"]
    found = responses.get("200") or responses[next(iter(responses))]
    schema: dict[str, Any] = found.get("schema", found)
    return schema


def shaken(value: Any, schema: Any, chance: Random, *, bare: bool = False, name: str = "") -> Any:
    """The same answer in another guise. ``bare``: whatever is not :data:`NEEDED` may be missing, not only what the
    schema calls optional.
    """
    schema = schema if isinstance(schema, dict) else {}
    if isinstance(value, list):
        rows = [shaken(one, schema.get("items"), chance, bare=bare) for one in value]
        if name in UNORDERED:
            chance.shuffle(rows)
        return rows
    if not isinstance(value, dict):
        return value
    kept = [
        (key, _inside(key, one, schema, chance, bare))
        for key, one in value.items()
        if _stays(key, schema, chance, bare)
    ]
    kept += [(chance.choice(_LATER), chance.choice(_ANYTHING)) for _ in range(chance.randrange(3))]
    chance.shuffle(kept)
    return dict(kept)


def _stays(key: str, schema: dict[str, Any], chance: Random, bare: bool) -> bool:
    if key in NEEDED or not key.isidentifier():
        return True
    optional = bare or (key in schema.get("properties", {}) and key not in schema.get("required", ()))
    return not optional or chance.random() < 0.7


def _inside(key: str, value: Any, schema: dict[str, Any], chance: Random, bare: bool) -> Any:
    inner = schema.get("properties", {}).get(key, {})
    kind = inner.get("type") if isinstance(inner, dict) else None
    if isinstance(kind, list) and "null" in kind and key not in NEEDED and chance.random() < 0.3:
        return None
    return shaken(value, inner, chance, bare=bare, name=key)


def spoiled(record: dict[str, Any], chance: Random) -> dict[str, Any]:
    """A record with one field of a kind that it should not have."""
    broken = copy.deepcopy(record)
    broken[chance.choice(sorted(broken))] = chance.choice(WRONG)
    return broken


def renumbered(record: dict[str, Any], native: int | str) -> dict[str, Any]:
    """The same record under another id."""
    return {**copy.deepcopy(record), "id": native}


def lists_in(value: Any) -> Iterator[list[Any]]:
    """Every list of records in an answer, the outer ones first."""
    inner: Iterable[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        yield value
    for one in inner:
        yield from lists_in(one)
