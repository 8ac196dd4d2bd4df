"""Keys and tokens: where they come from, and where they never go."""

import secrets
from pathlib import Path

import keyring.backends.SecretService
import keyring.errors
import pytest

from console.credentials import Credentials, ForThisRun, entry
from console.home import Home
from console.keyrings import Backend
from moderation.errors import SignInError, StoreError
from moderation.intents import Identities
from tests.fakes.keyring import MemoryKeyring
from tests.support.secret_service import SecretService

ME, OFFICIAL = Identities.ME, Identities.OFFICIAL


def none_here() -> Backend:
    raise StoreError("keyring_missing")


@pytest.fixture
def home(home_folder: Path) -> Home:
    home = Home(home_folder)
    home.prepare()
    return home


def with_stores(home: Home) -> Home:
    (home.root / "journal.sqlite").write_bytes(b"something")
    return home


def test_a_real_keyring_keeps_key_and_token(
    home: Home, unlocked_service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", unlocked_service.environment["DBUS_SESSION_BUS_ADDRESS"])
    backend = keyring.backends.SecretService.Keyring()  # type: ignore[no-untyped-call]
    first = Credentials(home, ForThisRun(), lambda: backend)
    key = first.store_key()
    assert len(key) == 32
    assert first.keep_token("c.example", ME, "秘密-token")
    again = Credentials(with_stores(home), ForThisRun(), lambda: backend)
    assert again.store_key() == key
    assert again.token("c.example", ME) == "秘密-token"
    other = Credentials(Home(home.root / "other"), ForThisRun(), lambda: backend)
    with pytest.raises(SignInError, match="token_missing"):
        other.token("c.example", ME)
    again.forget_token("c.example", ME)
    again.forget_token("c.example", ME)
    with pytest.raises(SignInError, match="token_missing"):
        again.token("c.example", ME)


def test_two_at_once_end_with_one_key(home: Home) -> None:
    shared = MemoryKeyring()

    class LosesTheRace(MemoryKeyring):
        """Another process writes its key between our look and our write, and wins."""

        def set_password(self, service: str, username: str, password: str) -> None:
            shared.secrets[service, username] = "ab" * 32

        def get_password(self, service: str, username: str) -> str | None:
            return shared.secrets.get((service, username))

    assert Credentials(home, ForThisRun(), LosesTheRace).store_key() == bytes.fromhex("ab" * 32)


def test_a_lost_key_is_not_replaced(home: Home) -> None:
    with pytest.raises(StoreError, match="store_key_lost"):
        Credentials(with_stores(home), ForThisRun(), MemoryKeyring).store_key()


def test_a_strange_entry_is_no_key(home: Home) -> None:
    strange = MemoryKeyring()
    strange.secrets[home.keyring_service, "store-key"] = "hello"
    with pytest.raises(StoreError, match="store_key_malformed"):
        Credentials(home, ForThisRun(), lambda: strange).store_key()


def test_a_keyring_that_forgets_at_once_is_refused(home: Home) -> None:
    class Null(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            return None

    with pytest.raises(StoreError, match="keyring_refused"):
        Credentials(home, ForThisRun(), Null).store_key()


def test_without_keyring_a_passphrase_is_asked_and_needed_again(home: Home) -> None:
    asked: list[bool] = []

    def ask(new: bool) -> str | None:
        asked.append(new)
        return "correct horse"

    key = Credentials(home, ForThisRun(), none_here, ask).store_key()
    again = Credentials(with_stores(home), ForThisRun(), MemoryKeyring, ask)
    assert again.store_key() == key
    assert asked == [True, False]
    with pytest.raises(StoreError, match="store_key_needed"):
        Credentials(home, ForThisRun(), none_here).store_key()
    assert b"correct horse" not in b"".join(path.read_bytes() for path in home.root.rglob("*") if path.is_file())


def test_without_keyring_and_person_it_says_so(home: Home) -> None:
    with pytest.raises(StoreError, match="keyring_missing"):
        Credentials(home, ForThisRun(), none_here).store_key()


def test_the_environment_goes_first_and_needs_no_keyring(home: Home) -> None:
    raw = secrets.token_hex(32)
    given = ForThisRun.of({"MARQUEE_STORE_KEY": raw, "MARQUEE_TOKEN": " t0ken\n"})
    credentials = Credentials(home, given, none_here)
    assert credentials.store_key() == bytes.fromhex(raw)
    assert credentials.token("c.example", ME) == "t0ken"
    with pytest.raises(SignInError):
        credentials.token("c.example", OFFICIAL)
    with pytest.raises(SignInError):
        credentials.token("c.example", ME, communities=2)


def test_a_token_for_one_community_is_not_used_for_another(home: Home) -> None:
    given = ForThisRun.of({"MARQUEE_TOKEN": "t0ken"}, community="c.example")
    credentials = Credentials(home, given, none_here)
    assert credentials.token("c.example", ME, communities=2) == "t0ken"
    with pytest.raises(SignInError):
        credentials.token("d.example", ME, communities=2)


def test_a_token_without_keyring_lives_for_this_run(home: Home) -> None:
    credentials = Credentials(home, ForThisRun(), none_here)
    assert not credentials.keep_token("c.example", ME, "t0ken")
    assert credentials.token("c.example", ME) == "t0ken"
    handed = ForThisRun.parse(credentials.for_engine().line())
    assert handed.tokens == {entry("c.example", ME): "t0ken"}
    assert Credentials(home, handed, none_here).token("c.example", ME) == "t0ken"


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (keyring.errors.KeyringLocked("no"), "keyring_locked"),
        (keyring.errors.InitError("Prompt dismissed"), "keyring_locked"),
        (keyring.errors.PasswordSetError("no"), "keyring_failed"),
        (OSError("bus gone"), "keyring_failed"),
    ],
)
def test_trouble_of_a_keyring_is_said_not_passed_over(home: Home, raised: Exception, code: str) -> None:
    def refuse() -> None:
        raise raised

    credentials = Credentials(home, ForThisRun(), lambda: MemoryKeyring(refuse), lambda new: "a passphrase")
    with pytest.raises(StoreError, match=code):
        credentials.store_key()
    with pytest.raises(StoreError, match=code):
        credentials.keep_token("c.example", ME, "t0ken")
    with pytest.raises(SignInError, match="token_missing"):
        credentials.token("c.example", ME)


def test_secrets_do_not_show_in_what_is_printed(home: Home) -> None:
    given = ForThisRun("ab" * 32, "t0ken", "t2ken", "c", {"token:c:me": "t1ken"})
    assert "t0ken" not in repr(given)
    assert "abab" not in repr(given)
    assert "t1ken" not in repr(given)
    assert "t2ken" not in repr(given)
