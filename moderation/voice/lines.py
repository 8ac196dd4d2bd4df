"""Where in a TOML text a table or a key stands: the parser tells values only, and a person needs the line."""

import re

_HEAD = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+))\s*[=.]")
_TRIPLE = re.compile(r"\"\"\"|'''")


class Lines:
    """Lines of a TOML text, counted from 1. ``table`` is the name of a heading, empty above the first one; ``nth``
    counts headings of one name from 0.
    """

    def __init__(self, source: str) -> None:
        self._lines = source.splitlines()
        self._heads: dict[tuple[str, int], int] = {}
        self._keys: dict[tuple[str, int, str], int] = {}
        self._read()

    def _read(self) -> None:
        table, nth, inside = "", 0, ""
        seen: dict[str, int] = {}
        for number, line in enumerate(self._lines, 1):
            if not inside:
                head, key = _HEAD.match(line), _KEY.match(line)
                if head is not None:
                    table = head[1]
                    nth = seen.get(table, -1) + 1
                    seen[table] = nth
                    self._heads[table, nth] = number
                elif key is not None:
                    self._keys.setdefault((table, nth, key[1] or key[2] or key[3]), number)
            inside = _after(line, inside)

    def of_table(self, table: str, nth: int = 0) -> int:
        """The line of a heading; of the key where it is written without one; 1 where neither is found."""
        return self._heads.get((table, nth)) or self._keys.get(("", 0, table)) or 1

    def of_key(self, table: str, nth: int, key: str) -> int:
        """The line of a key, of its heading where the key is missing."""
        return self._keys.get((table, nth, key)) or self.of_table(table, nth)

    def of_text(self, table: str, nth: int, key: str, text: str) -> int:
        """The line that holds a text, at the key or below it."""
        start = self.of_key(table, nth, key)
        return next((number for number in range(start, len(self._lines) + 1) if text in self._lines[number - 1]), start)


def _after(line: str, inside: str) -> str:
    """The quotes of a text over several lines that is still open behind this line."""
    for match in _TRIPLE.finditer(line):
        if not inside:
            inside = match[0]
        elif inside == match[0]:
            inside = ""
    return inside
