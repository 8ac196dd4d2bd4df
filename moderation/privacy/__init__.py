"""Private data in public texts: found by form and by check digits, with the reason of each find.

:class:`Finder` puts the detectors together; :mod:`moderation.privacy.rules` reads what a team adds.
"""

from moderation.privacy.finder import VERSION, Finder, fingerprint_of
from moderation.privacy.rules import NO_RULES, Rules, read_rules
from moderation.privacy.shown import Link, Shown, shown
from moderation.privacy.spots import GRAVITY, Detector, PrivateKind, Raw, Spot, Sureness, masked

__all__ = [
    "GRAVITY",
    "NO_RULES",
    "VERSION",
    "Detector",
    "Finder",
    "Link",
    "PrivateKind",
    "Raw",
    "Rules",
    "Shown",
    "Spot",
    "Sureness",
    "fingerprint_of",
    "masked",
    "read_rules",
    "shown",
]
