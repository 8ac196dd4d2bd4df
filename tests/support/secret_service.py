"""A real Secret Service of its own: a session bus and a keyring daemon that end with the test."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")


def lacking() -> str:
    """Programs that are missing on this machine, empty when a service can be started."""
    return ", ".join(name for name in PROGRAMS if shutil.which(name) is None)


@dataclass(frozen=True, slots=True)
class SecretService:
    """``environment`` is what a process needs to find it; ``folder`` is where the daemon keeps its files."""

    environment: dict[str, str]
    folder: Path


@contextmanager
def secret_service(*, unlocked: bool = True) -> Iterator[SecretService]:
    """Start one; a locked one has nobody who could be asked for its password."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mq-keyring-")))
        for name in ("run", "data"):
            (folder / name).mkdir(mode=0o700)
        base = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "GNOME_", "XDG_"))}
        base.pop("PYTHON_KEYRING_BACKEND", None)
        base |= {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "XDG_RUNTIME_DIR": str(folder / "run")}
        bus = _bus(stack, base)
        environment = {**base, "DBUS_SESSION_BUS_ADDRESS": bus}
        _daemon(stack, environment, unlocked)
        yield SecretService(environment, folder)


def _bus(stack: ExitStack, environment: dict[str, str]) -> str:
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    )
    stack.callback(_end, bus)
    assert bus.stdout is not None
    return bus.stdout.readline().strip()


def _daemon(stack: ExitStack, environment: dict[str, str], unlocked: bool) -> None:
    """The daemon says ``GNOME_KEYRING_CONTROL=…`` once it listens."""
    options = ["--unlock"] if unlocked else []
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--components=secrets", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    stack.callback(_end, daemon)
    assert daemon.stdin is not None
    assert daemon.stdout is not None
    daemon.stdin.write(b"test-pass")
    daemon.stdin.close()
    daemon.stdout.readline()


def _end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
