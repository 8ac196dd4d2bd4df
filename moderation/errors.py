"""Errors as a tree of what to do next.

::

    MarqueeError
    ├── NotAllowedError      a rule or a missing right forbids it: do something else, or ask for the right
    ├── SignInError          the community does not know this person any more: sign in again
    ├── TryLaterError        nothing happened; it is tried again after ``seconds``
    │   └── UnreachableError the community did not answer at all
    ├── UnclearError         it may have happened: never repeat blindly, look first
    ├── ConflictError        somebody else was first: a person compares both sides
    ├── RefusedError         the server said no, and nothing happened
    ├── PayloadError         an answer does not fit: names connector, endpoint and field, never content
    ├── UnknownIdError       no such thing here
    ├── StoreError           this machine's files or keyring: disk full, locked, damaged, newer version
    └── OurBugError          a broken promise of this program: the crash dialogue

An error carries a ``code`` and ``facts``; the words in each language stand in ``resources/messages``.
"""

Fact = str | int | float | bool | None


class MarqueeError(Exception):
    """Base of all errors that this program raises on purpose."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, Fact] = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code} ({facts})" if facts else self.code


class NotAllowedError(MarqueeError):
    """A policy, a capability that the community lacks, or a right that the person lacks."""


class SignInError(MarqueeError):
    """The token is missing, wrong, revoked, or belongs to somebody else."""


class TryLaterError(MarqueeError):
    """Nothing happened and it can be tried again; ``seconds`` is the least wait, 0 if the server named none."""

    def __init__(self, code: str, *, seconds: float = 0.0, **facts: Fact) -> None:
        super().__init__(code, seconds=seconds, **facts)
        self.seconds = seconds


class UnreachableError(TryLaterError):
    """No connection, no name, no certificate: not one byte of the request was acted on."""


class UnclearError(MarqueeError):
    """The request left and no clear answer came: it may have taken effect."""


class ConflictError(MarqueeError):
    """The thing changed under the person's decision."""


class RefusedError(MarqueeError):
    """The server refused in words that leave no doubt that nothing happened."""


class PayloadError(MarqueeError):
    """An answer that does not fit its endpoint; facts: ``connector``, ``endpoint``, ``field``."""


class UnknownIdError(MarqueeError):
    """An id that is malformed, or of nothing that is known here."""


class StoreError(MarqueeError):
    """Trouble with files, keys or the keyring of this machine."""


class OurBugError(MarqueeError):
    """Something that cannot happen, did."""
