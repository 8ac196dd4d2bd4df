"""What :mod:`argparse` says of wrong arguments, in the person's language, with what was probably meant.

It speaks English alone, and of functions of this program ("invalid whole_number value"); its sentences are known.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from resources import messages

_ARGUMENT = r"argument (?P<name>.+?): "
_SAID = tuple(
    (f"cli_wrong_{code}", re.compile(sentence, re.DOTALL))
    for code, sentence in {
        "missing": r"the following arguments are required: (?P<names>.+)",
        "one_of": r"one of the arguments (?P<names>.+) is required",
        "unknown": r"unrecognized arguments: (?P<given>.+)",
        "choice": _ARGUMENT + r"invalid choice: (?P<given>.+?) \(choose from (?P<choices>.+)\)",
        "value": _ARGUMENT + r"invalid \w+ value: (?P<given>.+)",
        "beside": _ARGUMENT + r"not allowed with argument (?P<other>.+)",
        "no_value": _ARGUMENT + r"expected (?:one|at least one|at most one) argument",
        "takes_none": _ARGUMENT + r"ignored explicit argument (?P<given>.+)",
    }.items()
)


def explained(said: str, language: str, options: Iterable[str]) -> str:
    """A sentence of the catalogue without its full stop, or what was said where that is new. ``options``: those there
    are.
    """
    for code, sentence in _SAID:
        found = sentence.fullmatch(said)
        if found is not None:
            facts = {name: _bare(text) for name, text in found.groupdict().items()}
            choices = facts["choices"].split(", ") if "choices" in facts else list(options)
            text = messages.text(code, language, **facts)
            meant = get_close_matches(facts.get("given", "").split(" ")[0], choices, 1)
            return messages.text("cli_wrong_meant", language, message=text, meant=meant[0]) if meant else text
    return said


def _bare(text: str) -> str:
    """Without the quotation marks of Python."""
    return ", ".join(part.strip("'\"") for part in text.split(", "))
