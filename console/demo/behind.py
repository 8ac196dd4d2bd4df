"""A sample community from behind: what its server holds and shows, past the connector."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from console.demo.hands import expect
from console.demo.sample import COLLEAGUE, DISCOURSE, Sample
from moderation.ids import Ref

_WORDS: dict[str, dict[object, str]] = {
    "nodebb": {"resolved": "resolved", "rejected": "dismissed"},
    "discourse": {1: "resolved", 2: "dismissed"},
}
_DECIDES = frozenset({"decide", "resolve_by_hiding"})
_FOR_LONG = 100_000


@dataclass(frozen=True, slots=True)
class Side:
    """One of the communities: its name in ids, its server, and the id of whoever sits at the desk."""

    name: str
    sample: Sample
    me: str

    @property
    def title(self) -> str:
        """What it calls itself."""
        return self.sample.title

    def counts(self) -> dict[str, int]:
        """Numbers of the server's own state; ``items`` and ``pending`` as this platform counts them for staff."""
        there = self.sample.control("counts")
        pending = sum(there.get(state, 0) for state in ("open", "in_progress", "held"))
        items = there["items"] + there["held"]
        if self.sample.platform == DISCOURSE:
            shown = int(self.sample.read("/review/count.json", COLLEAGUE)["count"])
            items, pending = items + shown - pending, shown  # what a plugin found is nowhere but in its queue
        return {**there, "items": items, "pending": pending}

    def decisions(self, item: Ref) -> list[dict[str, Any]]:
        """What took effect on an item by anybody but its reporters, oldest first."""
        effects = self.sample.control("effects")["effects"]
        about = [effect for effect in effects if effect["target"] == f"item:{item.native}"]
        return [one for one in about if one["verb"] in _DECIDES and "state" in one["detail"]]

    def expect_once(self, item: Ref, state: str, *, by_me: bool = True) -> None:
        """Fail unless the server holds exactly one decision, under the right name, and shows it to a colleague."""
        made = self.decisions(item)
        expect(len(made) == 1, f"{item} was decided {len(made)} times on the server")
        expect((str(made[0]["by"]) == self.me) is by_me, f"{item} was decided by member {made[0]['by']}")
        told = [line["by"] for line in self._item(item)["history"] if line["changes"].get("state") == state]
        expect(told == [made[0]["by"]], f"the history of {item} names {told} for {state}")
        expect(self.shown(item) == state, f"the server shows {item} as {self.shown(item)}, not as {state}")

    def shown(self, item: Ref) -> str:
        """The state of an item as the platform itself shows it to a colleague."""
        if self.sample.platform == DISCOURSE:
            found = self.sample.read(f"/review/{item.native}.json", COLLEAGUE)["reviewable"]["status"]
        else:
            found = self.sample.read(f"/api/flags/{item.native}", COLLEAGUE)["state"]
        return _WORDS[self.sample.platform].get(found, str(found))

    def hidden(self, item: Ref) -> bool:
        """Whether the reported post is hidden from the public."""
        target = self._item(item)["target"]
        return any(post["pid"] == target and post["deleted"] for post in self.sample.control("snapshot")["posts"])

    def posts(self, text: str) -> list[dict[str, Any]]:
        """Posts that say exactly this."""
        return [post for post in self.sample.control("snapshot")["posts"] if post["content"] == text]

    def decide_as_colleague(self, item: Ref, state: str) -> None:
        """A colleague is first."""
        self.sample.control("decide_as", user=COLLEAGUE, flag=int(item.native), state=state)

    def slow(self, milliseconds: int) -> None:
        """Every request takes at least this long."""
        self.sample.control("service", service_time_ms=milliseconds)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Every connection to it is cut."""
        self.sample.control("fault", kind="drop_before", times=_FOR_LONG)
        try:
            yield
        finally:
            self.sample.control("no_faults")

    def _item(self, item: Ref) -> dict[str, Any]:
        items = self.sample.control("snapshot")["items"]
        return next(one for one in items if str(one["id"]) == item.native)
