"""Every code that the program can raise or show has words in both languages."""

import ast
from pathlib import Path

import pytest

from resources import messages

ROOT = Path(__file__).parent.parent
ERRORS = {
    "NotAllowedError", "SignInError", "TryLaterError", "UnreachableError", "UnclearError", "ConflictError",
    "RefusedError", "PayloadError", "UnknownIdError", "StoreError",
}  # fmt: skip


def codes_raised() -> set[tuple[str, str]]:
    """First argument of every construction of our errors outside the sample community, with its file."""
    found = set()
    for package in ("moderation", "sync", "console", "views"):
        for path in (ROOT / package).rglob("*.py"):
            if "sandbox" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        found.add((first.value, str(path.relative_to(ROOT))))
    return found


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_raised_code_has_words(language: str) -> None:
    missing = sorted(f"{code} ({where})" for code, where in codes_raised() if code not in messages.table(language))
    assert not missing, "\n".join(missing)


def test_the_search_finds_codes() -> None:
    assert {"item_unknown", "claimed_by_other"} <= {code for code, _ in codes_raised()}
