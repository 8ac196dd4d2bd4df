"""How much of the sample a home holds: to see that the engine really worked meanwhile."""

from pathlib import Path

from tests.benchmarks.filling.recipe import KEY


def items_of_others(home: Path) -> int:
    """Items of all communities but the first, which the large home came with."""
    return _counted(home, ("items",))


def held(home: Path) -> int:
    """Items and posts of all communities but the first."""
    return _counted(home, ("items", "main.posts", "private.posts"))


def _counted(home: Path, tables: tuple[str, ...]) -> int:
    from sync.mirror.preparing import open_for_reading
    from sync.vault import Vault

    db = open_for_reading(Vault(home, KEY))
    try:
        counted = [db.execute(f"SELECT count(*) FROM {table} WHERE community <> 1") for table in tables]
        return sum(int(rows.fetchone()[0]) for rows in counted)
    finally:
        db.close()
