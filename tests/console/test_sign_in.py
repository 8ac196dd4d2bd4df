"""Signing in through the process of its own: both platforms, what may go wrong, and nothing left half done."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.credentials import Credentials, ForThisRun
from console.engine_client import EngineClient
from console.home import Home
from console.keyrings import Backend
from console.settings import load
from console.sign_in.client import SignInClient
from moderation.errors import StoreError
from moderation.ids import community_name
from moderation.intents import Identities
from sync.mirror import MirrorReader
from sync.sandbox import SampleCommunity, Server, Size, serve
from sync.vault import Vault
from tests.console.conftest import MODERATOR

CUSTOMER = "benno_crabtree"
KEY = "5c" * 32


def no_keyring() -> Backend:
    raise StoreError("keyring_missing")


class Place:
    """A home without keyring, a sign-in on it, and a sample community."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.home = Home(folder.resolve())
        self.credentials = Credentials(self.home, ForThisRun(store_key=KEY), no_keyring)
        self.engine = EngineClient(self.home, self.credentials.for_engine, may_start=False)
        self.sign_in = SignInClient(self.home, self.credentials, self.engine)
        self.server, self.community = server, server.community
        self.name = community_name(server.url)

    def close(self) -> None:
        self.sign_in.give_up()
        self.engine.close()

    def agree(self, code: str, user: str = MODERATOR) -> None:
        assert self.community.agree_to_key(code, user)

    def remembered(self) -> bool:
        return self.name in load(self.home.settings).communities


@pytest.fixture(params=["nodebb", "discourse"])
def place(request: pytest.FixtureRequest, home_folder: Path) -> Iterator[Place]:
    with serve(SampleCommunity.seeded(7, Size.small()), face=request.param) as server:
        made = Place(home_folder, server)
        yield made
        made.close()


nodebb = pytest.mark.parametrize("place", ["nodebb"], indirect=True)
discourse = pytest.mark.parametrize("place", ["discourse"], indirect=True)


@nodebb
def test_a_token_of_nodebb(place: Place) -> None:
    found = place.sign_in.find(place.server.url)
    assert (found.platform, found.by_browser, found.known, found.plain) == ("nodebb", False, "", False)
    assert found.key_page == f"{place.server.url}/admin/manage/api"
    person = place.sign_in.check(place.community.token_for(MODERATOR), name="", official=False)
    assert (person.name, person.staff, person.again, person.keyring) == (MODERATOR, True, False, "keyring_missing")
    assert "resolve" in person.may <= person.able
    assert not place.remembered()
    assert place.sign_in.keep(in_keyring=True) is False
    assert place.remembered()
    token = place.community.token_for(MODERATOR)
    assert place.credentials.token(place.name, Identities.ME) == token
    reader = MirrorReader(Vault(place.home.root, bytes.fromhex(KEY)))
    assert [row.identity.name for row in reader.communities()] == [MODERATOR]
    reader.close()
    written = b"".join(path.read_bytes() for path in place.home.root.rglob("*") if path.is_file())
    assert token.encode() not in written


@discourse
def test_a_key_by_code(place: Place) -> None:
    assert place.sign_in.find(place.server.url).by_browser
    wish = place.sign_in.begin()
    assert wish is not None
    assert wish.by_code
    assert wish.url.startswith(place.server.url)
    assert place.sign_in.poll() is False
    place.agree(wish.code)
    assert place.sign_in.poll() is True
    person = place.sign_in.check("", name="", official=False)
    assert (person.name, person.platform) == (MODERATOR, "discourse")
    place.sign_in.keep(in_keyring=True)
    assert place.remembered()
    place.sign_in.give_up()
    assert place.community.discourse.user_keys  # what is kept is not revoked
