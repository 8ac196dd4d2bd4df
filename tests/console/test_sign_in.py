"""Signing in through the process of its own: both platforms, what may go wrong, and nothing left half done."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring.backends.SecretService
import pytest

from console import connecting, leaving, unfinished
from console.credentials import Credentials, ForThisRun
from console.engine_client import EngineClient
from console.home import Home
from console.keyrings import Backend
from console.settings import Connected, change, load
from console.sign_in.client import SignInClient
from moderation.errors import NotAllowedError, SignInError, StoreError, TryLaterError, UnreachableError
from moderation.ids import community_name
from moderation.intents import Identities
from sync.mirror import MirrorReader
from sync.sandbox import Fault, SampleCommunity, Server, Size, serve
from sync.vault import Vault
from tests.console.conftest import COMPANY, MODERATOR
from tests.fakes.keyring import MemoryKeyring
from tests.support.secret_service import SecretService

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


@discourse
def test_a_key_that_is_not_kept_is_revoked(place: Place) -> None:
    place.sign_in.find(place.server.url)
    wish = place.sign_in.begin()
    assert wish is not None
    place.agree(wish.code)
    assert place.sign_in.poll()
    assert place.community.discourse.user_keys
    place.sign_in.give_up()
    assert not place.community.discourse.user_keys
    assert not place.remembered()


@nodebb
def test_who_loses_patience_ends_the_request_at_once(place: Place, expected_logs: list[str]) -> None:
    expected_logs.append("Exception in ASGI application")  # the server ends while it lets somebody wait
    place.sign_in.ready()
    place.community.faults.order(Fault("delay", seconds=60.0))
    raised: list[Exception] = []

    def find() -> None:
        try:
            place.sign_in.find(place.server.url)
        except TryLaterError as error:
            raised.append(error)

    waiting = threading.Thread(target=find)
    waiting.start()
    while place.community.faults.orders:
        assert waiting.is_alive()
    place.sign_in.stop()
    waiting.join(5)
    assert [error.code for error in raised] == ["sign_in_stopped"]  # type: ignore[attr-defined]
    assert place.sign_in.find(place.server.url).platform == "nodebb"


@nodebb
def test_errors_keep_their_family_and_facts(place: Place) -> None:
    with pytest.raises(UnreachableError):
        place.sign_in.find("http://127.0.0.1:1")
    with pytest.raises(NotAllowedError, match="url_malformed") as refused:
        place.sign_in.find("not an address")
    assert refused.value.facts["url"] == "not an address"
    with pytest.raises(SignInError, match="sign_in_anew"):
        place.sign_in.check("x", name="", official=False)
    place.sign_in.find(place.server.url)
    with pytest.raises(SignInError, match="token_malformed"):
        place.sign_in.check("two words\n", name="", official=False)
    place.sign_in.check(place.community.token_for(CUSTOMER), name="", official=False)
    with pytest.raises(NotAllowedError, match="not_staff"):
        place.sign_in.keep(in_keyring=True)
    assert not place.remembered()


@nodebb
def test_after_a_stop_it_goes_on_from_the_same_place(place: Place) -> None:
    place.sign_in.find(place.server.url)
    place.sign_in.stop()
    assert place.sign_in.check(place.community.token_for(MODERATOR), name="", official=False).name == MODERATOR


@nodebb
def test_letting_go(place: Place) -> None:
    place.sign_in.find(place.server.url)
    for key, name, official in (
        (place.community.token_for(MODERATOR), "", False),
        (place.community.master_token(), COMPANY, True),
    ):
        place.sign_in.check(key, name=name, official=official)
        place.sign_in.keep(in_keyring=True)
    assert place.sign_in.known(place.name).official == COMPANY
    assert place.sign_in.disconnect(place.name) is False
    assert not place.remembered()
    assert place.credentials.for_engine().tokens == {}
    reader = MirrorReader(Vault(place.home.root, bytes.fromhex(KEY)))
    assert reader.communities() == []
    reader.close()


# -- a real keyring


def with_service(place: Place, service: SecretService, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process finds this keyring, and nothing else."""
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.environment["DBUS_SESSION_BUS_ADDRESS"])


