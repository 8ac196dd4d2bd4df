"""Presence cards at the desk: preview, publish, keep true, take down. All that is written is the company account's."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

from moderation.content import Forum
from moderation.conversion.scene import moderates
from moderation.coverage.hours import Hours
from moderation.coverage.ports import Promised, Promises
from moderation.desk.bench import Bench
from moderation.desk.coverage import Coverage
from moderation.desk.following import Followed, FollowingDesk
from moderation.errors import ConflictError, MarqueeError, NotAllowedError, StoreError, UnknownIdError
from moderation.findings import Audience, Severity, audience_of, check_text
from moderation.following.matrix import Row
from moderation.ids import Ref
from moderation.intents import Identities, Plan
from moderation.people import Absence, People, Person
from moderation.plans import Wish, make_plan
from moderation.ports import CommunityRow
from moderation.presence import (
    Card,
    CardChange,
    Cards,
    CardShape,
    CardState,
    CardWording,
    Drafted,
    Facts,
    Judged,
    Looker,
    Usual,
    Verdict,
    draft,
    judge,
    language_of,
    rendered,
    title_of,
)
from moderation.presence.course import settled, taken_down
from moderation.presence.kept import UNDER_WAY
from moderation.presence.looking import away_now
from moderation.presence.steps import Written, changing, leaving, publishing
from moderation.presence.text import digest, section_of
from moderation.presence.truth import gone_names

FIGURES_OF = timedelta(days=90)
LOST_AFTER = timedelta(minutes=10)
"""A plan that is not in the journal so long after it was begun was never written there."""
_ABLE = frozenset({"open_threads", "pin_threads", "lock_threads", "edit_posts", "hide_posts"})


@dataclass(frozen=True, slots=True)
class Preview:
    """A card as it would be published: the text, who would read it, and what is done for it.

    ``card`` is what is kept of the forum's card, ``judged`` whether that is still true. ``left_out`` are codes of what
    it does not tell. ``theirs`` is the text that stands on the server where somebody changed it by hand.
    """

    forum: Forum
    title: str
    text: str
    language: str
    shape: CardShape
    audience: Audience
    drafted: Drafted
    hindered: tuple[str, ...] = ()
    steps: tuple[Wish, ...] = ()
    account: str = ""
    card: Card | None = None
    judged: Judged | None = None
    theirs: str = ""

    @property
    def blocked(self) -> tuple[str, ...]:
        """What is in its way: nothing true to say, or that this home cannot publish it (``hindered``)."""
        return tuple(dict.fromkeys((*self.drafted.why_not, *self.hindered)))

    @property
    def possible(self) -> bool:
        """True when it can be published."""
        return not self.blocked

    @property
    def left_out(self) -> tuple[str, ...]:
        """What it does not tell."""
        return self.drafted.left_out


class Presence:
    """Cards of forums. ``words`` gives the texts of a language. One belongs to one thread; reading the figures of a
    large community takes tenths of a second.
    """

    def __init__(
        self, bench: Bench, following: FollowingDesk, coverage: Coverage, words: Callable[[str], CardWording],
        promises: Promises | None = None,
    ) -> None:  # fmt: skip
        self._bench = bench
        self._following = following
        self._coverage = coverage
        self._words = words
        self._promises = promises or Promised()

    # Reading

    def see(self, community: str, forums: Sequence[Ref] = ()) -> list[Preview]:
        """Each forum of a community, or these, with its card as it stands and as it would be.

        Raises ``UnknownIdError`` ``community_unknown``, ``id_unknown``.
        """
        row = self._bench.community(community)
        facts = self._facts(community, forums)
        return [self._preview(row, one, self._settled(one.forum.id)) for one in facts]

    def preview(self, forum: Ref, *, language: str = "", shape: CardShape | None = None) -> Preview:
        """One forum's; raises as :meth:`see`."""
        row, facts = self._bench.community(forum.community), self._facts(forum.community, [forum])
        return self._preview(row, facts[0], self._settled(forum), language, shape)

    def cards(self, community: str) -> list[Card]:
        """What is kept of cards, as it stands now."""
        self._bench.community(community)
        return [found for card in self._cards.cards(community) if (found := self._settled(card.forum)) is not None]

    def history(self, forum: Ref, limit: int = 50) -> Sequence[CardChange]:
        """What happened to a forum's card, newest first."""
        return self._cards.card_history(forum, limit)

    # What a person does

    def publish(
        self, forum: Ref, *, language: str = "", shape: CardShape | None = None, over: bool = False,
        hold_seconds: float | None = None,
    ) -> tuple[Plan | None, Preview]:  # fmt: skip
        """Publish the card, or bring one that stands there up to date now. The plan is ``None`` where something is in
        the way, or where it is true already. ``over``: what somebody changed by hand, and the person has seen, is
        replaced.

        Raises ``NotAllowedError`` ``card_under_way``, ``ConflictError`` ``card_edited_by_hand`` without ``over``, and
        ``card_changed_elsewhere`` where a colleague was first.
        """
        found = self.preview(forum, language=language, shape=shape)
        if found.card is not None and found.card.state in UNDER_WAY:
            raise NotAllowedError("card_under_way", forum=found.forum.name)
        if not found.possible:
            return None, found
        if found.card is not None and found.card.state is CardState.CONFLICT and not over:
            raise ConflictError("card_edited_by_hand", forum=found.forum.name)
        if found.card is not None and found.card.shown:
            return self._bring(found, over=over, hold_seconds=hold_seconds), found
        known = found.card
        card = Card(
            forum, known.number + 1 if known is not None else 1, found.shape, CardState.PUBLISHING, found.language,
            next_digest=digest(found.text), next_states=found.drafted.statements.kept(),
        )  # fmt: skip
        steps = publishing(card, Written(found.title, found.text))
        return self._begin(card, steps, known, "asked", (), hold_seconds), found

    def take_down(self, forum: Ref, *, hold_seconds: float | None = None) -> Plan:
        """Take it down. Raises ``UnknownIdError`` ``card_unknown``, ``NotAllowedError`` ``card_under_way``."""
        self._bench.community(forum.community)
        card = self._settled(forum)
        if card is None or not card.shown:
            raise UnknownIdError("card_unknown", id=str(forum))
        if card.state in UNDER_WAY:
            raise NotAllowedError("card_under_way", forum=str(forum))
        return self._leave(card, "asked", hold_seconds)

    # What the engine does

    def keep_true(self, community: str) -> list[Plan]:
        """Correct, or take down, what is not true any more: a name at once, all else without haste. Gives the plans
        that were begun. Only with the company account in this home.
        """
        row, cards = self._bench.community(community), self.cards(community)
        standing = [card for card in cards if card.shown and card.state not in UNDER_WAY]
        if row.official is None or not standing:
            return []
        self._bench.engine.want([one for card in standing for one in (card.post, card.thread) if one is not None])
        there = {forum.id for forum in self._bench.mirror.forums(community)}
        facts = self._facts(community, [card.forum for card in standing if card.forum in there])
        by_forum = {one.forum.id: one for one in facts}
        plans = [self._kept_true(row, card, by_forum.get(card.forum)) for card in standing]
        return [plan for plan in plans if plan is not None]

    def _kept_true(self, row: CommunityRow, card: Card, facts: Facts | None) -> Plan | None:
        if facts is None or card.account != str(row.official and row.official.member):
            return None
        found = self._preview(row, facts, card)
        if found.card is None or not found.card.shown or found.judged is None:
            return None
        judged, card = found.judged, found.card
        if judged.untrue_since != card.untrue_since:
            later = replace(card, untrue_since=judged.untrue_since)
            card = later if self._cards.keep_card(later, instead_of=card) else card
        if judged.verdict is Verdict.TAKE_DOWN:
            return self._leave(card, judged.reason, 0.0)
        if judged.verdict is not Verdict.CHANGE or found.hindered:
            return None
        return self._bring(replace(found, card=card), hold_seconds=0.0, whole=False)

    # Parts

    @property
    def _cards(self) -> Cards:
        return cast(Cards, self._bench.team)

    @property
    def _now(self) -> datetime:
        return self._bench.clock.now()

    def _bring(
        self, found: Preview, *, over: bool = False, hold_seconds: float | None = None, whole: bool = True
    ) -> Plan | None:
        """Write the text as it is true now, where it is another one; a card that stopped half-way is completed."""
        card, judged = found.card, found.judged
        assert card is not None
        after = found.drafted.statements.kept()
        by_hand = card.state is CardState.CONFLICT
        if digest(found.text) == card.digest and not by_hand and not (whole and card.state is CardState.STOPPED):
            return None
        names_go = bool(gone_names(card.states, after)) or (bool(card.states.get("names")) and not judged_kinds(judged))
        written = Written(found.title, found.text, card.digest, names_go, self._seen_edit(card) if over else "")
        wanted = replace(
            card, state=CardState.CHANGING, next_digest=digest(found.text), next_states=after, language=found.language
        )
        kinds = judged.kinds if judged is not None else ()
        return self._begin(wanted, changing(card, written, whole=whole), card, "", kinds, hold_seconds)

    def _leave(self, card: Card, reason: str, hold_seconds: float | None) -> Plan:
        platform = self._bench.community(card.forum.community).info.platform
        wanted = replace(card, state=CardState.LEAVING, reason=reason)
        return self._begin(wanted, leaving(card, platform), card, reason, (), hold_seconds)

    def _begin(
        self, card: Card, steps: Sequence[Wish], known: Card | None, reason: str, kinds: tuple[str, ...],
        hold_seconds: float | None,
    ) -> Plan:  # fmt: skip
        """First the team knows that it is under way, so that nobody else begins it too; then it is journalled."""
        community = card.forum.community
        me, sender = self._bench.community(community).identity, self._bench.sender(community, Identities.OFFICIAL)
        hold = self._bench.hold_seconds if hold_seconds is None else hold_seconds
        plan = make_plan(steps, sender, now=self._now, new_id=self._bench.ids.new, hold_seconds=hold, title=card.key)
        begun = replace(
            card, plan=plan.id, account=str(sender.account), by=str(me.member), by_name=me.name, at=self._now
        )
        change = CardChange(card.forum, self._now, card.state, str(me.member), reason, kinds)
        if not self._cards.keep_card(begun, instead_of=known, change=change):
            raise ConflictError("card_changed_elsewhere", forum=str(card.forum))
        self._close(known.plan if known is not None else "")
        self._bench.journal.add(plan)
        self._bench.engine.wake("presence")
        return plan

    def _close(self, plan: str) -> None:
        """What a plan has to tell is told by the card."""
        if plan and self._bench.journal.plan(plan) is not None:
            self._bench.journal.close_plan(plan)

    def _settled(self, forum: Ref) -> Card | None:
        """A forum's card as it stands, after what became of its plan and what somebody did to it by hand."""
        card = self._cards.card(forum)
        if card is None:
            return None
        now = self._by_hand(card) if card.state is CardState.PUBLISHED else self._after_plan(card)
        if now is None or now == card:
            return card
        change = CardChange(forum, self._now, now.state, now.by, now.reason)
        if not self._cards.keep_card(now, instead_of=card, change=change):
            return self._cards.card(forum)
        self._close(card.plan if card.plan != now.plan else "")
        return now

    def _after_plan(self, card: Card) -> Card | None:
        if card.state not in UNDER_WAY or not card.plan:
            return None
        plan = self._bench.journal.plan(card.plan)
        if plan is None:
            mine = str(self._bench.community(card.forum.community).identity.member) == card.by
            lost = mine and card.at is not None and self._now - card.at > LOST_AFTER
            return _as_before(card) if lost else None
        stale = any(intent.question == "stale" for intent in plan.intents)
        if stale and not any(intent.attempts for intent in plan.intents):
            self._bench.journal.close_plan(plan.id)  # what it would have written is drafted anew
            plan = self._bench.journal.plan(plan.id) or plan
        return settled(card, plan, self._now)

    def _by_hand(self, card: Card) -> Card | None:
        """Somebody edited or removed it on the server, as far as the local copy tells."""
        post = self._bench.mirror.post(card.post) if card.post is not None else None
        thread = self._bench.mirror.thread(card.thread) if card.thread is not None else None
        if (post is not None and post.hidden) or (thread is not None and thread.hidden):
            return taken_down(card, "gone_on_server")
        if post is None or post.body is None:
            return None
        text = section_of(post.body, card.forum) if card.shape is CardShape.ABOUT else post.body
        if digest(text) == card.digest:
            return None
        return replace(card, state=CardState.CONFLICT, reason="edited_by_hand")

    def _seen_edit(self, card: Card) -> str:
        """The edit that the person has seen in the local copy."""
        post = self._bench.mirror.post(card.post) if card.post is not None else None
        return "" if post is None or post.edited_at is None else post.edited_at.astimezone(UTC).isoformat()

    def _preview(
        self, row: CommunityRow, facts: Facts, card: Card | None, language: str = "", shape: CardShape | None = None
    ) -> Preview:
        standing = card if card is not None and card.shown else None
        spoken = language or (card.language if card is not None else "") or language_of(facts.forum)
        kind = standing.shape if standing is not None else shape or CardShape.THREAD
        drafted = draft(facts, self._now, standing.states if standing is not None else None)
        words = self._words(spoken)
        text = rendered(facts.forum.id, drafted.statements, words)
        title = title_of(facts.forum, words, row.info.title_max_length)
        hindered = tuple(self._hindered(row, facts.forum, text, kind))
        trial = standing or Card(facts.forum.id, shape=kind)
        steps = changing(trial, Written(title, text)) if trial.post else publishing(trial, Written(title, text))
        judged = judge(standing, drafted, digest(text), self._now) if standing is not None else None
        theirs = self._theirs(standing) if standing is not None and standing.state is CardState.CONFLICT else ""
        account = row.official.name if row.official is not None else ""
        return Preview(
            facts.forum, title, text, spoken, kind, audience_of(facts.forum), drafted, hindered, tuple(steps), account,
            card, judged, theirs,
        )  # fmt: skip

    def _hindered(self, row: CommunityRow, forum: Forum, text: str, shape: CardShape) -> Iterable[str]:
        """What keeps this home from publishing it."""
        official = row.official
        found = {
            "no_official_account": official is None,
            "company_not_moderator": official is not None and not moderates(official, forum),
            "platform_cannot": not row.capabilities >= _ABLE,
            "about_not_here": shape is CardShape.ABOUT and row.info.platform != "discourse",
            "text_not_fit": any(
                one.severity is Severity.BLOCK for one in check_text(text, Audience.PUBLIC, row.info)
            ),
        }  # fmt: skip
        return [code for code, is_so in found.items() if is_so]

    def _theirs(self, card: Card) -> str:
        post = self._bench.mirror.post(card.post) if card.post is not None else None
        return "" if post is None else post.body or ""

    # Facts

    def _facts(self, community: str, forums: Sequence[Ref]) -> list[Facts]:
        seen = self._following.see(community, forums)
        people = {person.id: person for person in cast(People, self._bench.team).roster()}
        absences: dict[str, list[Absence]] = {}
        for absence in cast(People, self._bench.team).absences(since=self._now - timedelta(days=1)):
            absences.setdefault(absence.person, []).append(absence)
        usual = self._usual(community, [row.forum.id for row in seen.matrix.rows])
        return [self._facts_of(seen, at, people, absences, usual) for at in range(len(seen.matrix.rows))]

    def _facts_of(
        self, seen: Followed, at: int, people: Mapping[str, Person], absences: Mapping[str, Sequence[Absence]],
        usual: Mapping[Ref, Usual],
    ) -> Facts:  # fmt: skip
        row = seen.matrix.rows[at]
        lookers = [
            Looker(
                one.id, one.name, one.consent, one.team, one.languages, away_now(absences.get(one.id, ()), self._now)
            )
            for one in (people.get(person) for person in _looking_after(seen, row))
            if one is not None
        ]
        hours = self._promised_hours(row.forum.id)
        return Facts(row.forum, tuple(lookers), seen.covered(at), seen.confirmed, hours, usual.get(row.forum.id))

    def _promised_hours(self, forum: Ref) -> Hours:
        """None where the file that promises them cannot be read."""
        try:
            return self._promises.rules().of(str(forum)).hours
        except StoreError:
            return Hours()

    def _usual(self, community: str, forums: Sequence[Ref]) -> dict[Ref, Usual]:
        """How fast the staff answers, where figures can be told; a file of rules that cannot be read tells none."""
        try:
            seen = self._coverage.see(community, self._now - FIGURES_OF, forums=forums)
        except MarqueeError:
            return {}
        if seen.complete_since is None or not seen.confirmed:
            return {}
        found: dict[Ref, Usual] = {}
        for forum in forums:
            figures = seen.covered.forums.get(forum.native)
            median = figures.number("first_response_median_s") if figures is not None else None
            if figures is not None and median is not None:
                found[forum] = Usual(float(median), figures.count("answered_by_staff"), seen.as_of)
        return found


def judged_kinds(judged: Judged | None) -> bool:
    """True where statements became others, not only how they are said."""
    return judged is not None and judged.kinds != ("wording",)


def _looking_after(seen: Followed, row: Row) -> list[str]:
    """Entries of the roster: the named owners, else those who follow it; nobody who may not write there."""
    columns = seen.matrix.columns
    return [columns[at].person for at in row.owners or row.followers if not columns[at].barred]


def _as_before(card: Card) -> Card:
    """What was begun and never journalled did not happen."""
    if card.state is CardState.PUBLISHING:
        return taken_down(card, "cancelled")
    return replace(card, state=CardState.PUBLISHED, reason="", plan="", next_digest="", next_states={})
