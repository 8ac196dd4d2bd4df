"""Notes on items. The same text twice is two notes, each with an id of its own."""

from collections.abc import Mapping
from typing import Any

from moderation.errors import RefusedError
from moderation.ids import Kind
from moderation.intents import Intent, Receipt
from moderation.items import Item
from sync.connector import Answer, Before, Evidence, Standing
from sync.discourse import endpoints
from sync.discourse.canonical import same_text
from sync.discourse.decoders import NOTE
from sync.discourse.push.tools import Tools, before_on_item
from sync.parts.intents import Taken, on


class NoteOnItem:
    """Write a staff note."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def before(self, intent: Intent) -> Before:
        """The item and the notes that it has."""
        item, records = self._tools.item(on(intent, Kind.REVIEW))
        if item is None:
            return Before(Standing.GONE, {})
        return before_on_item(item, records, intent.seen_version, Standing.CLEAR, {})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Append the note; the first release that had notes had another path."""
        text = str(intent.payload.get("text", ""))
        if not text.strip():
            raise RefusedError("note_empty")
        body = {"reviewable_note": {"content": text}}
        path = endpoints.review_notes(intent.target.native)
        try:
            note, _ = self._tools.writer.send("POST", path, body, NOTE)
        except RefusedError as error:
            if error.code != "not_there":
                raise
            note, _ = self._tools.writer.send("POST", path.replace("/review/", "/reviewables/", 1), body, NOTE)
        return {"note": str(note.id)}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when there is an own note with this text that the baseline does not have."""
        item, records = self._tools.item(intent.target)
        if item is None:
            return Evidence(Answer.UNCLEAR, where=("review notes",))
        receipt = self._receipt(intent, item, hints, taken)
        absent = Answer.UNCLEAR if hints.get("note") else Answer.ABSENT  # what the answer named was there
        return Evidence(
            Answer.HAPPENED if receipt is not None else absent, receipt, (records,), where=("review notes",)
        )

    def _receipt(self, intent: Intent, item: Item, hints: Mapping[str, Any], taken: Taken) -> Receipt | None:
        me, known = self._tools.me, set((intent.baseline or {}).get("notes", ()))
        for note in sorted(item.notes, key=lambda note: note.at):
            server_id = f"{item.id.kind}:{item.id.native}@note.{note.id}"
            fresh = note.id not in known and note.author == me and not taken(server_id)
            if fresh and (hints.get("note") == note.id or same_text(note.text, str(intent.payload.get("text", "")))):
                return Receipt(server_id, str(me), note.at)
        return None
