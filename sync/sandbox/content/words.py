"""Reading the sample's texts and filling their placeholders."""

import random
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

Table = dict[str, Any]


@lru_cache
def load(name: str) -> Table:
    """A table of `resources/sample`, read once."""
    return tomllib.loads(files("resources").joinpath("sample", f"{name}.toml").read_text(encoding="utf-8"))


class Words:
    """Fills `{placeholders}` with choices of a table, by a seeded generator."""

    def __init__(self, chance: random.Random, fill: Table) -> None:
        self._chance = chance
        self._fill = fill
        self._known: dict[str, str] = {}
        self._chosen: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        if self._chosen is None:
            return str(self._chance.choice(self._fill[name]))
        if name not in self._chosen:
            self._chosen[name] = str(self._chance.choice(self._fill[name]))
        return self._chosen[name]

    def pick(self, texts: list[str]) -> str:
        """One of the texts, filled; equal results are one object, so that many posts stay cheap."""
        return self._filled(self._chance.choice(texts))

    def pick_start(self, starts: list[Table]) -> tuple[str, str]:
        """Title and text of a thread; a placeholder in both is the same word."""
        start = self._chance.choice(starts)
        self._chosen = {}
        title, text = self._filled(start["title"]), self._filled(start["text"])
        self._chosen = None
        return title, text

    def _filled(self, text: str) -> str:
        if "{" not in text:
            return text
        filled = text.format_map(self)
        return self._known.setdefault(filled, filled)
