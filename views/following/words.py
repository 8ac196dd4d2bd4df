"""The Following screen in words: how a forum stands and why, what a cell says, what is not known and what to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from moderation.desk.board import Board, Colleague, Look, Place, Standing
from moderation.desk.following import Followed
from moderation.following.load import Suggestion
from moderation.following.matrix import Shown
from moderation.people import CalendarState, FollowRequest, RequestKind
from moderation.people.ports import FollowingChange
from moderation.text import one_line
from resources.messages import known
from views.following.reading import About, Behind, Choosable, Line, Reading
from views.words import Words

SIGNS: Mapping[Standing, tuple[str, str]] = {
    Standing.COVERED: ("circle-check", "text2"),
    Standing.ONE_ONLY: ("alert-triangle", "staff"),
    Standing.NOT_SEEN: ("alert-triangle", "staff"),
    Standing.ONLY_ABSENT: ("calendar-off", "danger"),
    Standing.NOBODY: ("alert-circle", "danger"),
    Standing.UNKNOWN: ("help-circle", "text3"),
    Standing.NOT_EXPECTED: ("info-circle", "text3"),
}
"""Icon and colour of how a forum stands."""
_NAMED = 4
_LONGEST = 60


class FollowingWords:
    """``titles`` are names of communities; ``several``: they have to be told apart."""

    def __init__(self, words: Words, titles: Mapping[str, str] | None = None) -> None:
        self.words = words
        self.titles = titles or {}
        self.several = False

    # -- names -----------------------------------------------------------------------------------------------------
    def forum(self, place: Place) -> str:
        """Name of a forum, with its community where there are several."""
        name = one_line(place.forum.name, _LONGEST)
        title = self.titles.get(place.community, "") if self.several else ""
        return self.words.say("following_in_community", community=title, forum=name) if title else name

    def first_name(self, person: Colleague) -> str:
        """What fits above a column."""
        return (one_line(person.name, _LONGEST).split() or ["?"])[0]

    def name(self, person: Colleague) -> str:
        """The whole name."""
        return one_line(person.name, _LONGEST)

    def names(self, people: Sequence[Colleague]) -> str:
        """Several names, the last of many as a number."""
        named = [self.name(one) for one in people[:_NAMED]]
        if len(people) > _NAMED:
            named.append(self.words.say("case_people_more", n=len(people) - _NAMED))
        return self.words.say("list_comma").join(named)

    # -- cells -----------------------------------------------------------------------------------------------------
    def standing(self, place: Place) -> str:
        """How a forum stands, in a word."""
        return self.words.say(f"following_gap_{place.standing}")

    def look(self, look: Look, days: int) -> str:
        """What a cell says, in a word or some."""
        if look in {Look.WATCHING_UNSEEN, Look.TRACKING_UNSEEN}:
            level = "watching" if look is Look.WATCHING_UNSEEN else "tracking"
            return self.words.say(f"following_unseen_{level}", days=days)
        if look in {Look.UNKNOWN, Look.NO_ACCOUNT}:
            return self.words.say(f"following_look_{look}")
        return self.words.say(f"following_level_{look}")

    def cell(self, found: Board, row: int, column: int, now: datetime) -> str:
        """“Mesh × Tamsin Vole: no choice”, with what is to be known of the person there."""
        forum, person = self.forum(found.places[row]), self.name(found.people[column])
        return self.words.say("following_cell", forum=forum, person=person, about=self.about(found, row, column, now))

    def about(self, found: Board, row: int, column: int, now: datetime) -> str:
        """What a cell says, and what is to be known of the person there."""
        place, person = found.places[row], found.people[column]
        said = [self.look(found.look(row, column), found.followed(place.community).active_days)]
        if (wanted := found.on_its_way(row, column)) is not None:
            said.append(self.words.say("following_on_its_way", level=self.look(wanted, 0)))
        if column in place.owners:
            said.append(self.words.say("following_is_owner"))
        if person.absent_until is not None:
            said.append(self.words.say("following_away_until", day=self.words.day(person.absent_until, now)))
        last = found.last(row, column)
        if last is not None:
            said.append(self.words.say("following_wrote", ago=self.words.ago((now - last).total_seconds())))
        return self.words.say("list_comma").join(said)

    def person(self, found: Board, column: int, now: datetime) -> str:
        """Somebody in full, for whoever points at the head of the column."""
        person = found.people[column]
        parts = [self.name(person), person.team]
        if person.absent_until is not None:
            parts.append(self.words.say("following_away_until", day=self.words.day(person.absent_until, now)))
        parts += [self.why(one.why, person, community) for community, one in person.columns.items() if one.why]
        parts.append(self.words.count("following_follows", found.totals[column]))
        return self.words.say("list_comma").join(part for part in parts if part)

    def why(self, code: str, person: Colleague, community: str) -> str:
        """Why it is not known what somebody follows."""
        title = self.titles.get(community) or community
        return self.words.say(f"following_why_{code or 'not_read'}", name=self.name(person), community=title)

    def age(self, at: datetime | None, now: datetime) -> str:
        """How long ago somebody was there, a dash where nobody was."""
        return "–" if at is None else self.words.age(max(0.0, (now - at).total_seconds()))

    def row(self, place: Place, now: datetime) -> str:
        """A forum with how it stands, for whoever cannot see it."""
        there = self.words.say("following_last_there", age=self.age(place.last_there, now))
        return self.words.say("list_comma").join((self.forum(place), self.standing(place), there))

    def other(self, person: Colleague, found: Board) -> str:
        """Somebody who could take over, with how much that one follows."""
        follows = self.words.count("following_follows", found.totals[found.column(person.key)])
        return " · ".join(part for part in (self.name(person), person.team, follows) if part)

    def away(self, person: Colleague, now: datetime) -> str:
        """Until when somebody is away, or that nobody knows of it."""
        if person.absent_until is None:
            return self.words.say("following_not_away", name=self.name(person))
        day = self.words.day(person.absent_until, now)
        return self.words.say("following_hand_over_line", name=self.name(person), day=day)

    def group(self, one: Choosable) -> str:
        """A group that may be the staff."""
        title = self.titles.get(one.community, "") if self.several else ""
        named = self.words.say("list_comma").join(one.names[:_NAMED])
        more = "…" if len(one.names) > _NAMED else ""
        about = self.words.count("following_group", len(one.names), names=f"{named}{more}")
        return " · ".join(part for part in (one_line(one.group.name, _LONGEST), title, about) if part)

    def line(self, one: Line, now: datetime) -> str:
        """A post or thread behind a cell."""
        if not one.title and one.at is None:
            return self.words.say("following_thread_unknown", id=one.by)
        at = self.words.moment(one.at, now) if one.at is not None else ""
        open_ = self.words.say("following_no_answer") if one.open else ""
        return " · ".join(part for part in (at, one.title, one.by, open_) if part)

    def followed(self, found: Behind, person: Colleague, community: str, now: datetime) -> str:
        """How many threads somebody follows and when that was read, or why it is not known."""
        if found.why:
            return self.why(found.why, person, community)
        count = self.words.count("following_threads_followed", len(found.followed), name=self.name(person))
        read = self.words.moment(found.as_of, now) if found.as_of is not None else ""
        return self.words.say("list_comma").join((count, self.words.say("following_threads_followed_as_of", at=read)))

    # -- a forum ---------------------------------------------------------------------------------------------------
    def reason(self, found: Board, place: Place, now: datetime) -> str:
        """Why it stands so."""
        words, told = self.words, found.followed(place.community)
        if place.standing is Standing.UNKNOWN:
            return self._unknown(found, place, told)
        if place.standing is Standing.NOT_EXPECTED:
            return words.say("following_reason_not_expected")
        there = place.present or tuple(dict.fromkeys((*place.owners, *place.followers)))
        people = [found.people[at] for at in there]
        code, facts = f"following_reason_{place.standing}", {"names": self.names(people), "days": told.active_days}
        if place.standing is Standing.ONLY_ABSENT:
            ends = [person.absent_until for person in people if person.absent_until is not None]
            if not ends or len(ends) < len(people):
                code = "following_reason_barred"
            else:
                facts["day"] = words.day(min(ends), now)
        return words.count(code, len(people), **facts)

    def _unknown(self, found: Board, place: Place, told: Followed) -> str:
        words = self.words
        if not told.confirmed:
            return words.say("following_reason_unconfirmed")
        unread = [one for one in found.people if _unread_in(one, place.community)]
        if unread:
            return words.say("following_reason_unread", names=self.names(unread))
        return words.say("following_reason_incomplete")

    def threads(self, about: About, now: datetime) -> str:
        """How much was asked there since when, and how much of it nobody answered; empty while that is not known."""
        if about.threads is None or about.since is None:
            return ""
        day = self.words.day(about.since, now)
        if not about.threads:
            return self.words.say("following_threads_none", day=day)
        said = self.words.count("following_threads", about.threads, day=day)
        return said + self.words.count("following_without_answer", about.unanswered or 0)

    def promised(self, about: About) -> str:
        """Promised hours in which nobody is at work; empty where there are none."""
        told = about.promised
        if told is None or not told.open_s:
            return ""
        facts = {"hours": f"{told.open_s / 3600:.3g}", "of": f"{told.promised_s / 3600:.3g}"}
        return self.words.say("following_open_hours", **facts)

    def answers(self, one: Suggestion) -> str:
        """How often somebody answered there, where that may be told, and who that is where it is no colleague who could
        follow.
        """
        if one.answers is None:
            return self.words.say(f"following_is_{one.kind}")
        if one.column is None:
            return self.words.say("following_answers_customer", n=one.answers)
        if one.follows:
            return self.words.say("following_answers_follows", n=one.answers)
        if not one.there:
            return self.words.say("following_answers_away", n=one.answers)
        return self.words.count("following_answers", one.answers)

    def change(self, one: FollowingChange, about: About, now: datetime) -> tuple[str, str]:
        """When, and who changed from which level to which."""
        name = one_line(about.names.get(one.member, one.member.native), _LONGEST)
        before, level = (self.level(text) for text in (one.before, one.level))
        said = self.words.say("following_changed", name=name, before=before, level=level)
        return self.words.day(one.at, now), said

    def level(self, level: str) -> str:
        """Name of a level; nothing is no choice."""
        return self.words.say(f"following_level_{level or Shown.NO_CHOICE}")

    # -- requests --------------------------------------------------------------------------------------------------
    def request(self, one: FollowRequest, found: Board, *, due: bool) -> str:
        """What a colleague asks, or what is to go back."""
        forums = self._forums(one, found)
        by, away = one_line(one.asked_by_name, _LONGEST), one_line(one.instead_of_name, _LONGEST)
        if due:
            return self.words.say("following_request_due_line", away=away, forums=forums)
        code = "following_request_take_over" if one.kind is RequestKind.TAKE_OVER else "following_request_follow"
        return self.words.say(code, by=by, away=away, forums=forums)

    def _forums(self, one: FollowRequest, found: Board) -> str:
        """Names of the forums of a request, their number where they are many; their community once."""
        words, title = self.words, self.titles.get(one.community, "") if self.several else ""
        places = [found.position(str(forum)) for forum in one.forums]
        named = [
            one_line(found.places[at].forum.name, _LONGEST) if at >= 0 else forum.native
            for at, forum in zip(places, one.forums, strict=True)
        ]
        few = len(named) <= _NAMED
        forums = words.say("list_comma").join(named) if few else words.count("filter_forums", len(named))
        return words.say("following_in_community", community=title, forum=forums) if title else forums

    # -- beside it -------------------------------------------------------------------------------------------------
    def summary(self, found: Board, now: datetime) -> str:
        """“13 staff, 21 forums, 5 not covered, read 10:40”."""
        words = self.words
        parts = [words.count("following_n_staff", len(found.people)), words.count("filter_forums", len(found.places))]
        if any(one.confirmed for one in found.told):
            parts.append(words.count("following_n_gaps", found.gaps()))
        read = [one.as_of for one in found.told if one.as_of is not None]
        if read:
            at = min(read)
            today = at.astimezone().date() == now.astimezone().date()
            parts.append(words.say("following_read", at=words.clock(at) if today else words.moment(at, now)))
        return words.say("list_comma").join(parts)

    def notes(self, reading: Reading, now: datetime) -> list[str]:
        """What must stand beside the board, a sentence each with what to do; the most important first."""
        found, words = reading.board, self.words
        notes = [self._named("window_following_not_confirmed", one) for one in found.told if not one.confirmed]
        notes += [self._named("following_sees_no_others", one) for one in found.told if not one.sees_others]
        notes += [words.error(reading.trouble)] if reading.trouble is not None else []
        notes += [self._named("window_following_not_complete", one) for one in found.told if one.complete_since is None]
        notes += self._unread(found)
        notes += self._calendars(reading, now)
        for community, count in reading.joined.items():
            title = self.titles.get(community) or community
            notes.append(words.count("following_joined", count, community=title))
        for one in found.told:
            for load in one.loads:
                if load.too_much and one.confirmed:
                    name = one_line(one.matrix.columns[load.column].name, _LONGEST)
                    facts = {"name": name, "count": load.follows, "present": load.present_in}
                    notes.append(words.say("following_too_much", **facts))
        return notes

    def _named(self, code: str, one: Followed) -> str:
        return self.words.say(code, community=self.titles.get(one.community) or one.community)

    def _unread(self, found: Board) -> list[str]:
        """Whose levels are not known: a sentence a reason, with the names."""
        whom: dict[tuple[str, str], list[Colleague]] = {}
        for person in found.people:
            for community, column in person.columns.items():
                if column.account is not None and column.read_at is None:
                    whom.setdefault((column.why or "not_read", community), []).append(person)
        made = []
        for (code, community), people in whom.items():
            facts = {"name": self.names(people), "community": self.titles.get(community) or community}
            made.append(
                self.words.say(f"following_why_{code if known(f'following_why_{code}') else 'not_read'}", **facts)
            )
        return made

    def _calendars(self, reading: Reading, now: datetime) -> list[str]:
        if not any(one.confirmed for one in reading.board.told):
            return []
        if not reading.calendars:
            return [self.words.say("following_no_calendar")]
        made = []
        for person in reading.board.people:
            told = reading.calendars.get(person.key)
            if told is not None and (state := told.state(now)) is not CalendarState.FRESH:
                days = (told.age(now) or (now - now)).days
                facts = {"name": self.name(person), "days": days, "source": one_line(told.source, _LONGEST)}
                made.append(self.words.say(f"team_calendar_{state}", **facts))
        return made


def _unread_in(person: Colleague, community: str) -> bool:
    """Is it not known what the person follows there?"""
    column = person.columns.get(community)
    return column is not None and column.account is not None and column.read_at is None
