"""The plan of a conversion on Discourse: what is hidden how, with which key, and what stops it."""

from dataclasses import replace

import pytest

from moderation.actions import Action
from moderation.cases import Case, CaseState, CaseStep
from moderation.content import Identity, Member
from moderation.conversion import Conversion, Place, Scene, Shape, plan_conversion, plan_undo
from moderation.conversion.parts import Wanted
from moderation.conversion.places import places_for
from moderation.ids import Kind, Ref
from moderation.intents import Identities, IntentState
from tests.conversion.stage import WORDING
from tests.moderation.test_conversion import (
    AT,
    CLERK,
    COMPANY,
    CUSTOMER,
    FORUM,
    ME,
    NAME,
    NUMBER,
    THREAD,
    codes,
    post,
    ref,
    row,
    scene,
    whats,
)

TEAM = "support_team"


def here(*posts: object, roles: tuple[str, ...] = ("administrator",), **facts: object) -> Scene:
    """The scene of the other plans on a Discourse, with a group that joins."""
    community = row(roles, platform="discourse")
    allowed = frozenset({"reply", "hide", "x:message", "x:open"})
    company = Identity(COMPANY, "acme", frozenset({"member"}), may=allowed)
    given = {"community": replace(community, official=company), "groups": (TEAM,), "under": None, **facts}
    return scene(*posts, **given)  # type: ignore[arg-type]


def plan(found: Scene, shape: Shape = Shape.CONTINUE, **facts: object) -> Conversion:
    wanted = Wanted(shape, Place.MESSAGE, (found.posts[0].id,))
    return plan_conversion(found, replace(wanted, **facts), WORDING)  # type: ignore[arg-type]


def test_a_message_is_what_discourse_has_in_both_shapes() -> None:
    assert places_for("discourse", Shape.CONTINUE)[0] is Place.MESSAGE
    assert Place.MESSAGE in places_for("discourse", Shape.TAKE)
    assert Place.MESSAGE not in places_for("nodebb", Shape.CONTINUE)


def test_an_opening_post_is_redacted_and_replies_are_hidden() -> None:
    quote = post(11, f"> Order {NUMBER} is wrong\n\nOh", ref(Kind.MEMBER, 40))
    found = plan(here(post(10, f"Order {NUMBER} is wrong"), quote))
    assert found.possible, (found.missing, found.blocked)
    assert whats(found) == ["redact", "hide", "message", "people", "pointer"]
    redact, hide, made, people, pointer = (step.wish for step in found.steps)
    assert (redact.action, redact.target.native, redact.payload["redact"]) == (Action.HIDE, "10", WORDING.redacted)
    assert NUMBER not in str(redact.payload["redact"])
    assert "redact" not in hide.payload
    assert made.payload["title"].endswith("(case-156)"), "by which it is found again"
    assert NUMBER in str(made.payload["text"])
    assert set(made.payload["readers"]) == {str(ME), str(COMPANY)}
    assert made.payload["groups"] == [TEAM]
    assert (people.action, people.target, people.payload["place"]) == (
        Action.ADMIT,
        CUSTOMER,
        f"{NAME}:thread:case-156",
    )
    assert pointer.target == THREAD.id
    assert {"administrators_read", "history_shows_edit"} <= {remark.code for remark in found.remarks}


def test_an_opening_post_alone_leaves_its_thread_open() -> None:
    assert whats(plan(here(post(10, f"Order {NUMBER}")))) == ["redact", "message", "people", "pointer"]


def test_the_thread_itself_leaves_whole_with_nothing_hidden_before() -> None:
    found = plan(here(), Shape.TAKE)
    assert whats(found) == ["move", "pointer"]
    move = found.steps[0].wish
    assert (move.action, move.payload["from_forum"], move.payload["was_public"]) == (
        Action.CONVERT,
        str(FORUM.id),
        ["10", "11"],
    )
    assert set(move.payload["readers"]) == {str(CUSTOMER), str(ME), str(COMPANY)}
    assert {"bystanders_lose", "links_break"} & {remark.code for remark in found.remarks} == {"links_break"}


def test_who_reads_what() -> None:
    found = plan(here(post(10, f"Order {NUMBER}"), post(11, "x", ref(Kind.MEMBER, 40))))
    rows = {row.who: (row.public, row.private, row.lost) for row in found.readers}
    assert rows["customer"] == ("but", "all", 1), "an author does not read an own redacted post"
    assert rows["bystanders"] == ("but", "nothing", 1)
    assert (rows["administrators"][1], rows["global_moderators"][1]) == ("all", "nothing")


def test_the_company_begins_the_message_where_it_may() -> None:
    made = next(step for step in plan(here()).steps if step.what == "message")
    assert (made.account, made.identity) == ("acme", Identities.OFFICIAL)
    mute = Identity(COMPANY, "acme", frozenset({"member"}), may=frozenset({"reply"}))
    found = here()
    silent = replace(found, community=replace(found.community, official=mute))
    assert next(step for step in plan(silent).steps if step.what == "message").account == "ada"


