"""Passages of a text that should not be public: mail addresses, telephone and other long numbers, passwords."""

import re

_FORMS = (
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}"),
    re.compile(r"\+?\d{1,4}(?:[ ()-]{1,2}\d{2,5}){2,5}"),
    re.compile(r"\b[A-Za-z]{0,5}-?\d{5,}(?:-\w{1,6})?\b"),
    re.compile(r"(?i)\b(?:password|passwort|api[ _-]?key|token)\s*[:=]\s*\S{4,}"),
)
_SHORTEST = 6


def private_passages(text: str) -> list[str]:
    """What stands there and looks private, in the order of the forms."""
    found = (match[0].strip() for form in _FORMS for match in form.finditer(text))
    return [passage for passage in dict.fromkeys(found) if len(passage) >= _SHORTEST]
