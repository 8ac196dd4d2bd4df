"""Running the command line in this process, with a home, an environment and a terminal of its own."""

import contextlib
import io
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from console.cli.run import run
from console.demo.throwaway import end_engine
from console.home import Home
from sync.engine.lock import holder


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


@dataclass(slots=True)
class Program:
    """``marquee`` with a home; keys and tokens come from ``environment``."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Home:
        """Its home."""
        return Home(self.folder.resolve())

    def __call__(self, *arguments: str, stdin: str = "", **environment: str) -> Result:
        """Run one command."""
        out, err = io.StringIO(), io.StringIO()
        given = {"MARQUEE_HOME": str(self.folder), **self.environment, **environment}
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            try:
                code = run(list(arguments), given)
            except SystemExit as ended:
                code = int(ended.code or 0)
        return Result(code, out.getvalue(), err.getvalue())

    def kill_engine(self) -> int | None:
        """SIGKILL the engine of this home; gives its process id, once it is gone."""
        number = holder(self.home.root)
        if number is not None:
            os.kill(number, signal.SIGKILL)
        limit = time.monotonic() + 20
        while holder(self.home.root) is not None:
            assert time.monotonic() < limit
            time.sleep(0.01)
        return number


@contextmanager
def program(folder: Path, **environment: str) -> Iterator[Program]:
    """A program without keyring; its engine ends with the context."""
    ready = Program(folder, {"MARQUEE_STORE_KEY": secrets.token_hex(32), **environment})
    try:
        yield ready
    finally:
        if ready.folder.exists():
            end_engine(ready.home)
