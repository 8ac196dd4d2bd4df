"""Detectors that need a library; :mod:`moderation.privacy` runs them with its own."""

from collections.abc import Sequence

from moderation.privacy.rules import Rules
from moderation.privacy.spots import Detector
from sync.detectors.telephones import Telephones, library_version


def library_detectors(rules: Rules) -> Sequence[Detector]:
    """The detectors of this package, set up for a team's rules."""
    return (Telephones(rules.regions),)


def versions() -> tuple[str, ...]:
    """What their answers depend on beside the rules."""
    return (f"phonenumbers-{library_version()}",)


__all__ = ["Telephones", "library_detectors", "versions"]
