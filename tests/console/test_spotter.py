"""The finder as the engine has it: rules of the home, read again when they change."""

from pathlib import Path

import pytest

from console.spotter import Spotter
from sync.mirror import MirrorWriter
from sync.vault import StoreFile, Vault
from tests import factory

RULES = '[[number]]\nkind = "order"\nform = "AC-######"\n'


@pytest.fixture
def vault(home_folder: Path) -> Vault:
    made = Vault(home_folder, bytes(range(32)))
    writer = MirrorWriter(made)
    writer.put_community(factory.community())
    posts = [
        factory.post(1, body_html="<p>where is AC-481516</p>"),
        factory.post(2, body_html="<p>tel 03-5555-0123</p>"),
    ]
    writer.apply(factory.batch(1, None, forums=[factory.forum(1)], posts=posts), factory.HERE)
    writer.close()
    return made


def found(vault: Vault) -> list[tuple[str, str]]:
    db = vault.connect(StoreFile.MIRROR)
    rows = db.execute("SELECT p.native, s.kind FROM spots AS s JOIN posts AS p ON p.key = s.post ORDER BY 1").fetchall()
    db.close()
    return [tuple(row) for row in rows]


def work(spotter: Spotter) -> None:
    while spotter.step(1.0)[0]:
        pass


def test_rules_of_the_home_count_as_soon_as_they_are_written(vault: Vault, home_folder: Path) -> None:
    rules = home_folder / "privacy.toml"
    spotter = Spotter(vault, rules)
    work(spotter)
    assert found(vault) == [("2", "phone")]
    rules.write_text(RULES)
    work(spotter)
    assert found(vault) == [("1", "order"), ("2", "phone")]
    rules.write_text(RULES + '[public]\nphones = ["03-5555-0123"]\n')
    work(spotter)
    assert found(vault) == [("1", "order")]
    spotter.close()


def test_rules_that_are_refused_leave_those_before(vault: Vault, home_folder: Path, expected_logs: list[str]) -> None:
    rules = home_folder / "privacy.toml"
    rules.write_text(RULES)
    spotter = Spotter(vault, rules)
    work(spotter)
    expected_logs.append("privacy_rules_pattern_endless")
    rules.write_text("[[number]]\nkind = 'order'\npattern = '(a+)+'\n")
    work(spotter)
    assert ("1", "order") in found(vault)
    spotter.close()