def test_who_moderates_a_single_category_may_neither_redact_nor_convert() -> None:
    single = here(roles=("forum_moderator",))
    lacking = {(one.right, one.step) for one in plan(single).missing}
    assert lacking == {("moderator", "redact")}
    assert {(one.right, one.step) for one in plan(single, Shape.TAKE).missing} == {("moderator", "move")}


@pytest.mark.parametrize(
    ("facts", "shape", "code"),
    [
        ({"customer": None}, Shape.CONTINUE, "customer_gone"),
        ({"customer": Member(CUSTOMER, "maren", banned=True)}, Shape.CONTINUE, "customer_banned"),
        ({"customer": Member(ME, "ada")}, Shape.CONTINUE, "customer_is_staff"),
        ({"colleagues": (ref(Kind.MEMBER, 77),)}, Shape.CONTINUE, "colleague_unknown"),
    ],
)
def test_what_stops_it(facts: dict[str, object], shape: Shape, code: str) -> None:
    found = plan(here(**facts), shape)
    assert code in codes(found)
    assert not found.possible


def test_forty_writers_would_shut_the_customer_out_of_their_own_thread() -> None:
    crowd = [post(10 + n, f"Me too, says {n}", ref(Kind.MEMBER, 100 + n)) for n in range(40)]
    taken = plan(here(post(9, f"Order {NUMBER}"), *crowd), Shape.TAKE)
    assert "too_many_writers" in codes(taken)
    assert plan(here(post(9, f"Order {NUMBER}"), *crowd)).possible, "a copy goes on in private all the same"


def test_a_long_copy_goes_on_where_only_those_read_who_should() -> None:
    found = plan(here(post(10, f"{NUMBER} " + "z" * 70_000), post(11, "x", CLERK)))
    more = [step.wish for step in found.steps if step.what == "copy_more"]
    assert len(more) >= 2
    for wish in more:
        assert wish.target.native == "case-156"
        assert wish.payload["customer"] == str(CUSTOMER)
        assert wish.payload["groups"] == [TEAM]
        assert len(str(wish.payload["text"])) <= 32767


def step(action: Action, target: Ref, receipt: str, made: str = "", **facts: object) -> CaseStep:
    return CaseStep(
        f"i{target.native}{action}", "case-156", NAME, str(action), str(target), IntentState.CONFIRMED, made, receipt,
        AT, facts,
    )  # fmt: skip


def case(*steps: CaseStep, shape: str = "continue") -> Case:
    return Case(
        "case-156", NAME, str(THREAD.id), "", str(CUSTOMER), "maren", shape, "message", str(ME), "ada", AT,
        CaseState.OPEN, steps,
    )  # fmt: skip


def test_the_way_back_gives_the_text_back_by_the_receipt() -> None:
    opening = step(Action.HIDE, ref(Kind.POST, 10), "post:10@redacted.3.2-3")
    reply = step(Action.HIDE, ref(Kind.POST, 11), "post:11@hidden.17")
    made = step(Action.PLACE, CUSTOMER, "thread:12@post.29", "thread")
    back = plan_undo(case(opening, reply, made), here())
    assert [one.what for one in back.steps] == ["show", "show", "people_out"]
    assert back.steps[0].wish.payload["redacted"] == "post:10@redacted.3.2-3"
    assert "redacted" not in back.steps[1].wish.payload


def test_what_was_written_in_private_is_hidden_before_the_thread_is_public_again() -> None:
    moved = step(Action.CONVERT, THREAD.id, "thread:156@private.17", from_forum=str(FORUM.id), was_public=["10"])
    pointer = step(Action.OPEN, FORUM.id, "thread:90@post.400", "pointer")
    posts = (post(10, f"Order {NUMBER}"), post(11, "My real number is another one"), post(12, "gone", hidden=True))
    back = plan_undo(case(moved, pointer, shape="take"), here(*posts))
    assert [(one.what, one.wish.target.native) for one in back.steps] == [
        ("lock", "156"), ("hide_words", "11"), ("move_back", "156"), ("unlock", "156"), ("hide_pointer", "400"),
    ]  # fmt: skip
    assert back.steps[2].wish.payload["forum"] == str(FORUM.id)
    assert {remark.code: remark.count for remark in back.remarks}["words_hidden"] == 1


@pytest.mark.parametrize(("facts", "public"), [({"upto": str(ref(Kind.POST, 11))}, ["10", "11"]), ({}, [])])
def test_a_case_of_an_earlier_version_shows_no_more_than_is_known_to_have_been_public(
    facts: dict[str, object], public: list[str]
) -> None:
    moved = step(Action.CONVERT, THREAD.id, "thread:156@private.17", from_forum=str(FORUM.id), **facts)
    posts = (post(10, "A question"), post(11, "An answer"), post(12, "Between us: it is my sister's account"))
    back = plan_undo(case(moved, shape="take"), here(*posts))
    hidden = [one.wish.target.native for one in back.steps if one.what == "hide_words"]
    assert hidden == [one.id.native for one in posts[1:] if one.id.native not in public]
    moving = next(one for one in back.steps if one.what == "move_back")
    assert moving.wish.payload["was_public"] == public, "what the server is asked to compare with"
