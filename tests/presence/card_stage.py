"""Where cards are played: the stage of conversions, with a roster and owners of a forum."""

from dataclasses import replace
from pathlib import Path

from console.presence import card_words
from moderation.desk import Bench, Desk
from moderation.desk.presence import Presence
from moderation.ids import Kind, Ref
from moderation.intents import Identities, Plan
from moderation.people import Consent, Person
from moderation.presence import Card, CardState
from sync.sandbox.state import threads
from sync.sandbox.state.records import Post, Thread
from tests.conversion.on_discourse import DiscourseStage
from tests.conversion.stage import ADMIN, COLLEAGUE, Stage, ref
from tests.fakes.clock import FakeIds
from tests.fakes.desk import FakeEngine
from tests.faults.ground import NAME

NAMED, OTHER = "Rolf Quarrier", "Dagny Pell"


class Cards:
    """What both faces share; mixed into a stage."""

    def use(self: "CardStage | DiscourseCardStage", name: str) -> None:
        """A forum without a card, two of the staff look after it: one may be named, one is a part of the team. Cards of
        other forums are forgotten.
        """
        for card in self.team.cards(NAME):
            self.team.keep_card(replace(card, state=CardState.TAKEN_DOWN), instead_of=card)
        self.billing = ref(Kind.FORUM, self.forum(name))
        for number, (user, shown, consent) in enumerate(
            ((COLLEAGUE, NAMED, Consent.NAME), ("dagny_pell", OTHER, Consent.TEAM))
        ):
            account = ref(Kind.MEMBER, self.community.uid(user))
            self.team.keep_person(
                Person(f"p{number}", shown, (account,), team="Billing", consent=consent, confirmed_by="lead")
            )
        owners = [one.accounts[0] for one in self.team.roster()]
        self.team.set_owners(self.billing, owners, "lead", self.clock.now())
        self.copy.write(self.connections[Identities.ME].fetch([self.billing], self.copy.known))
        self.before = set(self.community.state.tables.threads)
        with self.community.state.lock:
            for thread in self.community.state.tables.threads.values():
                if thread.pinned and str(thread.forum) == self.billing.native and not thread.hidden:
                    threads.hide(self.community.state, self.community.uid(ADMIN), thread)

    def consent(self: "CardStage | DiscourseCardStage", person: str, consent: Consent) -> None:
        """A colleague chooses."""
        known = next(one for one in self.team.roster() if one.id == person)
        self.team.keep_person(replace(known, consent=consent))

    @property
    def presence(self: "CardStage | DiscourseCardStage") -> Presence:
        """The desk's service."""
        return self.desk.presence

    def published(self: "CardStage | DiscourseCardStage", **how: object) -> Card:
        """Publish it and wait for it."""
        plan, found = self.presence.publish(self.billing, **how)  # type: ignore[arg-type]
        assert plan is not None, found.blocked
        self.settle()
        return self.card()

    def card(self: "CardStage | DiscourseCardStage") -> Card:
        """The card as it stands."""
        return next(one for one in self.presence.cards(NAME) if one.forum == self.billing)

    def kept_true(self: "CardStage | DiscourseCardStage") -> list[Plan]:
        """A turn of the engine, with what it sends."""
        plans = self.presence.keep_true(NAME)
        self.settle()
        return plans

    def threads_since(self: "CardStage | DiscourseCardStage") -> list[Thread]:
        """Threads that were opened since, hidden ones too."""
        tables = self.community.state.tables
        return [tables.threads[ident] for ident in sorted(set(tables.threads) - self.before)]

    def post_of(self: "CardStage | DiscourseCardStage", thread: Thread) -> Post:
        """Its opening post."""
        return self.community.state.post(thread.posts[0])

    def read_again(self: "CardStage | DiscourseCardStage", thing: Ref) -> None:
        """The engine reads the card's post or thread: by the connection that wrote it, whose answers are numbered."""
        self.copy.write(self.connections[Identities.OFFICIAL].fetch([thing], self.copy.known))

    def desk_with_words(self: "CardStage | DiscourseCardStage") -> Desk:
        """A desk that has the words of cards."""
        bench = Bench(
            self.copy.reader, self.journal, self.team, FakeEngine(), self.clock, FakeIds(self.clock), hold_seconds=0.0
        )
        return Desk(bench, card_words=card_words)


class CardStage(Cards, Stage):
    """On NodeBB."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, replies=False)

    def make_desk(self) -> Desk:
        """With words."""
        return self.desk_with_words()


class DiscourseCardStage(Cards, DiscourseStage):
    """On Discourse."""

    def __init__(self, folder: Path, *, site_key: bool = True) -> None:
        super().__init__(folder, replies=False, site_key=site_key)

    def make_desk(self) -> Desk:
        """With words."""
        return self.desk_with_words()
