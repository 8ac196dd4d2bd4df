"""Taking the text of a post away where the post itself must stay, and giving it back.

Deleting the opening post deletes its topic, and nothing else hides a post by order of the staff. So its text is
replaced by an edit, and then every earlier version that shows it is hidden from everybody but staff: this one, and
those of edits before. Going back writes the earlier text once more and shows the versions that were hidden for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.errors import MarqueeError, RefusedError, UnclearError
from moderation.ids import Kind
from moderation.intents import Intent, Receipt
from sync.connector import Before, Evidence, Standing, Urgency
from sync.discourse import endpoints
from sync.discourse.canonical import same_text
from sync.discourse.case_payloads import RevisionP
from sync.discourse.decoders import EDITED, REVISION
from sync.discourse.payloads import PostP
from sync.discourse.pull.single import Posts
from sync.discourse.push.tools import Tools, needed
from sync.parts.answers import Read
from sync.parts.intents import Taken, on

FIRST = 2
"""The number of a post's first edit."""
_MOST = 60


@dataclass(frozen=True, slots=True)
class Redaction:
    """Which edit took the text away, and which versions were hidden for it; it stands in the receipt."""

    number: int
    hidden: tuple[int, ...]

    def receipt(self, post: str) -> str:
        """``post:9@redacted.3.2-3``."""
        return f"post:{post}@redacted.{self.number}.{'-'.join(map(str, self.hidden))}"

    @classmethod
    def parse(cls, receipt: str) -> "Redaction | None":
        """What a receipt tells, ``None`` for one of something else."""
        effect, _, rest = receipt.partition("@")[2].partition(".")
        number, _, hidden = rest.partition(".")
        if effect != "redacted" or not number.isdigit():
            return None
        return cls(int(number), tuple(int(one) for one in hidden.split("-") if one.isdigit()))


class Versions:
    """Reading of a post and of its edits."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.posts = Posts(tools.context)

    def post(self, intent: Intent) -> Read[PostP | None]:
        """The post now."""
        return self.posts.one(on(intent, Kind.POST), Urgency.FLUSH)

    def edit(self, post: str, number: int) -> RevisionP | None:
        """One edit, ``None`` where it is not there."""
        return self._tools.context.reader.find(endpoints.revision(post, number), REVISION, Urgency.FLUSH).value

    def hidden(self, post: str, version: int) -> dict[int, bool]:
        """Every edit, and whether it is hidden."""
        if version > _MOST:
            raise RefusedError("too_many_versions", post=post, count=version)
        found = {number: self.edit(post, number) for number in range(FIRST, version + 1)}
        return {number: one.current_hidden for number, one in found.items() if one is not None}

    def mark(self, post: str, number: int, verb: str) -> None:
        """``hide``, ``show`` or ``revert``."""
        self._tools.writer.do("PUT", endpoints.revision(post, number, verb), {})


class Redact:
    """Put the ``redact`` text of the payload in the place of a post's own."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._versions = Versions(tools)

    def before(self, intent: Intent) -> Before:
        """The text and its versions; ``already`` when it is replaced and nothing earlier shows."""
        read = self._versions.post(intent)
        post = read.value
        if post is None or post.deleted_at is not None or post.user_deleted:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        marks = self._versions.hidden(intent.target.native, post.version)
        there = _replaced(intent, post) and all(marks.values())
        baseline = {"hidden": [number for number, hidden in marks.items() if hidden], "version": post.version}
        records = self._versions.posts.record(intent.target, read)
        found = Before(Standing.ALREADY if there else Standing.CLEAR, baseline, records=records)
        return self._tools.beside_item(intent, found)

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Edit, then hide. What breaks off after the edit is unclear, so that a look tells what is left to do."""
        posts = before.records.posts if before.records is not None else ()
        replaced = next((post.body for post in posts if post.id == intent.target and post.body is not None), None)
        native, text = intent.target.native, needed(intent, "redact")
        if not same_text(replaced, text):
            body: dict[str, Any] = {"raw": text}
            if replaced is not None:
                body["original_text"] = replaced
            self._tools.writer.send("PUT", endpoints.post(native), {"post": body}, EDITED)
        try:
            self._hide(native)
        except UnclearError:
            raise
        except MarqueeError as error:
            raise UnclearError("versions_not_hidden", cause=error.code, post=native) from error
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when the text is replaced and no version shows the old one."""
        read = self._versions.post(intent)
        receipt = self._receipt(intent, read, taken) if read.value is not None else None
        return self._tools.evidence(intent, receipt, self._versions.posts.record(intent.target, read), where="post")

    def _hide(self, native: str) -> None:
        post = self._versions.posts.one(self._tools.context.names.ref(Kind.POST, native), Urgency.FLUSH).value
        for number, hidden in self._versions.hidden(native, post.version if post is not None else 1).items():
            if not hidden:
                self._versions.mark(native, number, "hide")

    def _receipt(self, intent: Intent, read: Read[PostP | None], taken: Taken) -> Receipt | None:
        post, native = read.value, intent.target.native
        if post is None or not _replaced(intent, post) or post.version < FIRST:
            return None
        marks = self._versions.hidden(native, post.version)
        if not all(marks.values()):
            return None
        # without a baseline nobody knows who hid the earlier ones: those then stay hidden on the way back
        earlier = (intent.baseline or {}).get("hidden")
        ours = tuple(n for n in marks if n == post.version or (earlier is not None and n not in earlier))
        server_id = Redaction(post.version, ours).receipt(native)
        return (
            None if taken(server_id) else Receipt(server_id, str(self._tools.me), self._tools.time_of(read.server_time))
        )


