"""Known texts choose between later and refused; any other text stays unclear."""

import pytest

from moderation.errors import RefusedError, TryLaterError
from sync.nodebb.canonical import fingerprint, same_text, stored_form
from sync.nodebb.push.refusals import meaning
from tests.sync.nodebb.recorded import message


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("reply-too-short", "text_too_short"),
        ("reply-missing-content", "text_empty"),
        ("reply-topic-locked", "thread_locked"),
        ("reply-muted-user", "account_muted"),
        ("reply-banned-user", "forbidden"),
        ("post-delete-again", "already_so"),
        ("post-queue-accept-again", "not_there"),
        ("move-topic-again", "already_so"),
        ("chat-create-blocked-by-recipient", "member_takes_no_messages"),
        ("chat-send-too-long", "message_too_long"),
        ("user-ban-by-category-mod", "forbidden"),
    ],
)
def test_recorded_refusals_are_known(name: str, code: str) -> None:
    error = meaning(message(name))
    assert isinstance(error, RefusedError)
    assert error.code == code


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("reply-post-delay-second", 10), ("reply-newbie-delay", 120), ("reply-new-user-initial-delay", 10),
        ("reply-concurrent-same-user", 2),
    ],
)  # fmt: skip
def test_delays_concern_one_intent_and_name_their_seconds(name: str, seconds: float) -> None:
    error = meaning(message(name))
    assert isinstance(error, TryLaterError)
    assert error.seconds == seconds
    assert error.facts["scope"] == "intent"


@pytest.mark.parametrize(
    "name",
    ["reply-400-but-stored", "post-queue-reject-again", "user-unban-without-body-fails", "error-accept-language-ja"],
)
def test_internal_and_translated_texts_prove_nothing(name: str) -> None:
    assert meaning(message(name)) is None


@pytest.mark.parametrize(
    "text", ["", "Something new", "[[error:something-new]]", "x Topic locked", "Internal: Topic locked?"]
)
def test_unknown_texts_prove_nothing(text: str) -> None:
    assert meaning(text) is None


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("[[error:topic-locked]]", RefusedError),
        ("[[error:too-many-posts, 10]]", TryLaterError),
        ("[[error:cant-purge-main-post]]", RefusedError),
        ("[[error:no-privileges]]", RefusedError),
    ],
)
def test_raw_keys_mean_the_same(key: str, kind: type[Exception]) -> None:
    assert isinstance(meaning(key), kind)


@pytest.mark.parametrize("end", ["", " ", "\n\n", "\t \r\n", "\u3000", "\ufeff", "\u00a0\u2028"])
def test_the_end_of_a_text_is_trimmed_as_javascript_does(end: str) -> None:
    assert stored_form(f"日本語 text{end}") == "日本語 text"
    assert same_text(f"a\r\nb{end}", "a\nb")
    assert fingerprint(f"a{end}") == fingerprint("a")


def test_the_beginning_of_a_text_is_not_trimmed() -> None:
    assert not same_text("  a", "a")
    assert not same_text(None, "")
