"""What every command gets: who asks, in which language, where things lie, and the desk when it is needed."""

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

from console.cli.output import Column, print_json, safe, table, terminal_width
from console.home import Home
from console.settings import Settings
from moderation.errors import MarqueeError, NotAllowedError, UnknownIdError
from moderation.ids import Ref
from resources import messages

if TYPE_CHECKING:
    from console.credentials import Credentials
    from console.wiring import Workplace


@dataclass(slots=True)
class Context:
    """One run of one command. ``community`` is what ``--community`` named, empty without it."""

    home: Home
    settings: Settings
    language: str
    json: bool = False
    community: str = ""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    keys: TextIO = field(default_factory=lambda: sys.stdin)

    @property
    def interactive(self) -> bool:
        """True when a person sits at a terminal."""
        return self.keys.isatty() and self.err.isatty()

    def words(self, code: str, **facts: object) -> str:
        """The sentence for a code in this person's language; facts may come from anybody and are made harmless."""
        harmless = {name: safe(value) if isinstance(value, str) else value for name, value in facts.items()}
        return messages.text(code, self.language, **harmless)

    def say(self, code: str, **facts: object) -> None:
        """A message for people, beside the answer."""
        self.err.write(self.words(code, **facts) + "\n")

    def answer(self, document: Any) -> None:
        """The one JSON document."""
        print_json(document, self.out)

    def show_table(self, columns: list[tuple[str, str]], rows: list[list[object]]) -> None:
        """A table; ``columns`` are (code of the title, marks), marks: ``f`` keeps its width, ``r`` stands right."""
        heads = [Column(self.words(code), "f" in marks, "r" in marks) for code, marks in columns]
        for line in table(heads, rows, terminal_width(self.out)):
            self.out.write(line + "\n")

    def explain(self, error: MarqueeError) -> str:
        """An error in words."""
        return self.words(error.code, **error.facts)

    def credentials(self) -> "Credentials":
        """Keys and tokens of this home, with a passphrase asked here where there is no keyring."""
        from console.cli.passphrase import credentials_for

        return credentials_for(self)

    def desk(self, *, engine: bool = True) -> "AbstractContextManager[Workplace]":
        """The stores with the desk over them, closed at the end; ``engine``: start one when something needs sending."""
        from console.wiring import Workplace

        return Workplace.open(self.home, self.settings, self.credentials(), start_engine=engine)

    def chosen(self) -> list[str]:
        """The communities meant: the one named by name or by ``--community``, else all of them.

        Raises :class:`UnknownIdError` ``community_unknown`` or ``no_community``.
        """
        connected = sorted(self.settings.communities)
        if not connected:
            raise UnknownIdError("no_community")
        if not self.community:
            return connected
        if self.community not in connected:
            raise UnknownIdError("community_unknown", community=self.community)
        return [self.community]

    def reference(self, text: str) -> Ref:
        """An id of the command line;

        raises :class:`UnknownIdError`, or :class:`NotAllowedError` for another community.
        """
        ref = Ref.parse(text)
        if self.community and ref.community != self.community:
            raise NotAllowedError("other_community", id=text, community=self.community)
        return ref
