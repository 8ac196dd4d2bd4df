"""A card on the sample community's Discourse face: a pinned topic, or the last part of the text about its category."""

from collections.abc import Iterator

import pytest

from moderation.intents import Identities
from moderation.people import Consent
from moderation.presence import CardShape, CardState
from sync.sandbox.discourse import deeds
from sync.sandbox.state import members, posts
from sync.sandbox.state.records import GLOBAL_MODERATORS
from tests.conversion.stage import ADMIN, COMPANY, OUTSIDER
from tests.presence.card_stage import NAMED, DiscourseCardStage

ABOUT = "Invoices, prices and payment.\n\nPlease name no order numbers here."


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiscourseCardStage]:
    """One community for this file; the company account is of the staff, as hiding of versions needs."""
    made = DiscourseCardStage(tmp_path_factory.mktemp("cards"))
    state = made.community.state
    with state.lock:
        members.join(state, state.by_name(COMPANY), GLOBAL_MODERATORS)
    made.sign_in()
    yield made
    made.close()


@pytest.mark.parametrize("site_key", [True, False])
def test_it_is_a_pinned_topic_of_the_company_account(played: DiscourseCardStage, site_key: bool) -> None:
    stage, own = played, played.connections[Identities.OFFICIAL]
    stage.use("Mesh" if site_key else "Fibre")
    if not site_key:
        stage.site_key = False
        stage.connections[Identities.OFFICIAL] = stage.connect(COMPANY, Identities.OFFICIAL)
    try:
        card = stage.published()
        (thread,) = stage.threads_since()
        assert (card.state, card.thread and card.thread.native) == (CardState.PUBLISHED, str(thread.id))
        assert (thread.author, thread.pinned, thread.locked) == (stage.community.uid(COMPANY), True, True)
        assert NAMED in stage.shown(f"/t/{thread.id}.json", None)
        if site_key:
            stage.presence.take_down(stage.billing)
            stage.settle()
            assert (stage.card().state, thread.hidden, thread.pinned) == (CardState.TAKEN_DOWN, True, False)
            assert stage.published().state is CardState.PUBLISHED
            assert len(stage.threads_since()) == 2
    finally:
        stage.site_key, stage.connections[Identities.OFFICIAL] = True, own


def test_a_consent_withdrawn_hides_the_versions_with_the_name(played: DiscourseCardStage) -> None:
    stage = played
    stage.use("Billing")
    stage.published()
    (thread,) = stage.threads_since()
    stage.clock.advance(3600)
    stage.consent("p0", Consent.TEAM)
    stage.kept_true()
    assert stage.card().state is CardState.PUBLISHED
    assert NAMED not in stage.post_of(thread).text
    for path in (f"/t/{thread.id}.json", *(f"/posts/{thread.posts[0]}/revisions/{n}.json" for n in (2, "latest"))):
        assert NAMED not in stage.shown(path, OUTSIDER)


def test_the_text_about_the_category_keeps_what_others_wrote(played: DiscourseCardStage) -> None:
    stage = played
    stage.use("Firmware")
    about = stage.community.tell_about(ADMIN, int(stage.billing.native), ABOUT)
    card = stage.published(shape=CardShape.ABOUT)
    post = stage.post_of(about)
    assert (card.state, card.post and card.post.native) == (CardState.PUBLISHED, str(post.id))
    assert post.text.startswith(ABOUT)
    assert NAMED in stage.shown(f"/t/{about.id}.json", None)
    with stage.community.state.lock:
        posts.edit(stage.community.state, stage.community.uid(ADMIN), post, f"New first words.\n\n{post.text}", None)
    stage.clock.advance(3600)
    stage.consent("p0", Consent.TEAM)
    stage.kept_true()
    assert stage.card().state is CardState.PUBLISHED
    assert post.text.startswith(f"New first words.\n\n{ABOUT}\n\n[//]")
    assert NAMED not in post.text
    assert NAMED not in stage.shown(f"/posts/{post.id}/revisions/2.json", OUTSIDER)
    stage.presence.take_down(stage.billing)
    stage.settle()
    assert (stage.card().state, post.text) == (CardState.TAKEN_DOWN, f"New first words.\n\n{ABOUT}")
    assert stage.threads_since() == [about]


def test_without_a_topic_about_it_that_is_said(played: DiscourseCardStage) -> None:
    stage = played
    stage.use("Contracts")
    refused = stage.published(shape=CardShape.ABOUT)
    assert (refused.state, refused.reason) == (CardState.STOPPED, "about_missing")


def test_what_was_deleted_on_the_server_is_not_put_back(played: DiscourseCardStage) -> None:
    stage = played
    stage.use("Hello")
    stage.published()
    (thread,) = stage.threads_since()
    with stage.community.state.lock:
        deeds.delete(stage.community.state, stage.community.uid(ADMIN), stage.post_of(thread))
    stage.consent("p0", Consent.TEAM)
    stage.kept_true()
    assert (stage.card().state, stage.card().reason) == (CardState.TAKEN_DOWN, "gone_on_server")
