"""The voice at the desk: which pack holds in a thread, the checks of an answer there, snippets with what is known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from moderation.bringing.model import FindIn, PrivateText, Whose
from moderation.cases import Cases, CaseState
from moderation.content import Forum, Post, Thread
from moderation.conversion.scene import text_of
from moderation.desk.bench import Bench
from moderation.desk.case_texts import read_here
from moderation.errors import StoreError
from moderation.findings import Audience, Finding, Severity
from moderation.ids import Ref
from moderation.people import Consent, People
from moderation.privacy.spots import Spot
from moderation.voice.checks import Checks, Colleagues, Context
from moderation.voice.choosing import choose
from moderation.voice.language import language_of
from moderation.voice.pack import Pack
from moderation.voice.placeholders import fill
from moderation.voice.ports import VoicePacks, Voices
from moderation.voice.private_words import PrivateWords

KEPT_SECONDS = 20.0
"""So long what is known of a thread serves the checks while somebody types; before sending all is read again."""
MOST_POSTS = 500
_MOST_AUTHORS, _MOST_ITEMS, _MOST_KEPT = 20, 50, 8
_LANGUAGE_CHARACTERS = 6000
_OVER = frozenset({CaseState.UNDOING, CaseState.UNDONE})


@dataclass(frozen=True, slots=True)
class ReadySnippet:
    """A snippet with everything filled in that the thread tells; placeholders that remain stand in its text."""

    name: str
    title: str
    text: str


class Voicing:
    """Packs, checks and snippets of threads. ``voices`` gives the packs, ``find`` finds private data."""

    def __init__(self, bench: Bench, voices: VoicePacks, find: FindIn | None = None) -> None:
        self._bench, self._voices, self._find = bench, voices, find
        self._kept: dict[tuple[Ref, Audience, str], tuple[float, Checks, tuple[str, ...]]] = {}

    def check(self, text: str, thread: Thread, audience: Audience, *, fresh: bool = False) -> list[Finding]:
        """What speaks against sending this text there; ``fresh`` reads anew what is known of the thread."""
        checks, unread = self._checks(thread, audience, fresh)
        try:
            found = checks.look(text)
        except StoreError as error:  # of the team's rules for private data
            about = f"{error.facts.get('path', '')}:{error.facts.get('line', '')}".rstrip(":")
            found = [Finding("rules_unread", Severity.ASK, about=about)]
        return [*found, *(Finding("pack_unread", Severity.HINT, about=place) for place in unread)]

    def pack(self, thread: Thread) -> Pack | None:
        """The pack that holds there."""
        return self._chosen(thread, self._public_posts(thread), self._voices())[0]

    def snippets(self, thread: Thread) -> list[ReadySnippet]:
        """Those of the pack that holds there, in its order."""
        posts = self._public_posts(thread)
        pack, language = self._chosen(thread, posts, self._voices())
        if pack is None:
            return []
        given, today = self._given(thread), self._bench.clock.now().date()
        return [ReadySnippet(one.name, one.title, fill(one.text, given, today, language)) for one in pack.snippets]

    # What is known of a thread

    def _checks(self, thread: Thread, audience: Audience, fresh: bool) -> tuple[Checks, tuple[str, ...]]:
        key = (thread.id, audience, f"{thread.last_post_at}/{thread.post_count}")
        now = self._bench.clock.monotonic()
        kept = self._kept.get(key)
        if kept is not None and not fresh and now - kept[0] < KEPT_SECONDS:
            return kept[1], kept[2]
        voices = self._voices()
        checks = Checks(self._context(thread, audience, voices))
        kept_now = dict(list(self._kept.items())[-_MOST_KEPT:])
        self._kept = {**kept_now, key: (now, checks, voices.unread)}
        return checks, voices.unread

    def _context(self, thread: Thread, audience: Audience, voices: Voices) -> Context:
        row = self._bench.community(thread.id.community)
        public = self._public_posts(thread)
        pack, language = self._chosen(thread, public, voices)
        return Context(
            audience=audience,
            info=row.info,
            pack=pack,
            language=language,
            given=self._given(thread),
            today=self._bench.clock.now().date(),
            private=self._private(thread, public, pack) if audience is Audience.PUBLIC else None,
            never=self._never(thread.id.community),
            find=self._find_in,
        )

    def _find_in(self, text: str) -> list[Spot]:
        return self._find(text) if self._find is not None else []

    def _chosen(self, thread: Thread, posts: Sequence[Post], voices: Voices) -> tuple[Pack | None, str]:
        """The pack that holds in a thread, and its language. A thread whose language is not known takes the first
        language that has a pack there.
        """
        said = "\n".join([thread.title, *(text_of(post) for post in posts[:20])])
        known = language_of(said[:_LANGUAGE_CHARACTERS])
        forum = self._forum(thread)
        names = [*((forum.name, str(forum.id), forum.id.native) if forum is not None else ())]
        languages = [known] if known else sorted({pack.language for pack in voices.packs})
        for language in languages:
            pack = choose(voices.packs, thread.id.community, names, language)
            if pack is not None:
                return pack, known
        return None, known

    def _given(self, thread: Thread) -> dict[str, str]:
        row, forum = self._bench.community(thread.id.community), self._forum(thread)
        given = {
            "customer": thread.author_name or "",
            "agent": row.identity.name,
            "community": row.info.title,
            "forum": forum.name if forum is not None else "",
            "thread": thread.title,
        }
        return {name: " ".join(value.split()) for name, value in given.items() if value.strip()}

    def _forum(self, thread: Thread) -> Forum | None:
        forums = self._bench.mirror.forums(thread.id.community)
        return next((forum for forum in forums if forum.id == thread.forum), None)

    def _public_posts(self, thread: Thread) -> list[Post]:
        posts = self._bench.mirror.posts(thread.id, limit=MOST_POSTS)
        return [post for post in posts if not post.hidden and not post.staff_only]

    # Who and what must not appear

    def _never(self, community: str) -> Colleagues:
        """Those who chose never to be named; who has left stays one of them."""
        roster = cast(People, self._bench.team).roster()
        chosen = [person for person in roster if person.consent is Consent.NEVER]
        accounts = [account for person in chosen if (account := person.account(community)) is not None]
        known = self._bench.mirror.known_members(accounts) if accounts else {}
        names = {person.name for person in chosen} | {member.name for member in known.values()}
        handles = {member.slug or member.name for member in known.values()}
        return Colleagues(tuple(sorted(filter(None, names))), tuple(sorted(filter(None, handles))))

    def _private(self, thread: Thread, public: Sequence[Post], pack: Pack | None) -> PrivateWords:
        cases = cast(Cases, self._bench.team).cases(community=thread.id.community, thread=str(thread.id))
        texts = [read_here(self._bench, case) for case in cases if case.state not in _OVER]
        private = [
            *(one for known in texts for one in known.known.private),
            *self._unseen(thread),
            *self._notes(thread, public),
        ]
        snippets = [one.text for one in pack.snippets] if pack is not None else []
        return PrivateWords(private, [thread.title, *(text_of(post) for post in public), *snippets])

    def _unseen(self, thread: Thread) -> Iterator[PrivateText]:
        """Posts of the thread that outsiders cannot read."""
        for post in self._bench.mirror.posts(thread.id, limit=MOST_POSTS, staff=True):
            if post.staff_only:
                yield PrivateText(text_of(post), Whose.NOTE)
            elif post.hidden:
                yield PrivateText(text_of(post), Whose.CUSTOMER if post.author == thread.author else Whose.OTHERS)

    def _notes(self, thread: Thread, public: Sequence[Post]) -> Iterable[PrivateText]:
        """Notes and reports on what stands in the thread."""
        mirror, team = self._bench.mirror, self._bench.team
        authors = dict.fromkeys(one for one in (thread.author, *(post.author for post in public)) if one is not None)
        for author in list(authors)[:_MOST_AUTHORS]:
            for row in mirror.items_by_author(author, limit=_MOST_ITEMS):
                item = mirror.item(Ref.parse(row.id)) if row.thread == str(thread.id) else None
                if item is None:
                    continue
                said = [*(note.text for note in item.notes), *(report.text for report in item.reports)]
                said += [note.text for note in team.notes(row.id)]
                yield from (PrivateText(text, Whose.NOTE) for text in said if text)
