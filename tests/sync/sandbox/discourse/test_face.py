"""The face as a whole: control from outside, both faces at once, house rules."""

import re
from pathlib import Path

import pytest

from sync.sandbox import SampleCommunity, Size, serve
from sync.sandbox.discourse import app  # noqa: F401 - registers the routes
from sync.sandbox.discourse.routes import all_routes
from tests.sync.sandbox.discourse.conftest import ADMIN, CUSTOMER, MODERATOR, Client, Discourse

SOURCE = Path(__file__).parents[4] / "sync" / "sandbox"


def test_keys_and_settings_by_control(site: Discourse) -> None:
    key = site.control(do="key", user=MODERATOR).json()["key"]
    assert key == site.community.user_key_for(MODERATOR)
    admin = site.control(do="admin_key").json()["key"]
    headers = {"Api-Key": admin, "Api-Username": ADMIN}
    assert Client(site.server.url, headers).get("/session/current.json")["current_user"]["admin"]
    assert site.control(do="admin_key", user=ADMIN).json()["key"] != admin
    assert site.control(do="revoke_token", token=key).json() == {"revoked": True}
    assert site.control(do="discourse", claiming="required", limited=True).json() == {}
    assert (site.settings.claiming, site.settings.limited) == ("required", True)
    assert site.control(do="discourse", nonsense=1).status_code == 400
    assert site.control(do="agree", user_code="NONE-SUCH").json() == {"agreed": False}


def test_faults(site: Discourse, mod: Client) -> None:
    import requests

    def answer_with(kind: str, **more: object) -> requests.Response:
        assert site.control(do="fault", kind=kind, path="latest", **more).status_code == 200
        return mod("GET", "/latest.json")

    assert answer_with("proxy_502").status_code == 502
    assert answer_with("proxy_504").status_code == 504
    assert answer_with("status", status=500).status_code == 500
    slow = answer_with("too_many")
    assert (slow.status_code, slow.headers["Content-Type"]) == (429, "text/plain")
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer_with("garbage").json()
    for kind in ("drop_before", "drop_after"):
        with pytest.raises(requests.ConnectionError):
            answer_with(kind)
    assert mod.get("/latest.json")


def test_a_lost_answer_took_effect(site: Discourse, mod: Client) -> None:
    import requests

    thread = site.new_thread()
    site.control(do="fault", kind="drop_after", path="posts", method="POST")
    with pytest.raises(requests.ConnectionError):
        mod("POST", "/posts.json", {"topic_id": thread, "raw": "An answer that gets lost"})
    assert [e["verb"] for e in site.community.effects()].count("reply") == 1


def test_both_faces_at_once(site: Discourse, mod: Client) -> None:
    with serve(site.community, face="nodebb") as server:
        import requests

        headers = {"Authorization": f"Bearer {site.community.token_for(MODERATOR)}"}
        body = {"content": "An answer by the other face"}
        thread = site.new_thread()
        requests.post(f"{server.url}/api/v3/topics/{thread}", json=body, headers=headers, timeout=10)
    assert mod.get(f"/t/{thread}.json")["post_stream"]["posts"][-1]["cooked"] == "<p>An answer by the other face</p>"


def test_an_unknown_face_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown face"):
        serve(SampleCommunity.seeded(7, Size.small()), face="nonsense")


def test_maintenance_is_read_only_here(site: Discourse, customer: Client) -> None:
    site.community.maintenance(True)
    answer = customer("POST", "/posts.json", {"topic_id": 1, "raw": "Nothing may be written now"})
    assert answer.json()["error_type"] == "read_only"


def test_a_backup_holds_what_this_face_knows(site: Discourse, mod: Client) -> None:
    body = {"archetype": "private_message", "title": "A case", "raw": "About your box", "target_recipients": CUSTOMER}
    first = mod.post("/posts.json", body)["topic_id"]
    site.community.save_backup()
    second = mod.post("/posts.json", body)["topic_id"]
    site.community.restore_backup()
    assert mod.get(f"/t/{first}.json")["archetype"] == "private_message"
    assert mod("GET", f"/t/{second}.json").status_code == 404


def test_every_handler_says_what_it_does_and_every_route_has_a_name() -> None:
    assert len(all_routes()) > 80
    assert [route.template for route in all_routes() if not route.handler.__doc__ or "/" not in route.name] == []


def test_the_faces_know_nothing_of_each_other() -> None:
    for ours, theirs in (("discourse", "nodebb"), ("nodebb", "discourse")):
        for path in (SOURCE / ours).glob("*.py"):
            assert not re.search(rf"sync\.sandbox\.{theirs}", path.read_text(encoding="utf-8")), path
    for path in (SOURCE / "state").glob("*.py"):
        assert "sync.sandbox.discourse" not in path.read_text(encoding="utf-8"), path
