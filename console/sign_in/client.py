"""The window's end: starts the sign-in process, asks it, and tells this run's keys and engine what came of it."""

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from console.credentials import Credentials, ForThisRun, entry
from console.engine_client import EngineClient, clean_environment, open_log
from console.home import Home
from console.sign_in.wire import error_in, line
from moderation.errors import MarqueeError, SignInError, TryLaterError
from moderation.intents import Identities
from views.connect.port import Person, Place, Wish

ENDING_SECONDS = 10.0
_MARKS = ("connecting", "leaving")
"""Files that stand only while something about a community is half done (:mod:`console.unfinished`, ``leaving``)."""


class SignInClient:
    """Implements :class:`views.connect.port.SignIn`. ``engine`` hears of keys that are new or given up."""

    def __init__(self, home: Home, credentials: Credentials, engine: EngineClient) -> None:
        self._home = home
        self._credentials = credentials
        self._engine = engine
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._place: Place | None = None
        self._fetched = ""
        self._checked: dict[str, Any] = {}

    # -- views.connect.port.SignIn

    def ready(self) -> None:
        """Start the process, so that the first question does not wait for it."""
        self._ask("ready", secrets=self._secrets())

    def put_right(self) -> None:
        """What was ended in the middle another time is put right; nothing is started where there is no such thing."""
        if any((self._home.run / mark).exists() for mark in _MARKS):
            with suppress(MarqueeError):
                self.ready()
            self.stop()

    def find(self, address: str) -> Place:
        """Look an address up."""
        return self._at(self._ask("find", address=address))

    def known(self, community: str) -> Place:
        """A connected community."""
        return self._at(self._ask("known", community=community))

    def begin(self) -> Wish | None:
        """Ask for a key in the browser."""
        self._here()
        told = self._ask("begin")["wish"]
        return Wish(**told) if told else None

    def poll(self) -> bool:
        """Whether the key has come."""
        self._fetched = self._ask("poll")["key"] or ""
        return bool(self._fetched)

    def paste(self, text: str) -> None:
        """The key in a pasted text."""
        self._fetched = self._ask("paste", text=text)["key"]

    def check(self, key: str, *, name: str, official: bool) -> Person:
        """Who it speaks for."""
        self._here()
        self._checked = {"key": key or self._fetched, "name": name, "official": official}
        return self.check_again()

    def check_again(self) -> Person:
        """The same once more."""
        told = self._ask("check", **self._checked, secrets=self._secrets())
        for each in ("roles", "may", "able"):
            told[each] = frozenset(told[each])
        return Person(**told)

    def keep(self, *, in_keyring: bool) -> bool:
        """Remember it; the engine begins at once."""
        self._here()
        checked = self._checked
        told = self._ask("keep", **checked, in_keyring=in_keyring, secrets=self._secrets())
        identity = Identities.OFFICIAL if checked["official"] else Identities.ME
        name, key = told["community"], checked["key"]
        self._credentials.hold(name, identity, "" if told["stored"] else key)
        self._engine.hand_over(ForThisRun(tokens={entry(name, identity): key}))
        self._engine.refresh(name)
        self._checked, self._fetched = {}, ""
        return bool(told["stored"])

    def give_up(self) -> None:
        """Let go; a key that nobody will use is revoked."""
        place, key = self._place, self._fetched
        self._place, self._fetched, self._checked = None, "", {}
        if place is not None and key:
            with suppress(MarqueeError):
                self._ask("revoke", platform=place.platform, url=place.url, key=key)
        self.stop()

    def stop(self) -> None:
        """End the process, and with it what is under way."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            with self._asking:
                _close(process)

    def sign_out(self, community: str) -> bool:
        """Give up the keys of a community."""
        told = bool(self._ask("sign_out", community=community, secrets=self._secrets())["told"])
        self._let_go(community)
        return told

    def disconnect(self, community: str) -> bool:
        """Let go of a community: nobody knows it any more, the engine begins without it."""
        told = bool(self._ask("disconnect", community=community, secrets=self._secrets())["told"])
        self._let_go(community)
        return told

    # -- inside

    def _let_go(self, community: str) -> None:
        for identity in Identities:
            self._credentials.hold(community, identity)
            self._engine.forget(community, str(identity))

    def _secrets(self) -> str:
        return self._credentials.for_engine().line()

    def _at(self, told: dict[str, Any]) -> Place:
        self._place = Place(**told)
        return self._place

    def _here(self) -> None:
        """A process that was ended knows nothing of the place any more."""
        place = self._place
        if place is None:
            raise SignInError("sign_in_anew")
        if self._process is None:
            self._ask("at", url=place.url, platform=place.platform)

    def _ask(self, do: str, **facts: Any) -> dict[str, Any]:
        with self._asking:
            process, told = self._running(), b""
            with suppress(OSError, ValueError):
                told = _exchanged(process, line({"do": do, **facts}))
            if not told:
                self._gone(process)
                raise TryLaterError("sign_in_stopped")
        answer: dict[str, Any] = json.loads(told)
        if "error" in answer:
            raise error_in(answer)
        return answer

    def _running(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._process is None:
                self._process = _started(self._home)
            return self._process

    def _gone(self, process: "subprocess.Popen[bytes]") -> None:
        with self._lock:
            if self._process is process:
                self._process = None
        process.kill()
        _close(process)


def _exchanged(process: "subprocess.Popen[bytes]", question: bytes) -> bytes:
    """Ask and wait for the answer, empty when the process ended instead."""
    if process.stdin is None or process.stdout is None:
        return b""
    process.stdin.write(question)
    process.stdin.flush()
    return process.stdout.readline()


def _close(process: "subprocess.Popen[bytes]") -> None:
    process.wait(ENDING_SECONDS)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _started(home: Home) -> "subprocess.Popen[bytes]":
    home.prepare()
    log = open_log(home.logs / "sign-in.log")
    command = [sys.executable, "-P", "-m", "console.sign_in.process", str(home.root)]
    try:
        return subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=clean_environment(),
            cwd=str(home.root),
            start_new_session=True,
        )
    finally:
        os.close(log)


def open_sample() -> None:
    """Open the sample community in a window of its own, which outlives this one."""
    sample = subprocess.Popen(
        [sys.executable, "-P", "-m", "console", "demo"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
        start_new_session=True,
    )
    sample.returncode = 0  # it outlives us on purpose: nobody waits for it
