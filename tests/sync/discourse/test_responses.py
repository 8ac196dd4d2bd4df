"""The constructed answers that lie beside this project, where they do: each is decoded."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.json import Decoder

from sync.discourse import decoders as d
from sync.discourse.decode_review import item_of, sides_of
from sync.discourse.limits import limited
from sync.discourse.reading import error_of
from sync.http import Answer
from tests.sync.discourse.test_decode_review import NAMES, RIGHTS

FOLDER = Path(__file__).parents[4] / "shared" / "discourse" / "responses"
FILES = sorted(FOLDER.glob("*.json"))
needs_the_files = pytest.mark.skipif(not FILES, reason="../shared/discourse/responses is not here")

DECODERS: dict[str, Decoder[Any]] = {
    "group_members": d.GROUP_MEMBERS,
    "latest": d.TOPICS,
    "message_bus_poll": d.BUS,
    "message_bus_reviewable_counts": d.BUS,
    "post_create_enqueued": d.CREATED,
    "post_create": d.POST,
    "posts_latest": d.FEED,
    "review_count": d.COUNT,
    "review_list": d.REVIEW,
    "review_note_create": d.NOTE,
    "review_perform_approve_queued": d.PERFORMED,
    "review_perform": d.PERFORMED,
    "review_show_queued": d.REVIEW_SHOW,
    "review_update": d.EDITED_REVIEWABLE,
    "topic_posts_by_id": d.TOPIC_POSTS,
    "topic_show_converted_private": d.TOPIC_PAGE,
    "topic_show_public": d.TOPIC_PAGE,
    "user_api_device_poll": d.DEVICE_POLL,
    "user_api_device_start": d.DEVICE,
    "user_show_staff_view": d.USER_ANSWER,
}
UNREAD = frozenset({
    "assign_200", "data_explorer_run_200", "data_explorer_run_422", "move_posts_to_message_200",
    "report_time_to_first_response_200", "review_claim_200", "review_topics_200", "topic_convert_private_200",
    "topic_invite_group_200", "topic_invite_user_200", "topic_status_200", "topic_update_category_200",
    "user_api_key_revoke_200", "user_tracking_update_200",
})  # fmt: skip
"""Of these only the status counts."""


def told(path: Path) -> tuple[dict[str, Any], bytes]:
    found = json.loads(path.read_text())
    text = found.get("body_text")
    return found, text.encode() if text is not None else json.dumps(found["body"]).encode()


@needs_the_files
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_it_is_decoded(path: Path) -> None:
    found, body = told(path)
    if found["status"] >= 400:
        answer = Answer(found["status"], "/", 1, body, found["headers"]["Content-Type"])
        error = error_of(answer)
        if answer.is_json:
            assert error.errors or error.error
            assert error.error_type == found["body"].get("error_type", "")
        return
    name = path.stem.rpartition("_200")[0] or path.stem
    decoder = next((one for prefix, one in DECODERS.items() if name.startswith(prefix)), None)
    if decoder is not None:
        decoder.decode(body)
    else:
        assert path.stem in UNREAD | {"server_status_text"}, "no decoder for it"


@needs_the_files
@pytest.mark.parametrize("name", ["review_list_200", "review_show_queued_200"])
def test_items_of_it(name: str) -> None:
    _, body = told(FOLDER / f"{name}.json")
    answer: Any = (d.REVIEW if "list" in name else d.REVIEW_SHOW).decode(body)
    sides = sides_of(answer, "")
    raws = answer.reviewables if "list" in name else [answer.reviewable]
    (item,) = [item_of(d.REVIEWABLE.decode(bytes(raw)), sides, NAMES, RIGHTS) for raw in raws]
    assert item.offers
    assert not sides.problems
    assert item.reports[0].text
    assert item.history


@needs_the_files
@pytest.mark.parametrize(
    ("name", "seconds", "period"), [("error_429_api_key", 25.0, 60.0), ("error_429_per_ip_text", 7.0, 10.0)]
)
def test_both_forms_of_429(name: str, seconds: float, period: float) -> None:
    found, body = told(FOLDER / f"{name}.json")
    headers = {key.lower(): value for key, value in found["headers"].items()}
    wait = float(headers["retry-after"])
    asked = limited(Answer(429, "/", 1, body, headers["content-type"], retry_after=wait, headers=headers))
    assert (asked.seconds, asked.period, asked.alone) == (seconds, period, False)
