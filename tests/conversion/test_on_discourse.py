"""A thread goes private on the sample Discourse and comes back: what everybody reads, step by step."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.cases import CaseState
from moderation.conversion import Place, Shape
from moderation.intents import IntentState
from tests.conversion.on_discourse import DiscourseStage
from tests.conversion.stage import BYSTANDER, CUSTOMER, OUTSIDER, PHONE, SECRET

OUTSIDERS = (None, OUTSIDER, BYSTANDER)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[DiscourseStage]:
    made = DiscourseStage(tmp_path / "home")
    yield made
    made.close()


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("site_key", [True, False])
def test_it_goes_private_and_comes_back(tmp_path: Path, shape: Shape, site_key: bool) -> None:
    stage = DiscourseStage(tmp_path / "home", site_key=site_key)
    before = stage.readers()
    assert all(len(secrets) == 2 for secrets in before.values()), before
    plan = stage.convert(Place.MESSAGE, shape)
    stage.settle()
    done = stage.plan(plan)
    assert [(i.payload["what"], i.state, i.trouble) for i in done.intents if i.state is not IntentState.CONFIRMED] == []
    for who in OUTSIDERS:
        assert stage.secrets_of(who, over_http=True) == frozenset(), who
        assert "we go on with this in private" in stage.seen_by(who)
    assert stage.secrets_of(CUSTOMER, over_http=True) == {SECRET, PHONE}
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
