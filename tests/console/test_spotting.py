"""The finder that the desk looks with: the team's rules from the home, at once, and never without them."""

from pathlib import Path

import pytest

from console.spotting import HomeFinder
from moderation.errors import StoreError

TEXT = "It is about AC-481516, call +44 20 7946 0958."
RULES = '[[number]]\nkind = "order"\nform = "AC-######"\n'


def kinds(find: HomeFinder) -> list[str]:
    return [str(spot.kind) for spot in find(TEXT)]


def test_rules_and_libraries_count_and_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    rules = tmp_path / "privacy.toml"
    find = HomeFinder(rules)
    assert kinds(find) == ["phone"]
    rules.write_text(RULES, encoding="utf-8")
    assert kinds(find) == ["order", "phone"]
    rules.write_text(RULES + '[public]\nphones = ["+44 20 7946 0958"]\n', encoding="utf-8")
    assert kinds(find) == ["order"]


def test_rules_that_are_refused_let_nothing_pass(tmp_path: Path) -> None:
    rules = tmp_path / "privacy.toml"
    rules.write_text("[[number]]\nkind = 3\n", encoding="utf-8")
    find = HomeFinder(rules)
    for _ in range(2):
        with pytest.raises(StoreError, match="privacy_rules_"):
            find(TEXT)
