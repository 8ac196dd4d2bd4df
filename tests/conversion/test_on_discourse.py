"""A thread goes private on the sample Discourse and comes back: what everybody reads, step by step."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.cli.conversion_documents import conversion
from moderation.case_tickets import TicketOffice
from moderation.cases import CaseState
from moderation.conversion import Place, Shape
from moderation.intents import Identities, IntentState, Plan
from moderation.proof import Answer, Proofs, Subject, What
from resources import messages
from sync.discourse import limits
from sync.discourse.connection import Discourse
from sync.engine.case_proofs import CaseProofs
from sync.sandbox.state.records import ADMINS, GLOBAL_MODERATORS
from tests.conversion.on_discourse import DiscourseStage
from tests.conversion.stage import ADMIN, BYSTANDER, CUSTOMER, OUTSIDER, PHONE, SECRET, WORDING
from tests.faults.ground import NAME
from tests.faults.kinds import Kind as Fault
from tests.faults.kinds import Rule

OUTSIDERS = (None, OUTSIDER, BYSTANDER)


@pytest.mark.parametrize(
    ("shape", "site_key", "over_http"),
    [(Shape.CONTINUE, True, True), (Shape.CONTINUE, False, False), (Shape.TAKE, False, False)],
)
def test_it_goes_private_and_comes_back(tmp_path: Path, shape: Shape, site_key: bool, over_http: bool) -> None:
    stage = DiscourseStage(tmp_path / "home", site_key=site_key)
    before = stage.readers()
    assert all(len(secrets) == 2 for secrets in before.values()), before
    plan = stage.convert(Place.MESSAGE, shape)
    stage.settle()
    done = stage.plan(plan)
    assert [(i.payload["what"], i.state, i.trouble) for i in done.intents if i.state is not IntentState.CONFIRMED] == []
    for who in OUTSIDERS:
        assert stage.secrets_of(who, over_http=over_http) == frozenset(), who
        assert "we go on with this in private" in stage.seen_by(who)
    assert stage.secrets_of(CUSTOMER, over_http=over_http) == {SECRET, PHONE}
    back, undo = stage.desk.privately.undo(stage.thread)
    assert back is not None, undo.missing
    stage.settle()
    assert [
        (i.payload["what"], i.state, i.trouble)
        for i in stage.plan(back).intents
        if i.state is not IntentState.CONFIRMED
    ] == []
    assert stage.readers() == before
    assert stage.case().state is CaseState.UNDONE
    assert "we go on with this in private" not in stage.seen_by(OUTSIDER)
    assert not stage.lets_in(CUSTOMER)
    stage.close()


def subjects(stage: DiscourseStage) -> list[Subject]:
    """What the case of a stage wants proven."""
    proofs = open_proofs(stage)
    ids = CaseProofs(NAME, stage.team, proofs, stage.journal).look(stage.clock.now())
    return [proof.subject for proof in proofs.proofs(community=NAME) if proof.id in ids]


def open_proofs(stage: DiscourseStage) -> Proofs:
    """Where proofs are kept: the team's store."""
    assert isinstance(stage.team, Proofs)
    return stage.team


def test_what_is_redacted_is_proven_and_a_history_that_shows_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "VISITOR_RATE", 10_000.0)
    stage = DiscourseStage(tmp_path / "home")
    stage.convert()
    stage.settle()
    wanted = subjects(stage)
    assert [(len(subject.posts), subject.redacted) for subject in wanted] == [(2, False), (1, True)]
    redacted = wanted[1]
    connection = stage.connections[Identities.ME]
    assert isinstance(connection, Discourse)
    prober = connection.prober({})
    found = prober.gather(redacted)
    assert not [one for one in prober.findings(found) if one.answer is Answer.VISIBLE]
    stage.community.leak(r"/posts/\d+/revisions/.*")
    seen = [one.probe.what for one in prober.findings(found) if one.answer is Answer.VISIBLE]
    assert set(seen) == {What.REVISIONS}
    prober.close()
    stage.close()


def test_a_colleague_takes_it_back_days_later_and_readers_are_as_before(tmp_path: Path) -> None:
    stage = DiscourseStage(tmp_path / "home", replies=False)
    before = stage.readers()
    stage.convert()
    stage.settle()
    stage.ground.pass_time(3 * 86400.0)
    stage.connections[Identities.ME] = stage.connect("dagny_pell")
    stage.me = "dagny_pell"
    stage.sign_in()
    plan, undo = stage.desk.privately.undo(stage.thread)
    assert plan is not None, undo.missing
    stage.settle()
    assert stage.readers() == before
    assert not stage.lets_in(CUSTOMER)
    stage.close()


