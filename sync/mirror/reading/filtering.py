"""Filtering the queue by words: which items hold them, worked out once and kept while nothing is written."""

from dataclasses import dataclass, field

from sync.mirror.folding import as_match, substring_grams
from sync.mirror.keys import FIRST
from sync.mirror.reading.content import FILES
from sync.mirror.reading.search import needles
from sync.vault import Connection


@dataclass(slots=True)
class Matched:
    """The items in ``temp.matched``: those whose excerpt or author holds all ``words``, as of ``version``."""

    words: list[str] = field(default_factory=list)
    version: int = -1
    rows: int = 0

    def find(self, db: Connection, text: str, version: int) -> bool:
        """Work out the items for a text; ``False`` when the text holds no words and therefore filters nothing."""
        wanted = needles(text)
        if not wanted or (wanted, version) == (self.words, self.version):
            return bool(wanted)
        self.words = []
        db.execute("DELETE FROM temp.matched")
        for file in FILES:
            _fill(db, file, wanted)
        self.words, self.version = wanted, version
        self.rows = int(db.execute("SELECT count(*) FROM temp.matched").fetchone()[0])
        return True


def _fill(db: Connection, file: str, wanted: list[str]) -> None:
    """Candidates by the full text, those that it does not know yet, and every one of them looked at."""
    grams = {gram for needle in wanted for gram in substring_grams(needle)}
    holds = " AND ".join(["instr(hay, ?)"] * len(wanted))
    if not grams:
        db.execute(f"INSERT OR IGNORE INTO temp.matched SELECT key FROM {file}.item_hay WHERE {holds}", wanted)  # noqa: S608
        return
    sql = f"""INSERT OR IGNORE INTO temp.matched SELECT key FROM
        (SELECT rowid AS candidate FROM {file}.grams WHERE grams MATCH ? AND rowid < ?
            UNION ALL SELECT key FROM {file}.index_queue WHERE key < ?)
        CROSS JOIN {file}.item_hay ON key = candidate WHERE {holds}"""  # noqa: S608
    db.execute(sql, (as_match(grams), FIRST, FIRST, *wanted))
