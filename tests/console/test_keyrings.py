"""Which keyrings are trusted: real ones, and no imitation."""

import subprocess
import sys

import keyring
import pytest
from keyring.backends import fail, null

from console.keyrings import find_backend
from moderation.errors import StoreError
from tests.support.secret_service import SecretService


class PlaintextKeyring:
    """As `keyrings.alt` names it."""


PlaintextKeyring.__module__ = "keyrings.alt.file"


class Chain:
    """Several at once, as keyring makes it."""

    def __init__(self, *backends: object) -> None:
        self.backends = list(backends)


Chain.__module__ = "keyring.backends.chainer"


class Trusted:
    """Stands for the system's."""


Trusted.__module__ = "keyring.backends.SecretService"


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (fail.Keyring(), "keyring_missing"),
        (null.Keyring(), "keyring_missing"),
        (PlaintextKeyring(), "keyring_refused"),
        (Chain(PlaintextKeyring()), "keyring_refused"),
        (Chain(null.Keyring(), PlaintextKeyring()), "keyring_refused"),
        (Chain(), "keyring_refused"),
    ],
)
def test_what_would_not_keep_a_secret_is_refused(found: object, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: found)
    with pytest.raises(StoreError, match=code):
        find_backend()


def test_the_trusted_one_of_several_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    good = Trusted()
    monkeypatch.setattr(keyring, "get_keyring", lambda: Chain(PlaintextKeyring(), good))
    assert find_backend() is good  # type: ignore[comparison-overlap]


def test_one_more_can_be_named_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = PlaintextKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: odd)
    assert find_backend("keyrings.alt.file.PlaintextKeyring") is odd  # type: ignore[comparison-overlap]


def test_a_real_service_is_found(unlocked_service: SecretService) -> None:
    code = "from console.keyrings import *; print(backend_name(find_backend()))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, env=unlocked_service.environment, capture_output=True, text=True
    )
    assert done.stdout.strip() == "keyring.backends.SecretService.Keyring", done.stderr