def test_the_plan_has_words_in_both_languages_and_fits_its_schema(tmp_path: Path) -> None:
    stage = DiscourseStage(tmp_path / "home", replies=False)
    for shape in Shape:
        wanted = stage.wanted(Place.MESSAGE, shape)
        plan = stage.desk.privately.plan(stage.thread, wanted, WORDING, replace(stage.around, groups=()))
        codes = [f"conversion_step_{step.what}" for step in plan.steps]
        codes += [f"conversion_says_{remark.code}" for remark in plan.remarks]
        codes += [f"conversion_who_{row.who}" for row in plan.readers]
        for language in ("en", "ja"):
            assert not [code for code in codes if code not in messages.table(language)]
        assert conversion(plan)["place"] == "message"
    stage.close()


@pytest.fixture
def stage(tmp_path: Path, expected_logs: list[str]) -> Iterator[DiscourseStage]:
    expected_logs.append(r"^sync\.http\.pacing: ")
    made = DiscourseStage(tmp_path / "home", replies=False)
    yield made
    made.close()


def codes(stage: DiscourseStage, plan: Plan) -> list[tuple[str, str, str]]:
    """Where the steps stand."""
    steps = stage.plan(plan).intents
    return [(str(i.payload["what"]), str(i.state), str((i.trouble or {}).get("code") or "")) for i in steps]


def demote(stage: DiscourseStage) -> None:
    """The agent is an administrator no more."""
    state = stage.community.state
    with state.lock:
        for name in (ADMINS, GLOBAL_MODERATORS):
            group, uid = state.tables.groups[name], stage.community.uid(ADMIN)
            group.members[:] = [one for one in group.members if one != uid]
            member = state.member(uid)
            member.groups = type(member.groups)(one for one in member.groups if one != name)


def test_rights_that_go_before_the_thread_leaves(stage: DiscourseStage) -> None:
    plan = stage.convert(Place.MESSAGE, Shape.TAKE)
    demote(stage)
    stage.settle()
    assert codes(stage, plan)[0] == ("move", "refused", "may_not_convert")
    assert "pointer" not in [what for what, state, _ in codes(stage, plan) if state == "confirmed"]
    assert stage.secrets_of(CUSTOMER) == {SECRET}
    assert not stage.lets_in(BYSTANDER)


def test_rights_that_go_after_the_text_was_taken_out(stage: DiscourseStage) -> None:
    stage.ground.proxy.rules.append(Rule(Fault.TOO_MANY_SECONDS, r"^/posts\.json", "POST", seconds=5))
    plan = stage.convert()
    stage.flush()
    assert codes(stage, plan)[0][:2] == ("redact", "confirmed")
    demote(stage)
    stage.settle()
    assert {state for _, state, _ in codes(stage, plan)} == {"confirmed"}, "what is left the company can do"
    assert stage.secrets_of(OUTSIDER) == frozenset()
    assert stage.secrets_of(CUSTOMER) == {SECRET}
    _, undo = stage.desk.privately.undo(stage.thread)
    assert not undo.missing, "what the home knows of the rights is from before"
    stage.settle()
    assert stage.secrets_of(CUSTOMER) == {SECRET}, "stopped on the way back, the customer reads the message"


@pytest.mark.parametrize("place", [Place.MESSAGE, Place.TICKET])
def test_a_message_carries_the_case_as_a_tag_where_the_site_lets_it(tmp_path: Path, place: Place) -> None:
    stage = DiscourseStage(tmp_path / "home", replies=False)
    if place is Place.TICKET:
        office = TicketOffice("office.example", "test", "Tickets", "agent", "Community", frozenset())
        stage.desk.bench.office = lambda community: office
    wanted, around = stage.wanted(place), stage.around
    without = stage.desk.privately.plan(stage.thread, wanted, WORDING, around)
    assert "link" not in [step.what for step in without.steps], "the usual site has no tags for messages"
    stage.community.discourse.settings.tag_messages = True
    stage.sign_in()
    found = stage.desk.privately.plan(stage.thread, wanted, WORDING, around)
    assert [step.what for step in found.steps].count("link") == 1
    if place is Place.MESSAGE:
        stage.convert()
        stage.settle()
        made = stage.case().made("thread")
        assert made is not None
        thread = stage.community.state.thread(int(made.native))
        assert thread.tags == (stage.case().key,)
        stage.desk.privately.undo(stage.thread)
        stage.settle()
        assert stage.case().state is CaseState.UNDONE
        assert stage.secrets_of(OUTSIDER) == {SECRET}
    stage.close()