@nodebb
def test_the_keyring_keeps_it(place: Place, unlocked_service: SecretService, monkeypatch: pytest.MonkeyPatch) -> None:
    with_service(place, unlocked_service, monkeypatch)
    place.sign_in.find(place.server.url)
    token = place.community.token_for(MODERATOR)
    assert place.sign_in.check(token, name="", official=False).keyring == ""
    assert place.sign_in.keep(in_keyring=True) is True
    assert place.credentials.for_engine().tokens == {}
    backend = keyring.backends.SecretService.Keyring()  # type: ignore[no-untyped-call]
    kept = Credentials(place.home, ForThisRun(), lambda: backend)
    assert kept.token(place.name, Identities.ME) == token
    place.sign_in.sign_out(place.name)
    with pytest.raises(SignInError, match="token_missing"):
        kept.token(place.name, Identities.ME)


@nodebb
def test_a_locked_keyring_is_said_and_the_run_alone_will_do(
    place: Place, locked_service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_service(place, locked_service, monkeypatch)
    place.sign_in.find(place.server.url)
    token = place.community.token_for(MODERATOR)
    assert place.sign_in.check(token, name="", official=False).keyring == "keyring_locked"
    with pytest.raises(StoreError, match="keyring_locked"):
        place.sign_in.keep(in_keyring=True)
    assert not place.remembered()
    assert place.sign_in.keep(in_keyring=False) is False
    assert place.remembered()
    assert place.credentials.token(place.name, Identities.ME) == token


# -- ended in the middle


@pytest.fixture
def kept_here() -> MemoryKeyring:
    return MemoryKeyring()


def dead() -> int:
    """The number of a process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.mark.parametrize("connected", [True, False])
def test_a_token_of_which_nothing_speaks_is_forgotten(
    home_folder: Path, kept_here: MemoryKeyring, connected: bool
) -> None:
    home = Home(home_folder)
    home.prepare()
    credentials = Credentials(home, ForThisRun(), lambda: kept_here)
    credentials.keep_token("c.example", Identities.ME, "secret")
    if connected:
        entry_ = Connected("https://c.example", "nodebb", "c.example:member:1", "ada")
        change(home.settings, lambda settings: replace(settings, communities={"c.example": entry_}))
    unfinished.mark_of(home).write_text(f"{dead()}\nc.example\nme\n")
    unfinished.tidy(home, credentials)
    assert (kept_here.secrets != {}) is connected
    assert not unfinished.mark_of(home).exists()


def test_what_another_process_is_just_doing_is_left_alone(home_folder: Path, kept_here: MemoryKeyring) -> None:
    home = Home(home_folder)
    home.prepare()
    credentials = Credentials(home, ForThisRun(), lambda: kept_here)
    credentials.keep_token("c.example", Identities.ME, "secret")
    unfinished.mark_of(home).write_text(f"{os.getppid()}\nc.example\nme\n")
    unfinished.tidy(home, credentials)
    assert kept_here.secrets
    assert unfinished.mark_of(home).exists()


def test_settings_that_cannot_be_written_leave_no_token(
    place: Place, kept_here: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = Credentials(place.home, ForThisRun(store_key=KEY), lambda: kept_here)
    found = connecting.find(place.server.url)
    token = (
        place.community.token_for(MODERATOR)
        if found.spec.platform == "nodebb"
        else place.community.user_key_for(MODERATOR)
    )
    checked = connecting.check(found, token, MODERATOR, Identities.ME)

    def full(*_: object) -> None:
        raise StoreError("settings_unwritable", path="settings.toml", why="No space left on device")

    monkeypatch.setattr("console.connecting.change", full)
    with pytest.raises(StoreError, match="settings_unwritable"):
        connecting.remember(place.home, credentials, checked, token)
    assert kept_here.secrets == {}
    assert not place.remembered()
    monkeypatch.undo()
    assert connecting.remember(place.home, credentials, checked, token)
    assert list(kept_here.secrets.values()) == [token]


@nodebb
def test_letting_go_that_was_ended_in_the_middle_goes_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.sign_in.find(place.server.url)
    place.sign_in.check(place.community.token_for(MODERATOR), name="", official=False)
    place.sign_in.keep(in_keyring=True)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("console.leaving._erase", killed)
    with pytest.raises(KeyboardInterrupt):
        leaving.disconnect(place.home, place.credentials, place.name)
    reader = MirrorReader(Vault(place.home.root, bytes.fromhex(KEY)))
    assert reader.communities() != []
    place.sign_in.put_right()
    assert reader.communities() == []
    reader.close()
    assert not leaving.mark_of(place.home).exists()
