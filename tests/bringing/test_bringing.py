"""The answer of a case over the sample community: proposed, checked, and posted once as the company."""

from dataclasses import replace

import pytest

from moderation.cases import CaseState
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.findings import Severity
from moderation.ids import Kind
from moderation.intents import Identities, IntentState
from sync.sandbox.state import threads
from tests.bringing.solved import ANSWER, CONFIRMED, NEW, PUBLIC, WORRY, Solved, removed
from tests.conversion.stage import COMPANY, CUSTOMER, PHONE, SECRET, ref

# What changes nothing shares one community.


def test_the_answer_is_proposed_without_what_is_private(settled: Solved) -> None:
    opened = settled.open()
    assert opened.proposal.text == "We called you at [phone removed] about [order removed]. " + PUBLIC
    assert [one.kind for one in opened.proposal.struck] == ["phone", "order"]
    assert opened.official == COMPANY
    assert not opened.marks
    assert opened.obstacles == ()
    assert opened.texts.known.complete
    by_private = settled.bringing.propose(settled.private, removed)
    assert by_private.proposal.text == opened.proposal.text


def test_nothing_is_posted_before_every_sentence_was_accepted(settled: Solved) -> None:
    before = len(settled.stage.journal.plans())
    plan, objections = settled.bringing.post(settled.thread, PUBLIC, (), removed)
    assert plan is None
    stops = [one for one in objections if one.stops]
    assert {one.rule for one in stops} == {"private_words_staff"}
    some, more = settled.bringing.post(settled.thread, PUBLIC, (stops[0].token,), removed)
    assert some is None
    assert len([one for one in more if one.stops]) == len(stops) - 1
    worry = settled.objections(WORRY)
    assert [(one.rule, one.severity) for one in worry] == [("private_words_customer", Severity.BLOCK)]
    assert len(settled.stage.journal.plans()) == before


@pytest.mark.parametrize("draft", [f"Call {PHONE}.", f"It was {SECRET}.", ANSWER])
def test_private_data_never_leaves(settled: Solved, draft: str) -> None:
    plan, objections = settled.bringing.post(settled.thread, draft, settled.all_tokens(draft), removed)
    assert plan is None
    assert any(one.rule == "private_data" for one in objections)


def test_hidden_posts_and_notes_are_private_and_the_visible_thread_is_not(settled: Solved) -> None:
    assert settled.objections("The invoice still shows my old address!") == []
    assert settled.objections("Same here, but not with that number."), "the conversion has hidden it"
    refund = "They were promised a refund of ninety pounds."
    assert settled.objections(refund) == []
    settled.stage.desk.conversing.note(settled.stage.case(), refund)
    assert [one.rule for one in settled.objections(refund)] == ["private_words_note"]


def test_neutral_words_are_no_placeholders_and_leftover_ones_are(settled: Solved) -> None:
    assert settled.objections("It was about [order removed] and nothing else.") == []
    assert [one.rule for one in settled.objections("It was about [order] and {{name}}.")] == ["placeholder"] * 2


def test_unsent_text_is_kept(settled: Solved) -> None:
    settled.bringing.save_draft(settled.stage.case(), "Half a sentence")
    assert settled.open().draft == "Half a sentence"


def test_what_has_no_case_has_no_answer(settled: Solved) -> None:
    with pytest.raises(UnknownIdError, match="case_unknown"):
        settled.bringing.case_of(ref(Kind.THREAD, 1))


# What changes something


def test_it_is_posted_once_as_the_company_and_the_case_knows_it(solved: Solved) -> None:
    tokens = solved.all_tokens(PUBLIC)
    solved.bringing.save_draft(solved.stage.case(), PUBLIC)
    status = solved.stage.desk.conversing.standings()[0].status
    plan = solved.post()
    assert solved.stage.desk.conversing.standings()[0].status is status, "the conversion is not moving again"
    assert [intent.identity for intent in plan.intents] == [Identities.OFFICIAL]
    entries = [one for one in solved.stage.team.audit() if one.action == "accept_sentences"]
    assert len(entries) == 1
    assert len(entries[0].facts["accepted"]) == len(tokens)
    assert "Addresses" not in str(entries[0]), "the log keeps no text"
    solved.stage.settle()
    assert solved.step(plan).state is CONFIRMED, solved.step(plan).trouble
    (answer,) = solved.answers()
    assert answer.thread == int(solved.thread.native)
    case = solved.stage.case()
    assert case.made("answer") == ref(Kind.POST, answer.id)
    assert case.state is CaseState.OPEN
    assert solved.open().draft == "", "it stands in public now"
    again, objections = solved.bringing.post(solved.thread, NEW, (), removed)
    assert again is None
    assert objections[0].rule == "answer_there"
    solved.stage.settle()
    assert len(solved.answers()) == 1


