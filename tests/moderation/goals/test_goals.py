"""The worksheet of goals: what it takes, what is odd in which line, and how goals stand by live figures."""

from functools import partial

import pytest

from moderation.coverage.computing import cover
from moderation.errors import NotAllowedError
from moderation.goals import Goal, read_sheet, standing, write_sheet
from moderation.goals.model import Target
from moderation.goals.telling import cells, reached, sheet
from resources import messages
from tests.moderation.coverage.held_out import HERE, RULES, SINCE, UNTIL, lines

FORUM = f"{HERE}:forum:help"
SHEET = f"""
# What we promise each other
[[goal]]
department = "Support"
goal = "Nobody waits over a weekend"
problem = "Questions of \\"Friday\\""
measure = "first_response_p90_s"
target = "at most 8h"
forums = ["{FORUM}"]

[[goal]]
department = "サポート"
goal = "回答率を上げる"
problem = "未回答が多い"
measure = "within_goal"
target = "at least 80 %"

[[goal]]
department = "Product"
goal = "Fewer open questions"
problem = "They pile up"
measure = "open"
"""


def test_what_is_written_is_what_was_read() -> None:
    goals = read_sheet(SHEET, {FORUM})
    assert goals[0] == Goal(
        "Support", "Nobody waits over a weekend", 'Questions of "Friday"', "first_response_p90_s",
        Target(28800.0, True), (FORUM,),
    )  # fmt: skip
    assert goals[1].target == Target(0.8, False)
    assert goals[2].target is None
    assert read_sheet(write_sheet(goals), {FORUM}) == goals
    assert read_sheet("", set()) == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("measure = \"open\"", "measure = \"opne\""), 22),
        (("at least 80 %", "at least eighty"), 16),
        (("at most 8h", "at most 8 %"), 8),
        (("at most 8h", "8h"), 8),
        ((FORUM, f"{HERE}:forum:gone"), 9),
        (("problem = \"They", "problme = \"They"), 21),
        (("department = \"Product\"", ""), 18),
        (("department = \"Product\"", "department = 7"), 19),
        (("goal = \"Fewer open questions\"", "goal = \"Fewer"), 20),
        (("# What we promise each other", "[other]"), 2),
        (("# What we promise each other", "goal = 3"), 3),
    ],
)  # fmt: skip
def test_what_is_odd_is_named_with_its_line(change: tuple[str, str], line: int) -> None:
    text = SHEET.replace(*change)
    assert text != SHEET
    with pytest.raises(NotAllowedError) as raised:
        read_sheet(text, {FORUM})
    assert (raised.value.code, raised.value.facts["line"]) == ("goals_odd", line)


def test_goals_stand_by_the_figures_that_the_report_shows() -> None:
    covered = cover(lines(), SINCE, UNTIL, RULES)
    now = covered.total
    goals = [
        Goal("A", "g", "p", "unanswered", Target(now.count("unanswered"), True)),
        Goal("B", "g", "p", "unanswered", Target(now.count("unanswered") - 1, True)),
        Goal("C", "g", "p", "threads", Target(1.0, False), (FORUM,)),
        Goal("D", "g", "p", "threads", Target(1.0, False), (f"{HERE}:forum:other",)),
        Goal("E", "g", "p", "first_response_median_s"),
    ]
    told = standing(goals, now, now)
    words = partial(messages.text, language="en")
    assert cells(words, told[0])[-2:] == [f"at most {now.count('unanswered')}", "reached"]
    assert [reached(words, one) for one in told[1:]] == ["not reached", "reached", "no figure yet", "no target"]
    assert [one.reached for one in told] == [True, False, True, None, None]
    assert told[2].now == told[2].before == covered.forums["help"].number("threads")
    assert told[3].now is None
    assert told[4].now == now.number("first_response_median_s")


def test_the_head_of_a_report_is_harmless_whoever_wrote_the_goals() -> None:
    words = partial(messages.text, language="ja")
    (one,) = standing([Goal("<b>", "A & B", "<script>x</script>", "open")], cover(lines(), SINCE, UNTIL, RULES).total)
    page = sheet(words, [one])
    assert "<script>" not in page
    assert "<b>" not in page
    assert "A &amp; B" in page
    assert page.startswith("<h2>目標</h2>")
    assert sheet(words, []) == ""
