"""Getting a key in the browser, and telling a key of one's own from one of the site."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console import connecting
from console.connecting import Place
from console.home import Home
from moderation.errors import NotAllowedError, SignInError
from moderation.intents import Identities
from sync.discourse import CONNECTOR
from tests.sync.discourse import made
from tests.sync.discourse.scripted import Said, Script, scripted
from tests.sync.discourse.test_sign_in import API, STARTED, payload


@pytest.fixture
def script() -> Iterator[Script]:
    with scripted() as found:
        found.on(r"/site/basic-info\.json", {"title": "Kettles", "login_required": False, "logo_url": "/x.png"})
        found.on(r"/about\.json", {"about": {"version": "2026.8.0"}})
        yield found


@pytest.fixture
def place(script: Script) -> Place:
    return Place(script.server.url, CONNECTOR)


def test_the_person_agrees_in_the_browser(script: Script, place: Place, tmp_path: Path) -> None:
    script.on(r"/user-api-key/new", Said(200, raw=b"", headers=API), "HEAD")
    script.on(r"/user-api-key/device\.json", STARTED, "POST")
    begun = connecting.begin_by_browser(Home(tmp_path), place)
    assert begun is not None
    source, wish = begun
    facts = json.loads(script.server.heard[-1].body)
    assert (wish.code, facts["client_id"]) == ("K7QF-9XMB", connecting.client_id(Home(tmp_path), place))
    script.on(r"/device/poll", {"status": "authorized", "payload": payload(facts)}, "POST")
    script.on(r"/device/poll", {"status": "authorization_pending"}, "POST", once=True)
    waits: list[float] = []
    assert connecting.key_by_browser(source, wish, waits.append) == "the-new-key"
    assert waits == [5.0, 5.0]


def test_nobody_agrees(script: Script, place: Place, tmp_path: Path) -> None:
    script.on(r"/user-api-key/new", Said(200, raw=b"", headers=API), "HEAD")
    script.on(r"/user-api-key/device\.json", STARTED | {"expires_in": 20}, "POST")
    script.on(r"/device/poll", {"status": "authorization_pending"}, "POST")
    begun = connecting.begin_by_browser(Home(tmp_path), place)
    assert begun is not None
    with pytest.raises(SignInError, match="sign_in_expired"):
        connecting.key_by_browser(*begun, lambda seconds: None)
    assert sum("device/poll" in path for path in script.paths) == 4


def test_a_server_without_that_way_asks_for_a_token(script: Script, place: Place, tmp_path: Path) -> None:
    assert connecting.begin_by_browser(Home(tmp_path), place) is None


def test_the_same_machine_has_the_same_name_and_tells_nothing(place: Place, tmp_path: Path) -> None:
    one = connecting.client_id(Home(tmp_path), place)
    assert one == connecting.client_id(Home(tmp_path), place)
    assert one != connecting.client_id(Home(tmp_path / "other"), place)
    assert str(tmp_path) not in one
    assert len(one) < 60


def only_for(script: Script, header: str) -> None:
    """The session is somebody's only with a key in this header."""
    plain = script.handle

    def handle(heard: Any, sock: Any) -> None:
        if "/session/current" in heard.line and header not in heard.headers:
            Said(403, made.error("invalid_access")).send(sock, {})
        else:
            plain(heard, sock)

    script.server.handle = handle


@pytest.mark.parametrize("kind", [Identities.ME, Identities.OFFICIAL])
def test_a_key_of_ones_own(script: Script, place: Place, kind: Identities) -> None:
    only_for(script, "user-api-key")
    checked = connecting.check(place, "the-key", "Mara_Vell", kind)
    assert (checked.acts_as, checked.identity.name, checked.info.version) == ("", "mara_vell", "2026.8.0")


@pytest.mark.parametrize("kind", [Identities.PROBE, Identities.BYSTANDER])
def test_staff_are_no_ordinary_members(script: Script, place: Place, kind: Identities) -> None:
    only_for(script, "user-api-key")
    with pytest.raises(NotAllowedError, match="probe_is_staff"):
        connecting.check(place, "the-key", "Mara_Vell", kind)


@pytest.mark.parametrize("kind", [Identities.ME, Identities.OFFICIAL])
def test_a_key_of_the_site_speaks_for_the_member_who_is_named(script: Script, place: Place, kind: Identities) -> None:
    only_for(script, "api-key")
    script.on(r"/u/mara_vell\.json", {"user": {"id": 4, "username": "mara_vell"}})
    checked = connecting.check(place, "the-key", "mara_vell", kind)
    assert (checked.acts_as, checked.identity.name) == ("4", "mara_vell")
    headers = [heard.headers for heard in script.server.heard if "/session/current" in heard.line][-1]
    assert (headers["api-key"], headers["api-user-id"]) == ("the-key", "4")


def test_where_profiles_are_not_public_the_name_itself_is_sent(script: Script, place: Place) -> None:
    only_for(script, "api-key")
    script.on(r"/u/mara_vell\.json", Said(403, made.error("not_logged_in")))
    checked = connecting.check(place, "the-key", "mara_vell", Identities.OFFICIAL)
    assert checked.acts_as == "4"
    headers = [heard.headers for heard in script.server.heard if "/session/current" in heard.line][-1]
    assert headers["api-username"] == "mara_vell"


def test_a_key_that_is_none_at_all(script: Script, place: Place) -> None:
    only_for(script, "no-such-header")
    with pytest.raises(SignInError, match="token_not_accepted") as caught:
        connecting.check(place, "the-key", "mara_vell", Identities.ME)
    assert "the-key" not in f"{caught.value}"


def test_an_ordinary_member_is_told(script: Script, place: Place) -> None:
    script.on(r"/session/current", made.session(moderator=False, can_review=False))
    with pytest.raises(Exception, match="not_staff"):
        connecting.check(place, "the-key", "mara_vell", Identities.ME)
