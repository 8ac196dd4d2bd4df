"""The sample community as others use it: seeded state, tokens, test hooks."""

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sync.sandbox.content.size import Size
from sync.sandbox.content.words import load
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.site import Site
from sync.sandbox.faults import Fault, Faults
from sync.sandbox.state import facts, items, members, posting, threads
from sync.sandbox.state.clock import Clock
from sync.sandbox.state.records import Held, Item, Post, Thread
from sync.sandbox.state.store import State, Tables


@dataclass
class Service:
    """How the server behaves on the wire: time a request takes, and how often each path was called."""

    service_time_ms: float = 0.0
    posting_time_ms: float = 20.0
    requests: Counter[str] = field(default_factory=Counter)
    notes: dict[int, tuple[int, dict[str, object]]] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)

    def leaks_at(self, path: str) -> bool:
        """Whether this place has forgotten to ask for rights, see :meth:`SampleCommunity.leak`."""
        return any(re.fullmatch(place, path) for place in self.leaks)


class SampleCommunity:
    """One invented community. Every method may be called from any thread."""

    def __init__(self, state: State, seed: int) -> None:
        self.state = state
        self.seed = seed
        self.faults = Faults()
        self.service = Service()
        self.sessions: dict[str, int] = {}
        self.discourse = Site(seed)
        self._backups: dict[str, Tables] = {}
        self._random = random.Random(f"tokens {seed}")  # noqa: S311 - invented tokens of an invented community

    @classmethod
    def seeded(cls, seed: int = 7, size: Size | None = None, now: datetime | None = None) -> "SampleCommunity":
        """A community full of invented content; the same for the same seed, size and time."""
        from sync.sandbox.content.fill import fill

        start = now or datetime.now(UTC)
        community = cls(State(Clock(int(start.timestamp() * 1000), running=False)), seed)
        fill(community.state, seed, size or Size())
        community.clock.run()
        return community

    @property
    def clock(self) -> Clock:
        """The community's clock; tests stop and advance it."""
        return self.state.clock

    def token_for(self, user: str) -> str:
        """A token that acts as the member of that account name; the same at every call until revoked."""
        with self.state.lock:
            return self._token(self.state.by_name(user).id)

    def master_token(self) -> str:
        """The token that acts as anybody, with `_uid` on every call."""
        with self.state.lock:
            return self._token(0)

    def user_key_for(self, user: str) -> str:
        """A user API key of that member for the Discourse face; the same at every call until revoked."""
        with self.state.lock:
            return self.discourse.user_key(self.state.by_name(user).id)

    def admin_key(self, user: str = "") -> str:
        """An admin API key for the Discourse face, acting as whom each call names; with a name as that member only."""
        with self.state.lock:
            return self.discourse.admin_key(self.state.by_name(user).id if user else 0)

    def agree_to_key(self, user_code: str, user: str = "") -> bool:
        """A member agrees to the wish of that code on the Discourse face, nobody refuses it; False if there is none."""
        from sync.sandbox.discourse import key_wishes

        with self.state.lock:
            wish = key_wishes.by_user_code(self.discourse, user_code)
            if wish is None:
                return False
            key_wishes.decide(self.discourse, self.clock.now(), wish, self.uid(user) if user else 0)
            return True

    def revoke_token(self, token: str) -> bool:
        """Make a token or key worthless; True if it was known."""
        with self.state.lock:
            return self.state.tokens.pop(token, None) is not None or self.discourse.revoke(token)

    def named_accounts(self) -> list[str]:
        """Account names that the sample names: administrator, moderators, staff, company, customers."""
        return [person["name"] for person in load("people")["people"]]

    def leak(self, place: str) -> None:
        """From now on, paths that match this pattern show everybody what they show administrators."""
        self.service.leaks.append(place)

    def uid(self, user: str) -> int:
        """The member's id by account name."""
        return self.state.by_name(user).id

    def report(self, user: str, post: int, reason: str) -> Item:
        """A member reports a post."""
        with self.state.lock:
            return items.report(self.state, self.uid(user), "post", post, reason, limited=False)

    def decide_as(self, user: str, flag: int, state: str | None = None, assignee: str | None = None) -> None:
        """A colleague decides behind the console's back; `state` in the community's or NodeBB's words."""
        words = {"wip": "in_progress", "rejected": "dismissed"}
        with self.state.lock:
            chosen = str(self.uid(assignee)) if assignee else assignee
            item = self.state.item(flag)
            items.change(self.state, self.uid(user), item, words.get(state or "", state), chosen)

    def reply_as(self, user: str, thread: int, text: str) -> Post:
        """A member answers, past all delays and limits."""
        with self.state.lock:
            found = self.state.thread(thread)
            post = posting.add_post(self.state, self.uid(user), found, text, self.state.clock.tick())
            self.state.effect(post.author, "reply", f"thread:{thread}", post=post.id)
            return post

    def open_thread_as(self, user: str, forum: int, title: str, text: str) -> Thread:
        """A member opens a thread, past all delays and limits."""
        with self.state.lock:
            thread = posting.add_thread(self.state, self.uid(user), forum, title, text, self.state.clock.tick())
            self.state.effect(thread.author, "thread", f"thread:{thread.id}", post=thread.posts[0])
            return thread

    def tell_about(self, user: str, forum: int, text: str) -> Thread:
        """The topic about a category, which Discourse has for each and pins there; its first paragraph describes it."""
        name = self.state.forum(forum).name
        thread = self.open_thread_as(user, forum, f"About the {name} category", text)
        with self.state.lock:
            threads.set_pinned(self.state, self.uid(user), thread, True)
            extras(self.state).about[forum] = thread.id
        return thread

    def hold_as(self, user: str, thread: int, text: str) -> Held | Post:
        """A newcomer answers and is held, if the account is new."""
        with self.state.lock:
            return posting.reply(self.state, self.uid(user), thread, text)

    def register(self, user: str, fullname: str = "", **fields: object) -> int:
        """Add an ordinary account with any fields of a member; gives its id."""
        with self.state.lock:
            return members.register(self.state, user, fullname, **fields).id

    def stray_flag(self, flag: int, also_in: str) -> None:
        """List an item under a second state (`open in_progress resolved dismissed`), as after racing writes."""
        with self.state.lock:
            items.stray(self.state, self.state.item(flag), also_in)

    def maintenance(self, on: bool) -> None:
        """Switch maintenance mode."""
        self.state.settings.maintenance = on

    def add_messages(self) -> None:
        """Add the sample's personal messages, which the Discourse face shows; a second time changes nothing."""
        from sync.sandbox.discourse import sample_messages

        with self.state.lock:
            sample_messages.add(self.state)

    def fault(self, fault: Fault) -> None:
        """Order something to go wrong."""
        with self.state.lock:
            self.faults.order(fault)

    def snapshot(self) -> facts.Json:
        """Counts and full facts, for invariants."""
        with self.state.lock:
            return facts.snapshot(self.state)

    def effects(self, since: int = 0) -> list[facts.Json]:
        """The ordered log of every change that took effect."""
        with self.state.lock:
            return facts.effects(self.state, since)

    def save_backup(self, name: str = "backup") -> None:
        """Remember the present state under a name."""
        with self.state.lock:
            self._backups[name] = facts.save(self.state)

    def restore_backup(self, name: str = "backup") -> None:
        """Go back to a remembered state: known ids will come to mean other things."""
        with self.state.lock:
            facts.go_back(self.state, self._backups[name])

    def _token(self, uid: int) -> str:
        known = next((token for token, owner in self.state.tokens.items() if owner == uid), None)
        if known is None:
            known = str(UUID(int=self._random.getrandbits(128), version=4))
            self.state.tokens[known] = uid
        return known
