"""The published contract of ``--json``."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

FILE = Path(__file__).parents[2] / "docs" / "cli.schema.json"


@cache
def contract() -> dict[str, Any]:
    """The whole document."""
    document: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return document


def fits(command: str, answer: Any) -> Any:
    """The answer, once it is sure that it is what the contract says."""
    jsonschema.validate(answer, {**contract()["$defs"][command], "$defs": contract()["$defs"]})
    return answer
