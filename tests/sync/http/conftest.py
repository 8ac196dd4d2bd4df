"""Clients for the tests of HTTP."""

from collections.abc import Callable, Iterator

import pytest

from sync.http import Budget, Client, Counters, Limits, Pacing, Remembered, Sequence, Session, bearer

TOKEN = "5ecre7-token"
MakeClient = Callable[..., Client]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own proxies have no say in these tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True)
def failures_are_logged_once(expected_logs: list[str]) -> None:
    """These tests provoke failures; the first of each outage is logged."""
    expected_logs.append(r"^sync\.http\.pacing: ")


@pytest.fixture
def client() -> Iterator[MakeClient]:
    """Make clients; they are closed afterwards."""
    made: list[Client] = []

    def make(url: str, *, seconds: float = 20.0, body_bytes: int = 1_000_000, token: str | None = TOKEN) -> Client:
        one = Client(
            url,
            Session(bearer(token)),
            account="me",
            sequence=Sequence(),
            budget=Budget(4),
            pacing=Pacing("test"),
            remembered=Remembered(),
            counters=Counters(),
            limits=Limits(seconds, body_bytes),
        )
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()
