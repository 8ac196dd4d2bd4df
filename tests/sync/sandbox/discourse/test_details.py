"""Small things that a client may come to rely on."""

from sync.sandbox.state import forums, members
from tests.sync.sandbox.discourse.conftest import ADMIN, CUSTOMER, Client, Discourse


def _topics(client: Client, path: str) -> list[int]:
    return [topic["id"] for topic in client.get(path)["topic_list"]["topics"]]


def test_the_reason_of_an_edit_is_shown(site: Discourse, mod: Client, customer: Client) -> None:
    post = site.first_post(site.new_thread())
    body = {"post": {"raw": "A fresh question without a number", "edit_reason": "personal data removed"}}
    assert mod.put(f"/posts/{post}.json", body)["post"]["edit_reason"] == "personal data removed"
    assert customer.get(f"/posts/{post}.json")["edit_reason"] == "personal data removed"


def test_whoever_may_not_edit_learns_nothing_of_a_conflict(site: Discourse, customer: Client) -> None:
    post = site.first_post(site.new_thread("benno_crabtree"))
    body = {"post": {"raw": "Something else entirely here", "original_text": "Stale"}}
    assert customer("PUT", f"/posts/{post}.json", body).status_code == 403


def test_disagreeing_gives_the_author_the_word_back(site: Discourse, mod: Client) -> None:
    item = site.report()
    author = site.community.uid("wren_sallowfield")
    members.mute(site.community.state, site.community.uid(ADMIN), author, 0, "Spam")
    mod.put(f"/review/{item}/perform/disagree.json?version=0")
    assert author not in site.community.snapshot()["mutes"]


def test_the_page_of_a_topic_tells_where_the_bus_stands(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    before = mod.get(f"/t/{thread}.json")["message_bus_last_id"]
    site.community.reply_as(CUSTOMER, thread, "One more reply to it")
    assert mod.get(f"/t/{thread}.json")["message_bus_last_id"] == before + 1


def test_lists_by_tag_and_by_age(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    site.community.state.thread(thread).tags = ("wifi", "router")
    assert _topics(mod, "/latest.json?tags[]=wifi&tags[]=router") == [thread]
    assert _topics(mod, "/latest.json?tags[]=wifi&tags[]=other") == []
    assert thread not in _topics(mod, "/latest.json?bumped_before=1")
    site.community.clock.advance(3 * 86_400)
    assert thread in _topics(mod, "/latest.json?before=1&tags[]=wifi")
    assert thread not in _topics(mod, "/latest.json?before=9&tags[]=wifi")


def test_subcategories_can_be_left_out_of_a_list(site: Discourse, mod: Client) -> None:
    billing = site.forum("Billing")
    inside = forums.add(site.community.state, "Refunds", "", billing).id
    thread = site.community.open_thread_as(CUSTOMER, inside, "A refund", "Where does my refund stand?").id
    assert thread in _topics(mod, f"/c/{billing}/l/latest.json")
    assert thread not in _topics(mod, f"/c/{billing}/l/latest.json?no_subcategories=true")


def test_a_hidden_post_can_still_be_deleted(site: Discourse, mod: Client, customer: Client) -> None:
    item = site.report()
    post = mod.get(f"/review/{item}.json")["reviewable"]["post_id"]
    mod.put(f"/review/{item}/perform/agree_and_hide.json?version=0")
    shown = customer.get(f"/posts/{post}.json")
    assert (shown["hidden"], shown["deleted_at"]) == (True, None)
    assert mod("DELETE", f"/posts/{post}.json").content == b""
    assert customer("GET", f"/posts/{post}.json").status_code == 404
    assert mod.get(f"/posts/{post}.json")["deleted_at"]


def test_what_is_sent_as_replaced_must_be_what_stands_there(site: Discourse, mod: Client) -> None:
    post = site.first_post(site.new_thread())
    body = {"post": {"raw": "A fresh question without a number", "original_text": "What somebody else wrote"}}
    answer = mod("PUT", f"/posts/{post}.json", body)
    assert (answer.status_code, "error_type" in answer.json()) == (409, False)
    assert site.community.effects()[-1]["verb"] != "edit"


def test_taking_a_timer_away_takes_effect_once(site: Discourse, mod: Client) -> None:
    thread = site.new_thread()
    mod.post(f"/t/{thread}/timer.json", {"status_type": "close", "duration_minutes": 30})
    for _ in range(2):
        assert mod("DELETE", f"/t/{thread}/timer.json").content == b""
    assert [effect["verb"] for effect in site.community.effects()][-2:] == ["timer", "no_timer"]
