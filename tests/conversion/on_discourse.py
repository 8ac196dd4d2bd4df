"""The stage of a conversion on the sample community's Discourse face."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from moderation.conversion import Place
from moderation.desk.privately import Around
from moderation.ids import Kind, Ref
from moderation.intents import Identities
from sync.connector import Account, Connection
from sync.discourse import open_connection
from sync.http import Limits, Pacing, Plan, PlannedBudget
from sync.sandbox import SampleCommunity
from sync.sandbox.discourse import access, deeds, people
from sync.sandbox.discourse.answers import Problem, Sent
from sync.sandbox.discourse.bodies import parameters
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import Readers, extras
from sync.sandbox.discourse.identity import identify
from sync.sandbox.discourse.routes import look_up
from sync.sandbox.state.records import Post, Thread
from sync.sandbox.state.refusal import Refused
from sync.sandbox.state.store import Tables
from tests.conversion.stage import ADMIN, COLLEAGUE, COMPANY, CUSTOMER, Stage, ref
from tests.faults.ground import NAME

TEAM = people.team_name()
"""The support group."""


class DiscourseStage(Stage):
    """A Discourse community. ``site_key``: the company account speaks with a key of the site."""

    face = "discourse"
    usual = Place.MESSAGE

    def __init__(
        self, folder: Path, me: str = ADMIN, community_seed: int = 7, *, replies: bool = True, site_key: bool = True
    ) -> None:
        self.site_key = site_key
        super().__init__(folder, me, community_seed, replies=replies)

    def connect(self, user: str, kind: Identities = Identities.ME, patience: float = 20.0) -> Connection:
        """A connection through the proxy."""
        by_site = self.site_key and user != self.me
        key = self.community.admin_key() if by_site else self.community.user_key_for(user)
        acts_as = str(self.community.uid(user)) if by_site else None
        made = open_connection(
            self.ground.proxy.url,
            NAME,
            Account(kind, key, acts_as),
            budget=PlannedBudget(Plan(100_000)),
            pacing=Pacing(NAME, self.clock.monotonic),
            limits=Limits(seconds=patience),
            now=self.clock.now,
        )
        self.opened.append(made)
        return made

    @property
    def around(self) -> Around:
        """The support group, and a colleague."""
        colleague = ref(Kind.MEMBER, self.community.uid(COLLEAGUE))
        return Around(colleagues=(colleague,), groups=(TEAM,))

    def crawl(self, get: Callable[[str], str], since: int = 0) -> str:
        """Every page: see :func:`crawl`."""
        return crawl(get, self.community.state.tables, since)

    def key_of(self, user: str) -> dict[str, str]:
        """Headers that say who asks."""
        return {"User-Api-Key": self.community.user_key_for(user)}

    def shown(self, path: str, user: str | None) -> str:
        """A page without the wire."""
        return page_of(self.community, path, user)

    def say(self, text: str) -> bool:
        """The customer answers in the thread."""
        return self.asked("POST", "/posts.json", {"topic_id": int(self.thread.native), "raw": text})

    def change(self, post: Ref, text: str) -> bool:
        """The customer edits a post of their own."""
        return self.asked("PUT", f"/posts/{post.native}.json", {"post": {"raw": text}})

    def is_closed(self) -> bool:
        """True while the thread takes no replies."""
        return super().is_closed() or int(self.thread.native) in extras(self.community.state).archived

    authors_read_hidden = False

    def is_away(self) -> bool:
        """True while the thread itself is a message."""
        return extras(self.community.state).is_private(int(self.thread.native))

    def hide_as(self, user: str, post: Post) -> bool:
        """A colleague deletes a reply; with the opening post would go the topic."""
        if post.hidden or str(post.id) == self.posts[0].native:
            return False
        deeds.delete(self.community.state, self.community.uid(user), post)
        return post.hidden

    def meddle(self) -> str:
        """A colleague takes the support group out of the messages of cases."""
        for _, readers in self.messages():
            readers.groups.clear()
        return "the group is out"

    @contextmanager
    def without_company_key(self) -> Iterator[None]:
        """The company's key is revoked for a while."""
        site = self.community.discourse
        known = dict(site.admin_keys), dict(site.user_keys)
        site.admin_keys.clear()
        site.revoke(self.community.user_key_for(COMPANY))
        yield
        site.admin_keys.update(known[0])
        site.user_keys.update(known[1])

    def thread_shown_to(self, user: str) -> bool:
        """True when somebody can open the public thread."""
        return bool(self.shown(f"/t/{self.thread.native}.json", user))

    def strangers(self) -> list[str]:
        """Readers of messages who are neither the customer nor of the team that was named."""
        named = {self.community.uid(name) for name in (self.me, COMPANY, CUSTOMER, COLLEAGUE)}
        members = self.community.state.tables.members
        return [members[one].name for _, readers in self.messages() for one in readers.users if one not in named]

    def counts(self, place: Place) -> dict[str, int]:
        """How many messages and pointers there are."""
        said = [
            self.community.state.post(ident).text
            for thread, _ in self.messages()
            if str(thread.id) != self.thread.native
            for ident in thread.posts
        ]
        return {"messages": len(self.messages()), "pointers": self.pointers(), "said twice": len(said) - len(set(said))}

    def one_of_each(self, place: Place) -> dict[str, int]:
        """How it must be."""
        return {"messages": 1, "pointers": 1, "said twice": 0}

    def messages(self) -> list[tuple[Thread, Readers]]:
        """Every private message with its readers."""
        state = self.community.state
        return [(state.thread(ident), readers) for ident, readers in extras(state).readers.items()]

    def lets_in(self, user: str) -> list[str]:
        """Private messages that a member may enter."""
        uid, state = self.community.uid(user), self.community.state
        return [thread.title for thread, _ in self.messages() if access.reads_message(state, uid, thread.id)]


