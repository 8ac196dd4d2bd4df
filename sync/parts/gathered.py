"""What is collected of a text that must be gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Gathered:
    """Texts, the wordings that stay public, and facts by name, each once and in order."""

    texts: list[str] = field(default_factory=list)
    stay: list[str] = field(default_factory=list)
    facts: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, name: str, values: Iterable[object]) -> None:
        """Further facts of a name; nothing, empty and 0 are none."""
        self.facts.setdefault(name, {}).update({str(value): None for value in values if value not in (None, "", 0)})

    def places(self, before: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """All facts, those known ``before`` first."""
        for name, values in before.items():
            self.facts[name] = {**dict.fromkeys(values), **self.facts.get(name, {})}
        return {name: tuple(values) for name, values in self.facts.items()}
