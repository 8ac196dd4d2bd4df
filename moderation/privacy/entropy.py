"""Does a value look drawn by lot, or written by somebody?"""

import math
import re
from collections import Counter

_ORDINARY = re.compile(r"(?:[a-z]{2,20}|[A-Z][a-z]{1,20}|[A-Z]{2,20})(?:[-_./][A-Za-z]{2,20}){0,8}[0-9]{0,2}$")
_PLAIN_NUMBER = re.compile(r"[0-9]{1,3}(?:[.,:/-][0-9]{1,4}){0,6}$")


def bits(value: str) -> float:
    """Entropy of its characters, bits a character."""
    if not value:
        return 0.0
    length = len(value)
    return -sum(n / length * math.log2(n / length) for n in Counter(value).values())


def is_random(value: str, shortest: int) -> bool:
    """True for values of at least ``shortest`` characters that mix classes and are no words, versions or dates."""
    head = value[:400]
    if len(head) < shortest or _ORDINARY.match(head) or _PLAIN_NUMBER.match(head):
        return False
    classes = sum(
        (
            any(map(str.islower, head)),
            any(map(str.isupper, head)),
            any(map(str.isdigit, head)),
            not head.isalnum(),
        )
    )
    enough = 2.2 if len(head) < 12 else 2.8
    return classes >= 2 and bits(head) >= enough and any(map(str.isdigit, head) if len(head) < 24 else (True,))
