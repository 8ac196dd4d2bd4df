"""The full text: English and Japanese, newest first, exact, and never upset by what is typed."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.queries import QueueQuery, SearchHit
from sync.mirror.folding import fold, plain
from sync.mirror.reading.search import needles
from sync.vault import StoreFile
from tests import factory
from tests.factory import HERE, at, post, ref, thread
from tests.sync.mirror.place import RARE, Mirror, a_mirror

BODIES = {
    1: "Der Router startet neu: reboot every night",
    2: "ルーターが毎晩再起動します。東京都に住んでいます",
    3: "The ﬁrmware v2.1 reboots <b>my</b> router",
    4: "ﾙｰﾀｰ と Ｒｏｕｔｅｒ は同じです",
    5: "猫が好き。I like AI, and C too",
    6: "Straße 12, ÉCOLE, naïve",
    7: "100% done; SELECT * FROM posts WHERE 'a' OR \"b\"",
}


@pytest.fixture
def full(mirror: Mirror) -> Mirror:
    mirror.tell(threads=[thread(1, title="Reboot 再起動 thread", created_at=at(0))])
    mirror.tell(posts=[post(number, body=body, created_at=at(number)) for number, body in BODIES.items()])
    mirror.index()
    return mirror


def found(mirror: Mirror, text: str) -> list[str]:
    return [hit.id.removeprefix(f"{HERE}:") for hit in mirror.reader.search(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("router", "post:4 post:3 post:1"),
        ("ROUTER", "post:4 post:3 post:1"),
        ("oute", "post:4 post:3 post:1"),
        ("reboot", "post:3 post:1 thread:1"),
        ("night router", "post:1"),
        ('"every night"', "post:1"),
        ('"night every"', ""),
        ('"every night', "post:1"),
        ("firmware", "post:3"),
        ("v2.1", "post:3"),
        ("ルーター", "post:4 post:2"),
        ("ﾙｰﾀｰ", "post:4 post:2"),
        ("再起", "post:2 thread:1"),
        ("再起動", "post:2 thread:1"),
        ("起動", "post:2 thread:1"),
        ("京都", "post:2"),
        ("猫", "post:5"),
        ("好き。", "post:5"),
        ("き", "post:5"),
        ("猫 AI", "post:5"),
        ("ai", "post:5"),
        ("c", "post:5"),
        ("lik", "post:5"),
        ("li", ""),
        ("strasse", "post:6"),
        ("école", "post:6"),
        ("100%", "post:7"),
        ("'a' OR", "post:7"),
        ("SELECT * FROM", "post:7"),
        ("router zebra", ""),
        ("犬", ""),
        ("", ""),
        ("%", ""),
        ('"', ""),
    ],
)
def test_words(full: Mirror, text: str, expected: str) -> None:
    assert found(full, text) == expected.split()


def test_excerpts_mark_what_was_found(full: Mirror) -> None:
    marked = {hit.id.rpartition(":")[2]: hit.excerpt for hit in full.reader.search("router")}
    assert marked["1"] == "Der \x02Router\x03 startet neu: reboot every night"
    assert marked["4"] == "ﾙｰﾀｰ と \x02Ｒｏｕｔｅｒ\x03 は同じです"
    assert full.reader.search("ルーター")[0].excerpt.startswith("\x02ﾙｰﾀｰ\x03 と")
    assert full.reader.search("firmware")[0].excerpt.startswith("The \x02ﬁrmware\x03 v2.1")
    assert full.reader.search("strasse 12")[0].excerpt == "\x02Straße\x03 \x0212\x03, ÉCOLE, naïve"


def test_a_hit_says_where_it_is(full: Mirror) -> None:
    (hit,) = full.reader.search('"every night"')
    assert hit == SearchHit(
        id=f"{HERE}:post:1",
        thread=f"{HERE}:thread:1",
        forum=f"{HERE}:forum:1",
        author_name="member-1",
        at=at(1),
        excerpt="Der Router startet neu: reboot \x02every night\x03",
    )


def test_an_excerpt_shows_the_place_in_a_long_text(mirror: Mirror) -> None:
    mirror.tell(posts=[post(1, body="x " * 5000 + "Ｎeedle 針 end" + " y" * 5000)])
    mirror.index()
    (hit,) = mirror.reader.search("針 needle")
    assert "\x02Ｎeedle\x03 \x02針\x03 end" in hit.excerpt
    assert hit.excerpt.startswith("…")
    assert hit.excerpt.endswith("…")
    assert len(hit.excerpt) < 200


def test_forged_marks_are_taken_out(mirror: Mirror) -> None:
    mirror.tell(posts=[post(1, body="a \x02forged\x03 mark")])
    mirror.index()
    assert mirror.reader.search("mark")[0].excerpt == "a forged \x02mark\x03"


def test_markup_is_not_text(mirror: Mirror) -> None:
    html = '<p class="wide">Hello <strong>wor</strong>ld &amp; co</p><p>next</p>'
    mirror.tell(posts=[post(1, body_html=html)])
    mirror.index()
    assert found(mirror, "world") == ["post:1"]
    assert found(mirror, '"world & co next"') == ["post:1"]
    assert found(mirror, "wide") == []
    assert found(mirror, "strong") == []


def test_newest_first_and_not_too_many(mirror: Mirror) -> None:
    mirror.tell(posts=[post(number, body="the same", created_at=at(number % 50)) for number in range(200)])
    mirror.index()
    hits = mirror.reader.search("same", limit=70)
    assert len(hits) == 70
    assert [hit.at for hit in hits] == sorted((hit.at for hit in hits if hit.at), reverse=True)


def test_communities_are_told_apart(mirror: Mirror) -> None:
    there = "other.example.org"
    rows: dict[str, Any] = {
        "forums": [factory.forum(1, community=there)],
        "posts": [post(1, community=there, body="same words")],
    }
    mirror.writer.apply(factory.batch(1, **rows), there)
    mirror.tell(posts=[post(2, body="same words")])
    mirror.index()
    assert len(mirror.reader.search("same words")) == 2
    (hit,) = mirror.reader.search("same words", communities=(there,))
    assert hit.id == f"{there}:post:1"


def test_lag_is_counted_and_rows_are_visible_before_they_are_found(mirror: Mirror) -> None:
    mirror.tell(posts=[post(number, body="words") for number in range(5)], threads=[thread(1)])
    assert mirror.reader.index_lag() == mirror.indexer.lag() == 6
    assert found(mirror, "words") == []
    assert mirror.reader.post(ref("post", 1)) is not None
    assert mirror.indexer.feed(4) == 4
    assert mirror.reader.index_lag() == 2
    assert found(mirror, "words") == ["post:4", "post:3", "post:2", "post:1"]
    assert mirror.indexer.feed(4) == 2
    assert mirror.indexer.feed(4) == 0


def test_an_edited_post_is_found_by_its_new_text_only(mirror: Mirror) -> None:
    mirror.tell(posts=[post(1, body="personal data 0123")], threads=[thread(1, title="old title")])
    mirror.index()
    mirror.tell(posts=[post(1, body="struck out")], threads=[thread(1, title="new title")])
    assert found(mirror, "personal") == []
    assert found(mirror, "old title") == []
    mirror.index()
    assert found(mirror, "struck") == ["post:1"]
    assert found(mirror, "new title") == ["thread:1"]
    mirror.tell(posts=[post(1, body="struck out", votes=5, hidden=True)])
    assert mirror.reader.index_lag() == 0
    assert found(mirror, "struck") == ["post:1"]


def test_text_that_changes_while_it_is_indexed_waits_again(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    from sync.mirror import index

    mirror.tell(posts=[post(1, body="before")])
    read = index._waiting

    def changed_meanwhile(file, limit):  # type: ignore[no-untyped-def]
        waiting = read(file, limit)
        if waiting:
            mirror.tell(posts=[post(1, body="after")])
        return waiting

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(index, "_waiting", changed_meanwhile)
        mirror.indexer.feed(10)
    assert mirror.reader.index_lag() == 1
    mirror.index()
    assert (found(mirror, "before"), found(mirror, "after")) == ([], ["post:1"])


def test_a_post_of_ten_megabytes(mirror: Mirror) -> None:
    mirror.tell(posts=[post(1, body="beginning " + "x" * 10_000_000), post(2, body_html="<p>" + "<" * 1_000_000)])
    mirror.index()
    assert found(mirror, "beginning") == ["post:1"]
    mirror.tell(gone=[ref("post", 1)])
    assert found(mirror, "beginning") == []


def test_traces_of_erased_texts_leave_the_file_once_a_day(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_772_000_000_000
    monkeypatch.setattr("sync.mirror.index._now_ms", lambda: now)
    mirror.tell(posts=[post(number, body=f"kept words {number}") for number in range(300)])
    for _ in range(10):
        mirror.indexer.feed(30)
    for number, after in ((1, 0), (2, 1000), (3, 86_400_000)):
        mirror.tell(posts=[post(1000 + number, body=f"{RARE} erased")])
        mirror.index()
        assert found(mirror, RARE) == [f"post:{1000 + number}"]
        mirror.tell(gone=[ref("post", 1000 + number)])
        assert found(mirror, RARE) == []
        now += after
        for _ in range(20):
            mirror.indexer.feed(50)
        assert mirror.grams_hold(StoreFile.MIRROR) is (number == 2)
    assert found(mirror, "kept words 77") == ["post:77"]
    assert len(mirror.reader.search("kept", limit=1000)) == 300


def test_erasure_on_request_does_not_wait_for_the_day(mirror: Mirror) -> None:
    for number in (1, 2):
        mirror.tell(posts=[post(number, body=RARE, author=ref("member", number))])
        mirror.index()
        mirror.writer.forget_member(ref("member", number))
        for _ in range(5):
            mirror.indexer.feed(50)
        assert not mirror.grams_hold(StoreFile.MIRROR)


ALPHABET = st.sampled_from(list("abcdeABCé ßﬁ\t\n\"'*()-+^:%_\\{}[]猫犬東京都ルータﾙﾀﾞーの。🙂\x00\x02\ud800\u200b"))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(st.text(max_size=30), st.text(ALPHABET, max_size=12)), min_size=1, max_size=15))
def test_nothing_that_is_typed_upsets_it(texts: list[str]) -> None:
    mirror = _shared()
    for text in texts:
        mirror.reader.search(text, private=True)
        mirror.reader.count(QueueQuery(text=text))
        mirror.reader.page(QueueQuery(text=text))


_kept: list[Mirror] = []


def _shared() -> Mirror:
    return _kept[0]


@pytest.fixture(autouse=True, scope="module")
def _one_for_all_examples():  # type: ignore[no-untyped-def]
    with a_mirror() as mirror:
        mirror.tell(posts=[post(number, body=body) for number, body in BODIES.items()], items=[factory.item(1)])
        mirror.index()
        _kept.append(mirror)
        yield
        _kept.clear()


def test_exactly_the_texts_that_hold_every_word() -> None:
    """Against a scan of all texts, over a seeded choice of words with shared beginnings, middles and ends."""
    chance = random.Random(7)
    pieces = [
        "rout",
        "router",
        "outer",
        "再起動",
        "再起",
        "起動中",
        "東京",
        "京都",
        "a1b2",
        "the",
        "Ｔｈｅ",
        "ﾙｰﾀｰ",
        "ルート",
    ]
    texts = {n: " ".join(chance.choices(pieces, k=4)) + "".join(chance.choices(pieces, k=2)) for n in range(150)}
    with a_mirror() as mirror:
        mirror.tell(posts=[post(n, body=text) for n, text in texts.items()])
        mirror.index()
        for _ in range(80):
            query = " ".join(
                word[chance.randrange(2) :][: chance.randint(3, 6)] for word in chance.choices(pieces, k=2)
            )
            wanted = [needle for needle in needles(query) if len(needle) > 2 or not needle.isascii()]
            query = " ".join(wanted)
            expected = {f"{HERE}:post:{n}" for n, text in texts.items() if all(each in fold(text) for each in wanted)}
            hits = {hit.id for hit in mirror.reader.search(query, limit=1000)}
            assert hits == (expected if wanted else set()), query


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ('<img src="/e/1f620.png?v=1" class="not-responsive emoji emoji--angry" title="😠" alt="😠" />', "😠"),
        ("<IMG alt='👩‍💻' class='emoji'>", "👩‍💻"),
        ('<img src="/e.png" title=":smile:" class="emoji only-emoji" alt=":smile:" loading="lazy">', ":smile:"),
        ('<img class="emoji" alt="&lt;&amp;&gt;">', "<&>"),
        ('<img class="emoji" src="/e.png">', ""),
        ('<img class="photo" alt="an emoji" src="/p.png">', ""),
        ('<img data-class="emoji" alt="x" src="/p.png">', ""),
    ],
)
def test_an_emoji_drawn_as_a_picture_is_read_as_itself(picture: str, expected: str) -> None:
    assert plain(None, f"<p>{picture}{picture}</p>").split() == ([expected * 2] if expected else [])


def test_a_post_of_nothing_but_emoji_is_found_and_shown(mirror: Mirror) -> None:
    html = "<p>" + 3 * '<img class="emoji" alt="😠" src="/e.png">' + "</p>"
    mirror.tell(threads=[thread(1)], posts=[post(1, body=None, body_html=html)])
    mirror.index()
    assert [hit.excerpt for hit in mirror.reader.search("😠😠😠")] == ["\x02😠😠😠\x03"]
