"""Where conversions are played: a sample community, a home with its stores, and an outbox with two keys.

Everything runs on one clock that the test moves, as in the fault runs.
"""

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import requests

from moderation.cases import Case
from moderation.content import Identity
from moderation.conversion import Place, Shape, Wanted, Wording
from moderation.desk import Bench, Desk
from moderation.desk.privately import Around
from moderation.ids import Kind, Ref
from moderation.intents import SENDERS, Identities, Intent, IntentState, Plan
from moderation.ports import Journal
from sync.connector import Account, Connection
from sync.http import Limits, Pacing
from sync.journal import open_journal
from sync.nodebb import open_connection
from sync.outbox import FlushStoppedError, Outbox, Timing
from sync.sandbox import SampleCommunity
from sync.sandbox.nodebb.call import Call, parse_query
from sync.sandbox.nodebb.identity import identify
from sync.sandbox.nodebb.routes import look_up
from sync.sandbox.state import forums, posts
from sync.sandbox.state.records import Post
from sync.sandbox.state.refusal import Refused
from sync.sandbox.state.store import Tables
from sync.team import open_team
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.desk import FakeEngine
from tests.faults.ground import NAME, Copy, Ground, row_of, vault_in

ADMIN, COMPANY, AGENT = "osric_vale", "quillby", "ines_lanternby"
CUSTOMER, BYSTANDER, OUTSIDER = "maren_oakhollow", "benno_crabtree", "pippa_thistlewood"
COLLEAGUE = "rolf_quarrier"
SECRET = "QB-48213-77"
POINTER = "we go on with this in private"
PHONE = "+44 20 7946 0958"
TIMING = Timing(settle=90.0, look_every=45.0)
WORDING = Wording(
    pointer="{customer}, we go on with this in private. What helps others comes back here.",
    pointer_title="A question goes on in private ({case})",
    place_title="Private: {customer}",
    room_title="{case} {customer}",
    copy_title="Private: {title}",
    copy_head="From the public thread {url}",
    quote_head="{author} wrote, {at}:",
    part="({number}/{of})",
)