def crawl(get: Callable[[str], str], tables: Tables, since: int = 0) -> str:
    """Every page of the community that may hold texts: topics whole and drawn, posts alone, rendered, raw and in all
    revisions, lists, feeds, profiles, searches, messages; topics and posts only with a number above ``since``.
    """
    paths = ["/latest.json", "/top.json", "/posts.json", "/categories.json", "/private-posts.json", "/latest.rss"]
    paths += ["/posts.rss", "/sitemap_recent.xml", "/notifications.json"]
    paths += [f"/search.json?q={word}" for word in ("QB-48213", "7946", "QB-48213+in:messages")]
    for thread in [one for one in tables.threads.values() if one.posts and one.posts[-1] > since]:
        own = f"/t/{thread.id}"
        paths += [f"{own}.json?include_raw=1", f"{own}/posts.json", f"{own}.rss", f"{own}/wordpress.json?best=50"]
        paths += [f"/raw/{thread.id}", f"/t/-/{thread.id}.json", f"/c/{thread.forum}/l/latest.json"]
    for post in [one for one in tables.posts.values() if one.id > since]:
        own = f"/posts/{post.id}"
        paths += [f"{own}.json", f"{own}/raw", f"{own}/cooked.json", f"{own}/replies.json", f"{own}/reply-history.json"]
        paths += [f"{own}/revisions/latest.json"]
        paths += [f"{own}/revisions/{number}.json" for number in range(2, 2 + len(post.revisions))]
    for author in {post.author for post in tables.posts.values() if post.id > since}:
        name = tables.members[author].name
        paths += [f"/topics/created-by/{name}.json", f"/u/{name}/summary.json", f"/u/{name}/activity.rss"]
        paths += [f"/user_actions.json?username={name}&filter=4,5", f"/topics/private-messages/{name}.json"]
    return "\n".join(map(get, dict.fromkeys(paths)))


def page_of(community: SampleCommunity, path: str, user: str | None) -> str:
    """A page as the server's handler makes it for somebody, empty where it is not shown."""
    headers = {"user-api-key": community.user_key_for(user)} if user else {}
    where, _, query = path.partition("?")
    plain = where.removesuffix(".json")
    found = look_up("GET", plain)
    if found is None:
        return ""
    route, params = found
    call = Call(community, "GET", plain, parameters(query), headers, "http://127.0.0.1", True, params=params)
    with community.state.lock:
        try:
            identify(call)
            if route.login and not call.uid:
                return ""
            answer = route.handler(call)
        except (Refused, Problem, Sent):
            return ""
    return answer.body.decode() if answer.status == 200 else ""
