"""What can be done about the cell at hand, with keys: what stands in the pane, and what the keys of the screen mean."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from moderation.content import Level
from moderation.desk.board import Board, Colleague, Place
from moderation.ids import Ref
from moderation.people import FollowRequest
from views.following.reading import About, Reading
from views.following.words import FollowingWords


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do. ``verb`` is the window's verb for it, ``request`` the one that it is about; ``why_not`` says why
    it cannot be done.
    """

    verb: str
    icon: str
    title: str
    more: str = ""
    request: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class AtHand:
    """The cell at hand with what is known of it: a place and a person of the board, by number; ``about`` once it is
    read.
    """

    reading: Reading
    row: int
    column: int
    about: About | None = None

    @property
    def board(self) -> Board:
        """The board."""
        return self.reading.board

    @property
    def place(self) -> Place:
        """The forum."""
        return self.board.places[self.row]

    @property
    def person(self) -> Colleague:
        """The person."""
        return self.board.people[self.column]

    @property
    def account(self) -> Ref | None:
        """The person's account in the forum's community."""
        return self.person.account(self.place.community)


def who_is_away(at: AtHand) -> Colleague | None:
    """Whose follows would be handed over: the person at hand who is away, else the first one away who follows it."""
    if at.person.absent_until is not None:
        return at.person
    followers = (at.board.people[one] for one in at.place.followers)
    return next((one for one in followers if one.absent_until is not None), None)


def taken_for(at: AtHand, away: Colleague) -> FollowRequest | None:
    """The hand-over that holds for somebody in the forum's community."""
    account = away.account(at.place.community)
    return next((one for one in at.reading.taken if one.instead_of == account and account is not None), None)


def asked_already(at: AtHand) -> FollowRequest | None:
    """The own question to the person at hand about this forum that is still open."""
    forum = at.place.forum.id
    return next((one for one in at.reading.asked if one.asked_of == at.account and forum in one.forums), None)


class Acts:
    """Says what can be done; ``is_me`` tells own accounts."""

    def __init__(self, said: FollowingWords, now: Callable[[], datetime], is_me: Callable[[Ref | None], bool]) -> None:
        self._said, self._now, self._is_me = said, now, is_me

    def of(self, at: AtHand) -> list[Act]:
        """What can be done about the cell at hand, in the order of the pane."""
        made = [self._follow(at), self._ask(at)]
        if (over := self._hand_over(at)) is not None:
            made.append(over)
        card = Act(
            "presence", "id-badge-2", *map(self._said.words.say, ("following_act_card", "following_act_card_more"))
        )
        return [*made, self._rows(at), card]

    def answers(self, one: FollowRequest, *, due: bool) -> list[Act]:
        """What can be said to a request."""
        say = self._said.words.say
        if due:
            return [Act("accept_request", "arrow-back-up", say("following_act_give_back"), request=one.id)]
        return [
            Act("accept_request", "check", say("following_act_accept"), request=one.id),
            Act("decline_request", "x", say("following_act_decline"), request=one.id),
        ]

    def _follow(self, at: AtHand) -> Act:
        say, about = self._said.words.say, at.about
        title = say("following_act_follow")
        if about is not None and about.changing:
            return Act("follow", "eye", title, why_not=say("following_act_changing"))
        if about is not None and about.own is Level.WATCHING:
            return Act("follow", "eye", title, why_not=say("following_act_follows"))
        more = say("following_act_follow_more")
        if about is not None and about.along:
            names = say("list_comma").join(forum.name for forum in about.along[:4])
            more = say("following_goes_along", names=names)
        return Act("follow", "eye", title, more)

    def _ask(self, at: AtHand) -> Act:
        say, person = self._said.words.say, at.person
        title = say("following_act_ask", name=self._said.first_name(person))
        if self._is_me(at.account):
            return Act("approve", "user-question", title, why_not=say("following_act_ask_me"))
        if at.account is None:
            return Act("approve", "user-question", title, why_not=say("following_look_no_account"))
        if (open_one := asked_already(at)) is not None:
            asked = say("following_act_asked", day=self._said.words.day(open_one.asked_at, self._now()))
            return Act("approve", "user-question", say("following_act_withdraw"), asked, open_one.id)
        if person.absent_until is not None:
            day = self._said.words.day(person.absent_until, self._now())
            return Act("approve", "user-question", title, why_not=say("following_away_until", day=day))
        return Act("approve", "user-question", title, say("following_act_ask_more"))

    def _hand_over(self, at: AtHand) -> Act | None:
        words, away = self._said.words, who_is_away(at)
        if away is None:
            return None
        name = self._said.first_name(away)
        if (taken := taken_for(at, away)) is not None:
            who = taken.asked_of_name.split()[0] if taken.asked_of_name else ""
            return Act(
                "hand_over", "arrow-back-up", words.say("following_act_back", name=name),
                words.say("following_act_back_more", name=who), taken.id,
            )  # fmt: skip
        column = at.board.column(away.key)
        day = words.day(away.absent_until, self._now()) if away.absent_until else ""
        more = words.count("following_act_hand_over_more", at.board.watched(column, at.place.community), day=day)
        return Act("hand_over", "transfer", words.say("following_act_hand_over", name=name), more)

    def _rows(self, at: AtHand) -> Act:
        words, about = self._said.words, at.about
        if about is None or not about.threads or about.since is None:
            return Act("open_rows", "list", words.say("following_act_rows"))
        day = words.day(about.since, self._now())
        return Act("open_rows", "list", words.count("following_act_threads", about.threads),
                   words.say("following_act_threads_since", day=day))  # fmt: skip