class Stage:
    """A NodeBB community with a thread that should not be public, and everything to take it into private."""

    face = "nodebb"
    usual = Place.CATEGORY

    def __init__(self, folder: Path, me: str = ADMIN, community_seed: int = 7, *, replies: bool = True) -> None:
        self.clock = FakeClock()
        self.community_seed = community_seed
        self.ground = Ground(self.clock, community_seed, face=self.face)
        self.community = self.ground.community
        settings = self.community.state.settings
        settings.post_delay = settings.initial_delay = settings.newcomer_delay = 0
        self.copy = Copy(vault_in(folder, community_seed if self.face == "nodebb" else None), self.clock)
        self.journal = open_journal(self.copy.vault, self.clock.now)
        self.team = open_team(self.copy.vault, self.clock.now)
        self.me = me
        self.seen: dict[str | None, tuple[bytes, str]] = {}
        self.web = requests.Session()
        self.web.trust_env = False
        self.opened: list[Connection] = []
        self.connections = {Identities.ME: self.connect(me), Identities.OFFICIAL: self.connect(COMPANY)}
        self.sign_in()
        self.base = max(self.community.state.tables.posts)
        self.thread, self.posts = self.ask(replies)
        self.desk = self.make_desk()
        self.outbox = self.make_outbox(self.journal)

    # The way to the community

    def connect(self, user: str, kind: Identities = Identities.ME, patience: float = 20.0) -> Connection:
        """A connection through the proxy."""
        made = open_connection(
            self.ground.proxy.url,
            NAME,
            Account(kind, self.community.token_for(user)),
            pacing=Pacing(NAME, self.clock.monotonic),
            limits=Limits(seconds=patience),
            now=self.clock.now,
        )
        self.opened.append(made)
        return made

    def sign_in(self) -> None:
        """The home knows who is signed in, and the company account."""
        mine, official = (self.connections[kind].identify() for kind in SENDERS)
        row = row_of(self.connections[Identities.ME], mine, self.ground.server.url)
        self.copy.writer.put_community(replace(row, official=official))
        self.identity: Identity = mine

    def make_desk(self) -> Desk:
        """A desk over these stores."""
        ids = FakeIds(self.clock)
        return Desk(Bench(self.copy.reader, self.journal, self.team, FakeEngine(), self.clock, ids, hold_seconds=0.0))

    def make_outbox(self, journal: Journal) -> Outbox:
        """An outbox over this journal."""
        return Outbox(NAME, journal, self.team, self.connections.__getitem__, self.copy.absorb, self.clock, TIMING)

    def flush(self) -> float | None:
        """Send what is due."""
        try:
            return self.outbox.run()
        except FlushStoppedError:
            return 1.0

    def settle(self, looks: int = 60) -> None:
        """Flush and let time pass until nothing moves by itself."""
        for _ in range(looks):
            wait = self.flush()
            if not any(moves(intent) for intent in self.journal.unfinished()):
                return
            self.ground.pass_time(min(max(wait or 1.0, 0.05), 45.0))

    def close(self) -> None:
        """End everything."""
        self.web.close()
        for one in self.opened:
            one.close()
        self.journal.close()
        self.team.close()
        self.copy.close()
        self.ground.close()

    # What happens in public

    def ask(self, replies: bool = True) -> tuple[Ref, list[Ref]]:
        """A customer asks with an order number; a bystander quotes it; the customer answers with a telephone number."""
        forum = self.forum("Billing")
        asked = self.community.open_thread_as(
            CUSTOMER, forum, "Invoice still shows my old address", f"My order {SECRET} went to the wrong place."
        )
        posts = [asked.posts[0]]
        if replies:
            quoted = f"> My order {SECRET} went\n\nSame here, but not with that number."
            posts += [self.community.reply_as(BYSTANDER, asked.id, quoted).id]
            posts += [self.community.reply_as(CUSTOMER, asked.id, f"Call me at {PHONE}, please.").id]
        self.pull(asked.id, posts)
        return ref(Kind.THREAD, asked.id), [ref(Kind.POST, post) for post in posts]

    def pull(self, thread: int, posts: Sequence[int]) -> None:
        """Read a thread, its posts as typed, its people and all forums into the mirror."""
        connection = self.connections[Identities.ME]
        people = [ref(Kind.MEMBER, self.community.uid(name)) for name in (CUSTOMER, BYSTANDER, COLLEAGUE)]
        wanted = [ref(Kind.THREAD, thread), *(ref(Kind.POST, post) for post in posts), *people]
        self.copy.write(connection.fetch(wanted, self.copy.known))
        self.copy.write(connection.poll(self.copy.known))

    def forum(self, name: str) -> int:
        """A forum by its name."""
        return next(forum.id for forum in self.community.state.tables.forums.values() if forum.name == name)

    # The conversion

    def wanted(self, place: Place | None = None, shape: Shape = Shape.CONTINUE, hide: bool = True) -> Wanted:
        """Everything that shows something private is hidden."""
        return Wanted(shape, place or self.usual, (self.posts[0], *self.posts[2:]) if hide else ())

    @property
    def around(self) -> Around:
        """The team's private forum, and a colleague for a chat."""
        colleague = ref(Kind.MEMBER, self.community.uid(COLLEAGUE))
        return Around(under=ref(Kind.FORUM, self.forum("Private cases")), colleagues=(colleague,))

    def convert(self, place: Place | None = None, shape: Shape = Shape.CONTINUE) -> Plan:
        """Begin; the conversion must be possible."""
        wanted = self.wanted(place, shape)
        plan, conversion = self.desk.privately.convert(self.thread, wanted, WORDING, self.around)
        assert plan is not None, (conversion.missing, conversion.blocked)
        return plan

    def plan(self, plan: Plan) -> Plan:
        """The plan now."""
        found = self.journal.plan(plan.id)
        assert found is not None
        return found

    def case(self) -> Case:
        """The newest case."""
        return self.team.cases()[0]

    # What the server shows

    def seen_by(self, user: str | None, *, over_http: bool = False) -> str:
        """Everything that somebody can read: see :func:`crawl`. ``over_http``: by real requests, and of what was there
        before the customer asked everything too; else asked of the server's handlers, which is quicker.
        """
        if over_http:
            return self.crawl(lambda path: self.over_http(path, user))
        known, before = self.seen.get(user), self.everything()
        if known is None or known[0] != before:
            shown = self.crawl(lambda path: self.shown(path, user), self.base)
            self.seen[user] = known = (self.everything(), shown)
        return known[1]

    def everything(self) -> bytes:
        """All that the community holds, but for how often a thread was looked at: while that is the same, everybody is
        shown the same.
        """
        state = self.community.state
        with state.lock:
            views = [(thread, thread.views) for thread in state.tables.threads.values()]
            for thread, _ in views:
                thread.views = 0
            try:
                return pickle.dumps((state.tables, state.settings), pickle.HIGHEST_PROTOCOL)
            finally:
                for thread, count in views:
                    thread.views = count

    def crawl(self, get: Callable[[str], str], since: int = 0) -> str:
        """Every page: see :func:`crawl`."""
        return crawl(get, self.community.state.tables, since)

    def key_of(self, user: str) -> dict[str, str]:
        """Headers that say who asks."""
        return {"Authorization": f"Bearer {self.community.token_for(user)}"}

    def over_http(self, path: str, user: str | None) -> str:
        """A page as somebody, empty where it is not shown."""
        headers = self.key_of(user) if user else {}
        answer = self.web.get(self.ground.server.url + path, headers=headers, timeout=20)
        return answer.text if answer.status_code == 200 else ""

    def shown(self, path: str, user: str | None) -> str:
        """The same without the wire."""
        return page_of(self.community, self.ground.server.url, path, user)

    def secrets_of(self, who: str | None, *, over_http: bool = False) -> frozenset[str]:
        """The private passages that somebody reads; of what they quoted themselves, the original's words count: an
        author goes on reading an own hidden post.
        """
        seen = self.seen_by(who, over_http=over_http)
        order = f"{SECRET} went to the wrong" if who == BYSTANDER else SECRET
        return frozenset(text for text in (order, PHONE) if text in seen)

    def readers(self) -> dict[str, frozenset[str]]:
        """Who of a few people reads which secret: what an undo must restore exactly."""
        people: tuple[str | None, ...] = (None, OUTSIDER, BYSTANDER, CUSTOMER)
        return {str(who): self.secrets_of(who) for who in people}

    def lets_in(self, user: str) -> list[str]:
        """Private places that a member may enter: categories of customers, and chats."""
        tables, uid = self.community.state.tables, self.community.uid(user)
        under = self.forum("Private cases")
        forums = [f.name for f in tables.forums.values() if f.parent == under and uid in f.grants.get("read", ())]
        return forums + [room.name for room in tables.rooms.values() if uid in room.members]

    # What the customer does

    def say(self, text: str) -> bool:
        """The customer answers in the thread, as members do; ``False`` where the server refuses it."""
        return self.asked("POST", f"/api/v3/topics/{self.thread.native}", {"content": text})

    def change(self, post: Ref, text: str) -> bool:
        """The customer edits a post of their own; ``False`` where the server refuses it."""
        return self.asked("PUT", f"/api/v3/posts/{post.native}", {"content": text})

    def asked(self, method: str, path: str, body: dict[str, object]) -> bool:
        """A request of the customer's, past the proxy; nobody writes twice in one moment."""
        self.ground.pass_time(1.0)
        headers = self.key_of(CUSTOMER)
        url = self.ground.server.url + path
        return self.web.request(method, url, json=body, headers=headers, timeout=20.0).ok

    def is_closed(self) -> bool:
        """True while the thread takes no replies."""
        return self.community.state.thread(int(self.thread.native)).locked

    # What colleagues do, and what there must be one of

    authors_read_hidden = True
    """An author goes on reading an own hidden post."""

    def hide_as(self, user: str, post: Post) -> bool:
        """A colleague hides a post; the state's lock is held."""
        posts.hide(self.community.state, self.community.uid(user), post)
        return True

    def meddle(self) -> str:
        """An administrator gives the customer's category another name and description; the state's lock is held."""
        state, under = self.community.state, self.forum("Private cases")
        for forum in [f for f in state.tables.forums.values() if f.parent == under]:
            forums.describe(state, self.community.uid(ADMIN), forum, "Renamed meanwhile", None)
        return "renamed"

    @contextmanager
    def without_company_key(self) -> Iterator[None]:
        """The company's key is revoked for a while."""
        state, token = self.community.state, self.community.token_for(COMPANY)
        self.community.revoke_token(token)
        yield
        with state.lock:
            state.tokens[token] = self.community.uid(COMPANY)

    def thread_shown_to(self, user: str) -> bool:
        """True when somebody can open the public thread."""
        return bool(self.shown(f"/api/topic/{self.thread.native}", user))

    def is_away(self) -> bool:
        """True while the thread itself stands where outsiders do not go; the state's lock is held."""
        state = self.community.state
        forum = state.forum(state.thread(int(self.thread.native)).forum)
        return forum.parent == self.forum("Private cases")

    def strangers(self) -> list[str]:
        """Who reads the private place and should not; checked by its steps here."""
        return []

    def counts(self, place: Place) -> dict[str, int]:
        """How many there are of what there must be one of."""
        tables, case = self.community.state.tables, self.case()
        rooms = [room for room in tables.rooms.values() if case.key in room.name]
        said = [message.text for room in rooms for message in room.messages if not message.system]
        return {
            "categories": len([f for f in tables.forums.values() if f.parent == self.forum("Private cases")]),
            "rooms": len(rooms),
            "copies": len([t for t in tables.threads.values() if case.key in t.tags]),
            "pointers": self.pointers(),
            "said twice": len(said) - len(set(said)),
        }

    def one_of_each(self, place: Place) -> dict[str, int]:
        """How it must be."""
        chat = place is Place.CHAT
        kinds = {"categories": int(not chat), "rooms": int(chat), "copies": int(not chat)}
        return {**kinds, "pointers": 1, "said twice": 0}

    def pointers(self) -> int:
        """How many pointers stand anywhere."""
        texts = [post.text for post in self.community.state.tables.posts.values() if post.id > self.base]
        return sum(POINTER in text for text in texts)

    def effects(self, verb: str) -> list[dict[str, object]]:
        """What really happened."""
        return [effect for effect in self.community.effects() if effect["verb"] == verb]


