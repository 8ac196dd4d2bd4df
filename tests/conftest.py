"""What every test gets: no display, no keyring of the developer, no network beyond this machine, and a guarded log."""

import gc
import logging
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.folders import in_memory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if "TMPDIR" not in os.environ and (_memory := in_memory()) is not None:
    os.environ["TMPDIR"] = _memory
os.environ["LC_ALL"] = "C.UTF-8"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
for _name in ("MARQUEE_HOME", "MARQUEE_TOKEN", "MARQUEE_STORE_KEY", "LC_MESSAGES", "LANG", "LANGUAGE"):
    os.environ.pop(_name, None)

_LOCAL = re.compile(r"(127\.\d+\.\d+\.\d+|::1|localhost|0\.0\.0\.0|)\Z")
_real_connect = socket.socket.connect
_real_getaddrinfo = socket.getaddrinfo


class _Kept(logging.Handler):
    """Keeps warnings and worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.name}: {record.getMessage()}"
        self.lines.append(text + (f" [{record.exc_info[1]!r}]" if record.exc_info else ""))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the collector of garbage need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture
def expected_logs() -> list[str]:
    """Patterns of warnings that a test provokes: ``expected_logs.append("a record was set aside")``."""
    return []


@pytest.fixture(autouse=True)
def _quiet_log(request: pytest.FixtureRequest, expected_logs: list[str]) -> Iterator[None]:
    """A warning in the log that the test did not announce fails it."""
    kept = _Kept()
    logging.getLogger().addHandler(kept)
    yield
    logging.getLogger().removeHandler(kept)
    unexpected = [line for line in kept.lines if not any(re.search(pattern, line) for pattern in expected_logs)]
    if unexpected:
        pytest.fail("unexpected in the log:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture(autouse=True)
def _this_machine_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets lead to this machine alone, and names of other machines do not resolve; ``live`` tests may go out."""
    if request.node.get_closest_marker("live") is not None:
        return

    def connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not _LOCAL.match(str(address[0])):
            raise AssertionError(f"a test wants to leave this machine: {address}")
        _real_connect(self, address)  # type: ignore[arg-type]

    def getaddrinfo(host: object, *args: object, **kwargs: object) -> object:
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        if not _LOCAL.match(name):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return _real_getaddrinfo(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture(scope="session", autouse=True)
def _stores_are_made_once() -> Iterator[None]:
    """By Alembic, the first time; what tests of migrations do is done by Alembic every time."""
    from tests.support.migrated import replayed

    with replayed():
        yield


@pytest.fixture
def made_by_alembic() -> Iterator[None]:
    """Stores that are made meanwhile are made by Alembic, each of them."""
    from tests.support.migrated import by_alembic

    with by_alembic():
        yield


@pytest.fixture
def home_folder(tmp_path: Path) -> Path:
    """A fresh home that no other test sees."""
    return tmp_path / "home"
