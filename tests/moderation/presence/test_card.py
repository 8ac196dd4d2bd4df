"""What a card says: only of people who agreed, only what the figures bear, the same text for the same facts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from console.presence import card_words
from moderation.content import Forum
from moderation.ids import Kind, Ref
from moderation.people import Absence, Consent, parse_hours
from moderation.presence import Card, CardState, Facts, Looker, Usual, Verdict, draft, judge, marked, rendered, title_of
from moderation.presence.looking import away_now
from moderation.presence.text import digest, language_of, section_of, with_section

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
FORUM = Forum(Ref("forum.example", Kind.FORUM, "5"), "Routers", private=False)
TAMSIN = Looker("p1", "Tamsin Vole", Consent.NAME, "Network", ("en", "ja"))
QUILL = Looker("p2", "Quill Marrow", Consent.TEAM, "Network", ("de",))
HIDDEN = Looker("p3", "Odo Fenwick", Consent.NEVER, "Secret team", ("fr",))
HOURS = parse_hours("Mon-Fri 09:00-17:00", "Europe/Berlin")
FACTS = Facts(FORUM, (TAMSIN, QUILL, HIDDEN), True, True, HOURS, Usual(3 * 3600, 40, NOW))
DAYS = timedelta(days=1)


def text(facts: Facts, language: str = "en") -> str:
    return rendered(FORUM.id, draft(facts, NOW).statements, card_words(language))


def card(facts: Facts = FACTS, **fields: object) -> Card:
    said = draft(facts, NOW).statements
    post = Ref("forum.example", Kind.POST, "9")
    standing = Card(
        FORUM.id, state=CardState.PUBLISHED, digest=digest(text(facts)), states=said.kept(), post=post,
        changed_at=NOW - 2 * DAYS, at=NOW - 2 * DAYS,
    )  # fmt: skip
    return replace(standing, **fields)  # type: ignore[arg-type]


def judged(facts: Facts, standing: Card | None = None, now: datetime = NOW):  # type: ignore[no-untyped-def]
    kept = standing or card()
    drafted = draft(facts, now, kept.states)
    return judge(kept, drafted, digest(rendered(FORUM.id, drafted.statements, card_words("en"))), now)


def test_the_card_names_who_agreed_and_the_team_of_the_others() -> None:
    assert text(FACTS) == (
        "[//]: # (presence-card 5)\n\n"
        "- **Looked after by:** Tamsin Vole, Network\n"
        "- **Hours:** Mon–Fri 09:00–17:00 (time zone Europe/Berlin)\n"
        "- **Languages:** German, English, Japanese\n"
        "- **Usual time to an answer:** half of our first answers come within 4 hours (over the last 90 days)\n\n"
        "We keep this card up to date. Questions are best asked in a thread of their own."
    )


def test_who_said_never_leaves_no_trace() -> None:
    said = text(FACTS)
    assert "Odo" not in said
    assert "Secret" not in said
    assert "French" not in said
    assert draft(replace(FACTS, people=(HIDDEN,)), NOW).why_not == ("nobody_may_be_shown",)


def test_in_japanese_it_is_japanese() -> None:
    away = replace(TAMSIN, away=Absence(NOW - DAYS, NOW + 9 * DAYS))
    said = text(replace(FACTS, people=(away,)), "ja")
    assert "**担当:** Tamsin Vole、Network" in said
    assert "月–金 09:00–17:00" in said
    assert "Tamsin Vole（2026年3月13日に復帰予定）" in said
    assert language_of(replace(FORUM, name="ルーター")) == "ja"
    assert language_of(FORUM) == "en"
    assert "{" not in said + title_of(FORUM, card_words("ja"))


@pytest.mark.parametrize(
    ("usual", "left_out"),
    [
        (None, "figures_missing"),
        (Usual(60, 9, NOW), "threads_few"),
        (Usual(60, 90, NOW - 8 * DAYS), "figures_old"),
        (Usual(8 * 86400, 90, NOW), "usual_long"),
    ],
)
def test_no_usual_time_is_told_that_the_figures_do_not_bear(usual: Usual | None, left_out: str) -> None:
    drafted = draft(replace(FACTS, usual=usual), NOW)
    assert drafted.statements.usual_s is None
    assert drafted.left_out == (left_out,)
    assert "Usual time" not in text(replace(FACTS, usual=usual))


def test_a_figure_that_wavers_around_a_step_changes_nothing() -> None:
    for median in (2 * 3600 * 0.9, 4 * 3600 * 1.1):
        assert judged(replace(FACTS, usual=Usual(median, 40, NOW))).verdict is Verdict.TRUE
    assert judged(replace(FACTS, usual=Usual(6 * 3600, 40, NOW))).kinds == ("usual_s",)


def test_a_name_means_nothing_in_markdown_and_calls_nobody() -> None:
    odd = replace(TAMSIN, name="@all [x](http://a.example) *Z*\nB", team="")
    assert "Looked after by:** ＠all \\[x\\]\\(http\\://a.example\\) \\*Z\\* B\n" in text(replace(FACTS, people=(odd,)))


def test_short_absences_are_not_told_and_those_that_touch_are_one() -> None:
    one, two = Absence(NOW - DAYS, NOW), Absence(NOW, NOW + DAYS)
    assert away_now([one], NOW) is None
    assert away_now([two], NOW) is None
    assert away_now([two, one], NOW) == Absence(NOW - DAYS, NOW + DAYS)
    said = draft(replace(FACTS, people=(replace(TAMSIN, away=Absence(NOW, NOW + 3 * DAYS)),)), NOW).statements
    assert said.away == (("p1", "Tamsin Vole", date(2026, 3, 7)),)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (replace(FACTS, forum=replace(FORUM, private=None)), "forum_not_public"),
        (replace(FACTS, forum=replace(FORUM, private=True)), "forum_not_public"),
        (replace(FACTS, forum=replace(FORUM, messages=True)), "forum_of_messages"),
        (replace(FACTS, confirmed=False), "roster_not_confirmed"),
        (replace(FACTS, people=(HIDDEN,)), "nobody_may_be_shown"),
    ],
)
def test_what_forbids_a_card_takes_it_down_at_once(facts: Facts, why: str) -> None:
    assert draft(facts, NOW).why_not[0] == why
    found = judged(facts)
    assert (found.verdict, found.reason) == (Verdict.TAKE_DOWN, why)


def test_a_forum_that_nobody_covers_has_a_day() -> None:
    alone = replace(FACTS, covered=False)
    first = judged(alone)
    assert (first.verdict, first.untrue_since) == (Verdict.WAIT, NOW)
    standing = card(untrue_since=NOW)
    assert judged(alone, standing, NOW + timedelta(hours=23)).verdict is Verdict.WAIT
    assert judged(alone, standing, NOW + timedelta(hours=24)).reason == "nobody_covers"
    back = judged(FACTS, standing, NOW + timedelta(hours=23))
    assert (back.verdict, back.untrue_since) == (Verdict.TRUE, None)
    assert judged(replace(FACTS, covered=None)).verdict is Verdict.TRUE


def test_a_name_goes_at_once_and_from_the_history_all_else_waits() -> None:
    fresh = card(changed_at=NOW - timedelta(minutes=5))
    hours = replace(FACTS, hours=parse_hours("Mon 09:00-17:00", "Europe/Berlin"))
    assert judged(hours, fresh).reason == "changed_lately"
    assert judged(hours, fresh, NOW + timedelta(hours=6)).kinds == ("hours",)
    withdrawn = replace(FACTS, people=(replace(TAMSIN, consent=Consent.TEAM), QUILL))
    found = judged(withdrawn, fresh)
    assert (found.verdict, found.names_go, found.kinds) == (Verdict.CHANGE, True, ("names",))
    never = judged(replace(FACTS, people=(replace(TAMSIN, consent=Consent.NEVER),), covered=False), fresh)
    assert never.verdict is Verdict.TAKE_DOWN


def test_a_card_changed_by_hand_is_left_alone_unless_a_name_must_go() -> None:
    theirs = card(state=CardState.CONFLICT)
    assert judged(replace(FACTS, hours=parse_hours("Mon 09:00-17:00", "UTC")), theirs).verdict is Verdict.WAIT
    withdrawn = judged(replace(FACTS, people=(QUILL,)), theirs)
    assert (withdrawn.verdict, withdrawn.reason) == (Verdict.TAKE_DOWN, "edited_by_hand")


def test_what_was_refused_is_not_tried_every_minute() -> None:
    stopped = card(state=CardState.STOPPED, at=NOW - timedelta(hours=1))
    gone = replace(FACTS, people=(HIDDEN,))
    assert judged(gone, stopped).verdict is Verdict.WAIT
    assert judged(gone, stopped, NOW + timedelta(hours=6)).verdict is Verdict.TAKE_DOWN


def test_a_section_leaves_what_others_wrote_as_it_is() -> None:
    theirs, one, two = "All about routers.\n\nPlease search first.", text(FACTS), text(replace(FACTS, usual=None))
    whole = with_section(theirs, FORUM.id, one)
    assert whole.startswith(theirs + "\n\n")
    assert section_of(whole, FORUM.id) == one
    assert marked(whole, FORUM.id)
    assert with_section(whole, FORUM.id, one) == whole
    assert section_of(with_section(whole, FORUM.id, two), FORUM.id) == two
    assert with_section(whole, FORUM.id, "") == theirs
    added = whole + "\n\nAdded below."
    assert with_section(added, FORUM.id, "") == theirs + "\n\nAdded below."
    assert not marked(whole, Ref("forum.example", Kind.FORUM, "50"))