def crawl(get: Callable[[str], str], tables: Tables, since: int = 0) -> str:
    """Every page of the community that may hold texts: topics page by page, posts alone, raw and in all revisions,
    lists, tags, searches, profiles, categories and chats; topics and posts only with a number above ``since``.
    """
    paths = ["/api/recent", "/api/recent/posts", "/api/categories", "/api/v3/categories", "/api/unread", "/api/tags"]
    paths += [f"/api/search?term={word}" for word in ("QB-48213", "7946")]
    paths += ["/api/notifications", "/api/v3/chats"]
    for thread in [one for one in tables.threads.values() if one.posts and one.posts[-1] > since]:
        pages = 1 + len(thread.posts) // 20
        paths += [f"/api/topic/{thread.id}?page={n}" for n in range(1, pages + 1)]
        paths += [f"/api/v3/topics/{thread.id}", f"/api/topic/teaser/{thread.id}", f"/api/v3/topics/{thread.id}/events"]
        paths += [f"/api/tags/{tag}" for tag in thread.tags]
    for post in [one for one in tables.posts.values() if one.id > since]:
        own = f"/api/v3/posts/{post.id}"
        paths += [own, f"{own}/raw", f"{own}/summary", f"{own}/replies", f"{own}/diffs"]
        paths += [f"{own}/diffs/{at}" for at in (post.at, *(revision.at for revision in post.revisions))]
    written = {post.author for post in tables.posts.values() if post.id > since}
    paths += [f"/api/user/{tables.members[author].slug}/posts" for author in written & tables.members.keys()]
    paths += [f"/api/category/{forum}" for forum in tables.forums]
    paths += [f"/api/v3/chats/{room}/messages" for room in tables.rooms]
    return "\n".join(map(get, paths))


def page_of(community: SampleCommunity, url: str, path: str, user: str | None) -> str:
    """A page as the server's handler makes it for somebody, empty where it is not shown."""
    token = {"authorization": f"Bearer {community.token_for(user)}"} if user else {}
    where, _, query = path.partition("?")
    found = look_up("GET", where)
    if found is None:
        return ""
    call = Call(community, "GET", where, parse_query(query), token, url, params=found[1])
    with community.state.lock:
        if identify(call) is not None or (found[0].login and not call.logged_in):
            return ""
        try:
            answer = found[0].handler(call)
        except Refused:
            return ""
    return answer.body.decode() if answer.status == 200 else ""


def moves(intent: Intent) -> bool:
    """True for what goes on by itself."""
    states = {IntentState.HELD, IntentState.WAITING, IntentState.SENDING, IntentState.IN_DOUBT}
    return intent.state in states and intent.question is None


def ref(kind: Kind, native: object) -> Ref:
    """An id in the sample community."""
    return Ref(NAME, kind, str(native))