def test_a_closed_case_brings_its_answer_back_too_and_an_open_one_is_closed_on_request(solved: Solved) -> None:
    solved.stage.desk.privately.close(solved.thread)
    assert solved.open().obstacles == ()
    solved.stage.team.set_case_state(solved.stage.case().community, solved.stage.case().key, CaseState.OPEN)
    solved.post(close=True)
    solved.stage.settle()
    assert solved.stage.case().state is CaseState.CLOSED
    assert solved.open().obstacles[0].rule == "answer_there"


def test_a_case_that_was_taken_back_has_no_answer(solved: Solved) -> None:
    plan = solved.post()
    solved.stage.team.set_case_state(solved.stage.case().community, solved.stage.case().key, CaseState.UNDOING)
    with pytest.raises(NotAllowedError, match="case_taken_back"):
        solved.open()
    solved.stage.settle()
    assert (solved.step(plan).trouble or {})["code"] == "case_taken_back"
    assert solved.answers() == []


def test_what_became_of_the_public_thread_meanwhile_stops_it(solved: Solved) -> None:
    state = solved.stage.community.state
    thread = state.thread(int(solved.thread.native))
    forum = thread.forum

    def meanwhile(change: str) -> None:
        thread.locked, thread.hidden = change == "locked", change == "hidden"
        to = solved.stage.forum("Private cases") if change == "moved" else forum
        if to != thread.forum:
            threads.move(state, state.by_name("osric_vale").id, thread, to)

    for change, rule in (("locked", "locked"), ("hidden", "hidden"), ("moved", "private")):
        plan = solved.post()
        with state.lock:
            meanwhile(change)
        solved.stage.settle()
        assert solved.step(plan).state in {IntentState.REFUSED, IntentState.CONFLICT}, change
        solved.read()
        assert solved.open().obstacles[0].rule == f"answer_thread_{rule}"
        with state.lock:
            meanwhile("")
        solved.read()
    assert solved.answers() == []


def test_a_try_that_was_called_back_leaves_the_way_free_and_a_second_one_waits(solved: Solved) -> None:
    first = solved.post(NEW)
    assert solved.open().obstacles[0].rule == "answer_under_way"
    before = solved.bringing._obstacles
    solved.bringing._obstacles = lambda case, texts: ([], None)  # type: ignore[method-assign]
    with pytest.raises(NotAllowedError, match="answer_under_way"):  # a window that had looked before that
        solved.post(NEW)
    solved.bringing._obstacles = before  # type: ignore[method-assign]
    solved.stage.journal.close_plan(first.id)
    row = solved.stage.desk.communities()[0]
    solved.stage.copy.writer.put_community(replace(row, official=None))
    with pytest.raises(NotAllowedError, match="no_official_account"):
        solved.post()
    plan = solved.post(identity=Identities.ME)
    solved.stage.settle()
    assert solved.step(first).state is IntentState.CANCELLED
    answer = solved.stage.case().made("answer")
    assert answer is not None
    assert solved.stage.community.state.post(int(answer.native)).author == solved.stage.community.uid(solved.stage.me)
    assert solved.step(plan).state is CONFIRMED


def test_where_the_private_place_is_not_all_here_every_sentence_is_asked_about(solved: Solved) -> None:
    solved.say(CUSTOMER, "One more thing that nobody has read yet.")
    stage = solved.stage
    connection = stage.connections[Identities.ME]
    head = [records for batch in connection.fetch([solved.private], stage.copy.known) for records in batch.records]
    for records in head:
        stage.copy.absorb(
            [replace(records, posts=(), threads=tuple(replace(t, complete=False) for t in records.threads))]
        )
    assert not solved.open().texts.known.complete
    assert {one.rule for one in solved.objections(NEW)} == {"private_unread"}
    solved.read()
    assert solved.open().texts.known.complete
    hidden = stage.copy.reader.post(solved.stage.posts[0])
    assert hidden is not None
    assert hidden.hidden
    stage.copy.absorb(
        [replace(head[0], seq=head[0].seq + 10**6, threads=(), posts=(replace(hidden, body="", body_html=""),))]
    )
    assert not solved.open().texts.known.complete, "a hidden post whose text is not here"
