"""How much an hour brought, by forum, beside the same hour of the weeks before."""

from datetime import timedelta

from moderation.alarms.unhappy import finder
from moderation.alarms.volume import Volume
from moderation.ids import Kind
from tests.factory import HERE, at, item, post, ref, thread
from tests.sync.mirror.place import Mirror

UNHAPPY = finder(["refund"])
UNTIL = round(at(0).timestamp() * 1000)


def volume(mirror: Mirror, weeks: int = 2, leave_out: frozenset[str] = frozenset()) -> dict[str, list[Volume]]:
    return mirror.reader.volume(HERE, UNTIL, weeks, UNHAPPY, leave_out)


def minutes(count: float, weeks: int = 0) -> timedelta:
    return timedelta(minutes=-count, weeks=-weeks)


def test_only_the_hour_counts_and_that_of_weeks_before(mirror: Mirror) -> None:
    when = {1: minutes(1), 2: minutes(60), 3: minutes(60.1), 4: minutes(0), 5: minutes(30, 1), 6: minutes(30, 3)}
    mirror.tell(items=[item(number, created_at=at(0) + back) for number, back in when.items()])
    assert volume(mirror) == {"1": [Volume(2), Volume(1), Volume(0)]}
    assert volume(mirror, 0) == {"1": [Volume(2)]}


def test_held_posts_are_no_reports(mirror: Mirror) -> None:
    mirror.tell(items=[item(1, kind=Kind.HELD, created_at=at(0) + minutes(5))])
    assert volume(mirror) == {}


def test_unhappy_posts_of_customers_that_the_public_can_read(mirror: Mirror) -> None:
    texts = {1: "A <b>refund</b>, now", 2: "All is well", 3: "Refund", 4: "Refund", 5: "Refund", 6: "Refund"}
    facts = {4: {"author": ref(Kind.MEMBER, 7)}, 5: {"staff_only": True}, 6: {"hidden": True}}
    posts = [
        post(number, body_html=text, created_at=at(0) + minutes(number), **facts.get(number, {}))
        for number, text in texts.items()
    ]
    secret = post(9, in_thread=2, in_forum=2, body_html="Refund", created_at=at(0) + minutes(9))
    mirror.tell(threads=[thread(1), thread(2, in_forum=2)], posts=[*posts, secret])
    assert volume(mirror, leave_out=frozenset({"7"})) == {"1": [Volume(0, 2), Volume(), Volume()]}


def test_what_its_author_typed_counts_before_what_was_made_of_it(mirror: Mirror) -> None:
    typed = post(1, body="> refund\n\nNo", body_html="<p>refund No</p>", created_at=at(0) + minutes(1))
    mirror.tell(threads=[thread(1)], posts=[typed])
    assert volume(mirror) == {}
