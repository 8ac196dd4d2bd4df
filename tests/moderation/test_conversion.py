"""The plan of a conversion: its order, what it says beforehand, and what stops it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from moderation.actions import Action
from moderation.cases import Case, key_for, made_by, stand_in
from moderation.content import CommunityInfo, Forum, Identity, Member, Post, Thread
from moderation.conversion import Conversion, Place, Scene, Shape, Wanted, plan_conversion
from moderation.conversion.copying import plain, quoted
from moderation.conversion.passages import private_passages
from moderation.ids import Kind, Ref
from moderation.intents import Identities
from moderation.ports import CommunityRow
from tests.conversion.stage import WORDING

NAME = "acme.example"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NUMBER = "QB-48213-77"


def ref(kind: Kind, native: object) -> Ref:
    return Ref(NAME, kind, str(native))


ME, COMPANY, CUSTOMER, CLERK = (ref(Kind.MEMBER, number) for number in (1, 2, 7, 9))
FORUM = Forum(ref(Kind.FORUM, 3), "Billing", private=False, moderators=(CLERK,))
TEAM = Forum(ref(Kind.FORUM, 6), "Private cases", private=True, moderators=(CLERK,))
THREAD = Thread(
    ref(Kind.THREAD, 156), FORUM.id, "My invoice", CUSTOMER, "maren", AT, post_count=2, complete=True, url="https://acme/t/156"
)  # fmt: skip


def post(number: int, text: str, author: Ref = CUSTOMER, **facts: object) -> Post:
    given = {"author_name": "maren" if author == CUSTOMER else f"m{author.native}", "body": text}
    return Post(
        ref(Kind.POST, number),
        THREAD.id,
        FORUM.id,
        author,
        created_at=AT + timedelta(minutes=number),
        **given | facts,  # type: ignore[arg-type]
    )


def row(roles: Sequence[str] = ("administrator",), official: bool = True, platform: str = "nodebb") -> CommunityRow:
    info = CommunityInfo(NAME, platform, "4.15.1", "https://acme", "Acme", 8, extra={"max_message_length": "1000"})
    company = Identity(COMPANY, "acme", frozenset({"member"}), may=frozenset({"reply"}))
    may = frozenset({"reply", "hide", "x:message"})
    mine = Identity(ME, "ada", frozenset(roles), may=may)
    return CommunityRow(NAME, "https://acme", info, mine, frozenset(), company if official else None)


def scene(*posts: Post, **facts: object) -> Scene:
    shown = posts or (post(10, f"Order {NUMBER} is wrong"), post(11, "Same here", CLERK))
    base = Scene(
        "case-156", row(), THREAD, FORUM, shown, Member(CUSTOMER, "maren"), TEAM,
        names={CLERK: "rolf"}, private=private_passages,
    )  # fmt: skip
    return replace(base, **facts)  # type: ignore[arg-type]


def plan(here: Scene, place: Place = Place.CATEGORY, shape: Shape = Shape.CONTINUE, **facts: object) -> Conversion:
    wanted = Wanted(shape, place, (here.posts[0].id,) if here.posts else ())
    return plan_conversion(here, replace(wanted, **facts), WORDING)  # type: ignore[arg-type]


def whats(found: Conversion) -> list[str]:
    return [step.what for step in found.steps]


def codes(found: Conversion) -> set[str]:
    return {remark.code for remark in found.blocked}


def test_exposed_posts_are_hidden_first_and_the_pointer_comes_last() -> None:
    assert whats(plan(scene())) == ["hide", "place", "people", "copy", "pointer"]
    assert whats(plan(scene(), Place.CHAT)) == ["hide", "place", "people", "copy", "pointer"]
    assert whats(plan(scene(), shape=Shape.TAKE)) == ["hide", "place", "people", "move", "link", "pointer"]


def test_each_step_has_the_key_that_can_do_it() -> None:
    found = plan(scene())
    assert found.possible
    assert [(step.key, step.account) for step in found.steps] == [
        ("own", "ada"), ("administrator", "ada"), ("administrator", "ada"), ("own", "ada"), ("company", "acme"),
    ]  # fmt: skip
    assert found.steps[-1].wish.sender is not None
    assert found.steps[-1].wish.sender.identity is Identities.OFFICIAL


def test_private_text_has_no_address_until_its_place_is_made() -> None:
    texts = [
        step.wish
        for place in (Place.CATEGORY, Place.CHAT)
        for step in plan(scene(), place).steps
        if step.what == "copy"
    ]
    assert texts
    for wish in texts:
        assert wish.target.native == "case-156"
        assert wish.target != THREAD.id


def test_a_missing_right_is_named_with_who_has_it() -> None:
    found = plan(scene(community=row(("member",))))
    lacking = {(one.right, one.step): one.holders for one in found.missing}
    assert lacking["moderator", "hide"] == ("rolf",)
    assert lacking["administrator", "place"] == ("administrators",)
    assert not found.possible


def test_readers_before_and_after() -> None:
    bystander = post(12, "Me too", ref(Kind.MEMBER, 40))
    continued = plan(scene(post(10, f"Order {NUMBER}"), bystander))
    rows = {one.who: (one.today, one.public, one.private, one.lost) for one in continued.readers}
    assert rows["anyone"] == ("all", "but", "nothing", 1)
    assert rows["bystanders"] == ("all", "but", "nothing", 1)
    assert rows["customer"] == ("all", "all", "all", 0), "an author reads an own hidden post"
    taken = plan(scene(post(10, f"Order {NUMBER}"), bystander), shape=Shape.TAKE)
    assert {one.who: (one.public, one.private) for one in taken.readers}["bystanders"] == ("pointer", "nothing")
    assert "bystanders_lose" in {remark.code for remark in taken.remarks}


def test_who_repeats_what_is_private_is_hidden_too() -> None:
    quote, other = (
        post(11, f"> Order {NUMBER} is wrong\n\nOh", ref(Kind.MEMBER, 40)),
        post(12, "Hello", ref(Kind.MEMBER, 41)),
    )
    found = plan(scene(post(10, f"Order {NUMBER} is wrong"), quote, other))
    assert found.leaves == (ref(Kind.POST, 10), ref(Kind.POST, 11))
    quoted_here = next(remark for remark in found.remarks if remark.code == "quoted_here")
    assert quoted_here.refs == (ref(Kind.POST, 11),)


def test_what_cannot_be_called_back_is_said() -> None:
    attached = post(10, f"Order {NUMBER} ![x](/assets/uploads/files/invoice.pdf)")
    found = plan(scene(attached, post(11, "x", CLERK), elsewhere=(ref(Kind.POST, 99),)))
    said = {remark.code: remark for remark in found.remarks}
    assert {"followers_mailed", "search_engines", "federated", "attachments_stay", "quoted_elsewhere"} <= said.keys()
    assert said["quoted_elsewhere"].refs == (ref(Kind.POST, 99),)
    titled = plan(scene(thread=replace(THREAD, title=f"Order {NUMBER}")))
    assert "title_tells" in {remark.code for remark in titled.remarks}
    assert "members_may_invite" in {remark.code for remark in plan(scene(), Place.CHAT).remarks}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"customer": None}, "customer_gone"),
        ({"customer": Member(CUSTOMER, "maren", banned=True)}, "customer_banned"),
        ({"customer": Member(CLERK, "rolf")}, "customer_is_staff"),
        ({"forum": replace(FORUM, private=True)}, "already_private"),
        ({"thread": replace(THREAD, hidden=True)}, "thread_hidden"),
        ({"thread": replace(THREAD, complete=False, post_count=40)}, "thread_incomplete"),
        ({"under": None}, "team_forum_unknown"),
        ({"under": replace(TEAM, private=None)}, "team_forum_open"),
        ({"community": row(platform="discourse")}, "place_not_offered"),
    ],
)
def test_what_stops_it(facts: dict[str, object], code: str) -> None:
    found = plan(scene(**facts))
    assert code in codes(found)
    assert not found.possible


def test_a_pointer_that_tells_is_stopped() -> None:
    assert "pointer_tells" in codes(plan(scene(), pointer=f"We look after {NUMBER} in private."))
    assert "pointer_blocked" in codes(plan(scene(), pointer="Hi {{name}}, in private"))
    assert "post_not_here" in codes(plan(scene(), hide=(ref(Kind.POST, 5000),)))
    assert "place_not_offered" in codes(plan(scene(), Place.CHAT, Shape.TAKE))


def test_a_lone_post_takes_its_thread_along_and_the_thread_comes_back_with_the_pointer() -> None:
    found = plan(scene(post(10, f"Order {NUMBER}")))
    assert whats(found)[-2:] == ["pointer", "show_thread"]
    last = found.steps[-1].wish
    assert (last.action, last.target) == (Action.RESTORE, THREAD.id)


def test_a_long_copy_comes_in_parts_that_fit_and_say_everything() -> None:
    lines = "\n".join(f"line {number} " + "x" * 60 for number in range(40))
    long = [post(10, lines), post(11, "y" * 3000)]
    for limit in (1000, 32767):
        parts = quoted(long, WORDING, "From https://acme/t/156", limit)
        assert all(len(part) <= limit for part in parts)
        said = "".join(parts)
        assert all(f"line {number} " in said for number in range(40))
        assert said.count("y") >= 3000
        assert len(set(parts)) == len(parts)
    assert "copy_too_long" in codes(plan(scene(post(10, f"{NUMBER} " + "z" * 20_000)), Place.CHAT))
    many = plan(scene(post(10, f"{NUMBER} " + "z" * 70_000)))
    assert whats(many).count("copy_more") >= 2
    assert all(len(str(step.wish.payload.get("text", ""))) <= 32767 for step in many.steps)


def test_forty_people_in_a_thread() -> None:
    crowd = [post(10 + n, f"Me too, says {n}", ref(Kind.MEMBER, 100 + n)) for n in range(40)]
    found = plan(scene(post(9, f"Order {NUMBER}"), *crowd))
    assert found.possible
    assert next(row for row in found.readers if row.who == "bystanders").count == 40
    copied = next(step for step in found.steps if step.what == "copy")
    assert copied.count == 1, "of others only what is hidden is copied"


def test_a_copy_calls_nobody_and_speaks_for_nobody() -> None:
    text = quoted([post(10, "@pippa look, mail me at a.b@example.org")], WORDING, "head", 32767)[0]
    assert "@pippa" not in text
    assert "a.b@example.org" in text
    assert "> " in text
    assert "maren wrote" in text


def test_a_rendered_post_is_read_as_text() -> None:
    html = '<p>One<br>two</p><script>evil()</script><blockquote><p>three &amp; four</p></blockquote><img src="/x.png">'
    assert plain(html).split() == ["One", "two", "three", "&", "four", "/x.png"]
    assert plain('<p>Thanks <img class="emoji emoji--tada" alt="🎉" src="/e.png"></p>') == "Thanks 🎉"
    rendered = plan(scene(post(10, "", body=None, body_html=f"<p>Order {NUMBER}</p>"), post(11, "x", CLERK)))
    assert "rendered_copy" in {remark.code for remark in rendered.remarks}


def test_keys_come_from_the_thread_and_count_on() -> None:
    assert key_for(THREAD.id, []) == "case-156"
    done = Case("case-156", NAME, str(THREAD.id), "", "", "", "continue", "chat", "", "", AT)
    assert key_for(THREAD.id, [done]) == "case-156-2"
    assert key_for(THREAD.id, [replace(done, key="case-156-2"), done]) == "case-156-3"
    assert made_by("thread:chat-5@room.17", NAME) == ref(Kind.THREAD, "chat-5")
    assert made_by("chat:5.12", NAME) is None
    assert stand_in(NAME, Kind.FORUM, "case-156") == ref(Kind.FORUM, "case-156")