class GiveBack:
    """Put the text back that a redaction took away; ``redacted`` of the payload is that one's receipt."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._versions = Versions(tools)

    def before(self, intent: Intent) -> Before:
        """Does the redaction still stand; ``already`` when its versions show again and something else is there."""
        read, done = self._versions.post(intent), _redaction(intent)
        post, native = read.value, intent.target.native
        if post is None:
            return self._tools.beside_item(intent, Before(Standing.GONE, {}))
        records = self._versions.posts.record(intent.target, read)
        changed: dict[str, str] = {}
        if post.version > done.number and not self._is_own(native, post.version):
            changed = {"edited": str(post.updated_at or post.created_at)}
        shown = self._shown(native, done)
        standing = Standing.ALREADY if post.version > done.number and shown else Standing.CLEAR
        if standing is Standing.ALREADY:
            changed = {}
        return self._tools.beside_item(
            intent, Before(standing, {"version": post.version}, changed=changed, records=records)
        )

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        """Write the earlier text, then show its versions."""
        native, done = intent.target.native, _redaction(intent)
        if int(before.baseline.get("version", 0)) <= done.number:
            self._versions.mark(native, done.number, "revert")
        try:
            for number in done.hidden:
                edit = self._versions.edit(native, number)
                if edit is not None and edit.current_hidden:
                    self._versions.mark(native, number, "show")
        except UnclearError:
            raise
        except MarqueeError as error:
            raise UnclearError("versions_not_shown", cause=error.code, post=native) from error
        return {"done": True}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        """Happened when there is a later version and those of the redaction show."""
        read, done = self._versions.post(intent), _redaction(intent)
        post, receipt = read.value, None
        if post is not None and post.version > done.number and self._shown(intent.target.native, done):
            at = self._tools.time_of(read.server_time)
            receipt = self._tools.receipt(intent.target, f"restored.{post.version}", at, taken)
        return self._tools.evidence(intent, receipt, self._versions.posts.record(intent.target, read), where="post")

    def _shown(self, native: str, done: Redaction) -> bool:
        edits = [self._versions.edit(native, number) for number in done.hidden]
        return not any(edit is not None and edit.current_hidden for edit in edits)

    def _is_own(self, native: str, version: int) -> bool:
        """The newest edit is this account's: a way back that broke off."""
        edit = self._versions.edit(native, version)
        return edit is not None and edit.username.casefold() == self._name().casefold()

    def _name(self) -> str:
        return self._tools.context.rights(Urgency.FLUSH).username


def redacts(intent: Intent) -> bool:
    """True for hiding that keeps the post."""
    return bool(intent.payload.get("redact"))


def gives_back(intent: Intent) -> bool:
    """True for the way back of it."""
    return bool(intent.payload.get("redacted"))


def _replaced(intent: Intent, post: PostP) -> bool:
    return same_text(post.raw, needed(intent, "redact"))


def _redaction(intent: Intent) -> Redaction:
    found = Redaction.parse(needed(intent, "redacted"))
    if found is None:
        raise RefusedError("not_redacted", post=intent.target.native)
    return found
