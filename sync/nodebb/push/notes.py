"""Notes on flags. An empty note would be stored, so it is refused here.

NodeBB keeps one note of an account for a text: the same again is that note with the time of now (so says its source,
4.15.1). A note that is there anew is therefore known by its time.
"""

from collections.abc import Callable, Mapping
from typing import Any

from moderation.errors import RefusedError
from moderation.intents import Intent, Receipt
from moderation.items import Item
from moderation.text import canonical
from sync.connector import Answer, Before, Evidence, Standing
from sync.nodebb import endpoints
from sync.nodebb.decoders import FLAG_HISTORY
from sync.nodebb.ids import in_path
from sync.nodebb.push.tools import Tools, before_on_flag


class NoteOnFlag:
    """Write a staff note."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """The flag and the notes that it has."""
        found = self._tools.flag(intent.target)
        if found is None:
            return Before(Standing.GONE, {})
        item, records = found
        notes = [note.id for note in item.notes]
        return before_on_flag(item, records, intent.seen_version, Standing.CLEAR, {"notes": notes})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Append the note."""
        text = str(intent.payload.get("text", ""))
        if not text.strip():
            raise RefusedError("note_empty")
        self._tools.writer.send("POST", endpoints.flag_notes(in_path(intent.target)), {"note": text}, FLAG_HISTORY)
        return {}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Callable[[str], bool]) -> Evidence:
        """Happened when there is an own note with this text that the baseline does not have."""
        found = self._tools.flag(intent.target)
        if found is None:
            return Evidence(Answer.UNCLEAR, where=("flag",))
        item, records = found
        receipt = self._receipt(intent, item, taken)
        answer = Answer.HAPPENED if receipt is not None else Answer.ABSENT
        return Evidence(answer, receipt, (records,), where=("flag notes",))

    def _receipt(self, intent: Intent, item: Item, taken: Callable[[str], bool]) -> Receipt | None:
        me = self._tools.me
        there_before = set((intent.baseline or {}).get("notes", ()))
        text = canonical(str(intent.payload.get("text", "")))
        for note in sorted(item.notes, key=lambda note: note.at):
            server_id = f"{item.id.kind}:{item.id.native}@note.{note.id}"
            fresh = note.id not in there_before and note.author == me and canonical(note.text) == text
            if fresh and not taken(server_id):
                return Receipt(server_id, str(me), note.at)
        return None
