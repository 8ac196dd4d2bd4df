"""The system's keyring, refused where it would keep secrets in plain text, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, cast

from moderation.errors import StoreError

# Backends of the `keyring` package that ask the system to keep the secret; anything else must be named in the settings.
TRUSTED = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
_ABSENT = ("keyring.backends.fail", "keyring.backends.null")


class Backend(Protocol):
    """What we use of a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or ``None``."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret."""


def find_backend(trusted_too: str = "") -> Backend:
    """The first backend of this system that keeps secrets secret; ``trusted_too`` names one more class as trusted.

    Raises :class:`StoreError`: ``keyring_missing`` where there is none, ``keyring_refused`` where the only ones would
    store in plain text or are unknown to us.
    """
    import keyring

    with errors():
        chosen = keyring.get_keyring()
        candidates = list(getattr(chosen, "backends", None) or [chosen])
    for candidate in candidates:
        if _trusted(candidate, trusted_too):
            return cast(Backend, candidate)
    names = [backend_name(candidate) for candidate in candidates if not type(candidate).__module__.startswith(_ABSENT)]
    if names:
        raise StoreError("keyring_refused", backend=", ".join(names))
    raise StoreError("keyring_missing")


def backend_name(backend: object) -> str:
    """Where a backend comes from, for people."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _trusted(backend: object, trusted_too: str) -> bool:
    return type(backend).__module__ in TRUSTED or (bool(trusted_too) and backend_name(backend) == trusted_too)


@contextmanager
def errors() -> Iterator[None]:
    """Turn what keyrings raise into ours: ``keyring_locked`` when nobody opened it, else ``keyring_failed``."""
    import keyring.errors

    try:
        yield
    except (keyring.errors.KeyringLocked, keyring.errors.InitError) as error:
        raise StoreError("keyring_locked", why=_why(error)) from error
    except (keyring.errors.KeyringError, OSError, RuntimeError) as error:
        raise StoreError("keyring_failed", why=_why(error)) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in {"secretstorage", "jeepney", "dbus", "gi"}:
            raise
        raise StoreError("keyring_failed", why=_why(error)) from error


def _why(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
