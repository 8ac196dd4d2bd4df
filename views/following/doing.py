"""What the keys of the Following screen do: following, asking, handing over, answering, confirming, exporting."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from moderation.content import Level
from moderation.desk.board import Arrangement, Colleague, Order, teams
from moderation.ids import Ref
from moderation.intents import Plan
from moderation.people import FollowRequest, Person
from views.following import reading as work
from views.following.acts import Acts, AtHand, asked_already, taken_for, who_is_away
from views.following.panel import FollowingPanel
from views.following.reading import Behind, Choosable, Line
from views.following.sheets import ChoiceSheet, TextSheet
from views.following.words import FollowingWords
from views.outside import copy, open_address

if TYPE_CHECKING:
    from views.following.work import FollowingWork
    from views.main_window import MainWindow
    from views.presence.work import CardWork

_ORDERS = tuple(Order)
_NEED_CELL = frozenset({"follow", "hand_over", "approve", "open_rows", "browser", "copy_link", "presence"})


class Doing(QObject):
    """Does one verb after the other on the cell that is at hand when its key is pressed."""

    def __init__(
        self, owner: "FollowingWork", window: "MainWindow", panel: FollowingPanel, said: FollowingWords, acts: Acts
    ) -> None:
        super().__init__(owner)
        self._work, self._window, self._session = owner, window, window.session
        self._panel, self._said, self._acts = panel, said, acts
        self._sheet: ChoiceSheet | None = None
        self._text: TextSheet | None = None
        self.dialog: QFileDialog | None = None
        self.cards: CardWork | None = None
        self._does: Mapping[str, Callable[[str], None]] = {
            "follow": lambda _: self.follow(),
            "approve": lambda _: self.ask(),
            "hand_over": lambda _: self.hand_over(),
            "accept_request": self.accept,
            "decline_request": self.decline,
            "open_rows": lambda _: self.open_rows(),
            "export": lambda _: self.export(),
            "definition": lambda _: self.define(),
            "presence": lambda _: self.card(),
            "skip": lambda _: self.sort(),
            "take": lambda _: self.next_team(),
            "filter": lambda _: self.only_gaps(),
            "search": lambda _: self._panel.legend.open_field(),
            "claim": lambda _: self.confirm_staff(),
            "browser": lambda _: self.browse(),
            "copy_link": lambda _: self.copy_link(),
        }

    def do(self, verb: str, request: str = "") -> None:
        """Do it; ``request`` where it is about one."""
        self._does[verb](request)

    # -- what is possible ------------------------------------------------------------------------------------------
    def reasons(self, at: AtHand | None) -> dict[str, str]:
        """Why each verb of the screen cannot be done now, empty where it can."""
        say = self._session.words.say
        nothing = say("following_no_cell")
        why = dict.fromkeys(self._does, "") | (dict.fromkeys(_NEED_CELL, nothing) if at is None else {})
        waiting = self._work.kept.reading.to_me if self._work.kept.reading is not None else ()
        if not waiting:
            why |= dict.fromkeys(("accept_request", "decline_request"), say("following_nothing_asked"))
        elif self._work.kept.reading is not None and waiting[0].id in self._work.kept.reading.due:
            why["decline_request"] = say("following_nothing_asked")
        if at is not None:
            acts = {act.verb: act.why_not for act in self._acts.of(at)}
            why |= acts
            if "hand_over" not in acts:
                why["hand_over"] = ""
            if at.place.forum.url is None:
                why |= dict.fromkeys(("browser", "copy_link"), say("say_no_link"))
        return why

    def name_buttons(self) -> None:
        """What is left out stands on the buttons that bring it back."""
        say, how, buttons = self._session.words.say, self._how, self._panel.header.buttons
        buttons["filter"].say(say("following_only_gaps" if how.gaps else "following_all_forums"), "filter")
        buttons["take"].say(how.team or say("following_all_teams"), "users")
        found = self._work.kept.reading
        buttons["take"].setVisible(found is not None and bool(teams(found.board)))
        buttons["hand_over"].say(say("label_hand_over").removesuffix("…"), "transfer")
        self._panel.header.fit()

    @property
    def _how(self) -> Arrangement:
        return self._work.kept.how or Arrangement()

    # -- following -------------------------------------------------------------------------------------------------
    def follow(self) -> None:
        """Follow the forum oneself; what goes along is said before."""
        at = self._work.at_hand()
        if at is not None:
            forum, name = at.place.forum.id, self._said.forum(at.place)
            self._agreed([forum], name, work.follow, forum, Level.WATCHING)

    def _agreed(self, forums: Sequence[Ref], name: str, call: Callable[..., list[Plan]], *args: object) -> None:
        """Change own levels; where forums below go along, only after that was said and agreed to."""
        tasks, words, failed = self._session.tasks, self._session.words, self._work.failed.emit

        def write() -> None:
            tasks.write(call, *args, then=partial(self._journalled, name), failed=failed)

        def ask(along: list[str]) -> None:
            if not along:
                write()
                return
            lines = [words.count("following_follow_all", len(along) + len(forums)), words.say("following_leave_it")]
            sentence = words.say("following_goes_along", names=words.say("list_comma").join(along[:8]))
            title = words.say("following_follow_title", forum=name)
            self._choose(title, sentence, lines, lambda line: write() if line == 0 else None)

        tasks.read("following-along", work.goes_along, forums, then=ask, failed=failed)

    def _journalled(self, name: str, plans: list[Plan]) -> None:
        """It is in the outbox: the bar counts it down, Z takes it back."""
        decisions = self._session.decisions
        found = self._work.kept.reading
        for plan in plans:
            for intent in plan.intents:
                at = found.board.position(str(intent.target)) if found is not None else -1
                known = self._said.forum(found.board.places[at]) if found is not None and at >= 0 else name
                decisions.titles[str(intent.target)] = known
        if plans:
            decisions.last, decisions.bulk = (str(plans[0].intents[0].action), name), ""
        decisions.refresh(touch=True)
        self._work.refresh()
        if not plans:
            self._say("following_nothing_to_change")

    # -- asking ----------------------------------------------------------------------------------------------------
    def ask(self) -> None:
        """Ask the person at hand to follow the forum at hand, or take that back."""
        at = self._work.at_hand()
        if at is None or at.account is None:
            return
        facts = {"name": self._said.name(at.person), "forum": self._said.forum(at.place)}
        open_one = asked_already(at)
        if open_one is not None:
            self._write(work.withdraw, open_one.id, said="following_said_withdrawn", **facts)
        else:
            self._write(work.ask, at.place.forum.id, at.account, said="following_said_asked", **facts)

    def hand_over(self) -> None:
        """Ask somebody to follow what a colleague follows who is away; or say that the colleague is back."""
        at = self._work.at_hand()
        if at is None:
            return
        away = who_is_away(at) or at.person
        account, name = away.account(at.place.community), self._said.name(away)
        if account is None:
            self._warn("following_look_no_account")
            return
        taken = taken_for(at, away)
        if taken is not None:
            self._write(work.back, taken.id, said="following_said_back", name=name)
            return
        others = self._others(at, away)
        if not others:
            self._warn("following_no_other")
            return
        lines = [self._said.other(one, at.board) for one in others]
        title = self._session.words.say("following_hand_over_title", name=name)
        sentence = self._said.away(away, self._now())

        def take(line: int) -> None:
            of = others[line].account(at.place.community)
            facts = {"name": name, "other": self._said.name(others[line])}
            self._write(work.hand_over, account, of, said="following_said_handed_over", **facts)

        self._choose(title, sentence, lines, take)

    def _others(self, at: AtHand, away: Colleague) -> list[Colleague]:
        """Who could take over: those who are there; who answers in the forum at hand first, then who follows least."""
        found, community = at.board, at.place.community
        answers = {one.column: one.answers or 1 for one in at.about.answerers} if at.about is not None else {}
        told = found.followed(community).matrix.columns
        by_account = {told[column].account: count for column, count in answers.items() if column is not None}
        able = [
            (number, person)
            for number, person in enumerate(found.people)
            if person is not away and person.absent_until is None
            and person.account(community) is not None and not self._work.is_me(person.account(community))
        ]  # fmt: skip
        able.sort(key=lambda each: (-by_account.get(each[1].account(community), 0), found.totals[each[0]]))
        return [person for _, person in able]

    # -- answering -------------------------------------------------------------------------------------------------
    def _asked(self, request: str) -> FollowRequest | None:
        """The request of this id, or the first that waits."""
        found = self._work.kept.reading
        waiting = found.to_me if found is not None else ()
        return next((one for one in waiting if request in {one.id, ""}), None)

    def accept(self, request: str) -> None:
        """Do what a colleague asks, or give back what was taken over."""
        one, found = self._asked(request), self._work.kept.reading
        if one is None or found is None:
            return
        name = self._session.words.count("filter_forums", len(one.forums))
        if one.id in found.due:
            then = partial(self._journalled, name)
            self._session.tasks.write(work.give_back, one.id, then=then, failed=self._work.failed.emit)
        else:
            self._agreed(one.forums, name, work.accept, one.id)

    def decline(self, request: str) -> None:
        """Say no to a colleague."""
        if (one := self._asked(request)) is not None:
            self._write(work.decline, one.id, said="following_said_declined", name=one.asked_by_name)

    # -- who is staff ----------------------------------------------------------------------------------------------
    def confirm_staff(self) -> None:
        """Ask which group is the staff."""
        names = self._work.names
        self._session.tasks.read(
            "following-groups", work.read_groups, names, then=self._groups, failed=self._work.failed.emit
        )

    def _groups(self, found: list[Choosable]) -> None:
        words = self._session.words
        if not found:
            self._warn("following_no_group")
            return
        lines = [self._said.group(one) for one in found]
        take = lambda line: self._sure(found[line])  # noqa: E731 - beside the lines it belongs to
        self._choose(words.say("following_confirm_title"), words.say("following_confirm_line"), lines, take)

    def _sure(self, one: Choosable) -> None:
        words = self._session.words
        title = words.say("following_confirm_sure", group=one.group.name)
        lines = [words.count("following_confirm_yes", len(one.names)), words.say("following_leave_it")]

        def take(line: int) -> None:
            if line == 0:
                self._session.tasks.write(
                    work.confirm_group, one.community, one.group.native, then=self._confirmed,
                    failed=self._work.failed.emit,
                )  # fmt: skip

        self._choose(title, words.say("list_comma").join(one.names[:60]), lines, take)

    def _confirmed(self, people: list[Person]) -> None:
        self._tell(self._session.words.count("following_said_confirmed", len(people)), "customer")
        self._work.refresh()

    # -- arranging -------------------------------------------------------------------------------------------------
    def sort(self) -> None:
        """The next order."""
        order = _ORDERS[(_ORDERS.index(self._how.order) + 1) % len(_ORDERS)]
        self._work.arrange(order=order)
        self._say(f"following_said_sorted_{order}")

    def next_team(self) -> None:
        """The next team, after the last one all."""
        found = self._work.kept.reading
        listed = ["", *teams(found.board)] if found is not None else [""]
        at = listed.index(self._how.team) if self._how.team in listed else -1
        self._work.arrange(team=listed[(at + 1) % len(listed)])

    def only_gaps(self) -> None:
        """Only what nobody covers, or everything again."""
        self._work.arrange(gaps=not self._how.gaps)

    # -- what is behind --------------------------------------------------------------------------------------------
    def open_rows(self) -> None:
        """What the person wrote there, and which threads were begun there since when."""
        at = self._work.at_hand()
        if at is None:
            return
        since = at.about.since if at.about is not None and at.about.since is not None else self._now() - work.LOOKS_BACK
        self._session.tasks.read(
            "following-behind", work.read_behind, at.place.forum.id, at.account, since,
            then=partial(self._behind, at, since), failed=self._work.failed.emit,
        )  # fmt: skip

    def _behind(self, at: AtHand, since: datetime, found: Behind) -> None:
        words, now = self._session.words, self._now()
        name, day = self._said.name(at.person), words.day(since, now)
        rows: list[Line | None] = [None, *found.posts, None, *found.threads, None, *found.followed]
        lines = ["\t" + words.count("following_wrote_here", len(found.posts), name=name)]
        lines += [self._said.line(one, now) for one in found.posts]
        lines.append("\t" + words.count("following_threads_here", len(found.threads), day=day))
        lines += [self._said.line(one, now) for one in found.threads]
        lines.append("\t" + self._said.followed(found, at.person, at.place.community, now))
        lines += [self._said.line(one, now) for one in found.followed]

        def take(line: int) -> None:
            row = rows[line]
            if row is not None and not open_address(row.url):
                self._warn("say_no_link")

        title = words.say("following_rows_title", forum=self._said.forum(at.place), person=name)
        self._choose(title, words.say("following_rows_line"), lines, take, numbered=False)

    def browse(self) -> None:
        """Open the forum in the browser."""
        at = self._work.at_hand()
        if at is not None and not open_address(at.place.forum.url or ""):
            self._warn("say_no_link")

    def copy_link(self) -> None:
        """Copy the forum's address."""
        at = self._work.at_hand()
        if at is not None and at.place.forum.url:
            copy(at.place.forum.url)
            self._say("say_copied", url=at.place.forum.url)

    def define(self) -> None:
        """What is called covered."""
        if self._text is None:
            self._text = TextSheet(self._window.theme, self._window.centre)
        words = self._session.words
        text = words.say("following_covered_text", days=self._panel.legend.days)
        self._text.tell(words.say("following_covered_title"), text)

    def card(self) -> None:
        """What customers are told of who looks after the forum."""
        from views.presence.work import CardWork

        at = self._work.at_hand()
        if at is not None:
            self.cards = self.cards or CardWork(self._window, self._work.failed.emit)
            self.cards.open(at.place.forum.id)

    # -- export ----------------------------------------------------------------------------------------------------
    def export(self) -> None:
        """Ask where to, as which kind of file."""
        words = self._session.words
        dialog = self.dialog = QFileDialog(self._window, words.say("following_export_title"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([words.say(f"following_export_{kind}") for kind in ("csv", "png", "svg")])
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")")))
        dialog.selectFile(f"following-{self._now():%Y-%m-%d}")
        dialog.fileSelected.connect(self.export_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, path: str) -> None:
        """Write what is arranged to a file; its ending says what it becomes."""
        from views.following import export

        model = self._panel.table.matrix
        if path.lower().endswith((".png", ".svg")):
            try:
                written = export.paint_to(path, self._panel.drawing, model)
            except OSError:
                written = False
            self._exported(path) if written else self._not_exported(path)
            return
        text = export.as_csv(model, self._said, self._now())
        self._session.tasks.write(
            export.keep, path, text, then=self._exported, failed=lambda error: self._csv_failed(path, error)
        )

    def _csv_failed(self, path: str, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self._not_exported(path)

    def _exported(self, path: str) -> None:
        self._say("following_said_exported", path=path)

    def _not_exported(self, path: str) -> None:
        self._warn("following_not_exported", path=path)

    # -- saying ----------------------------------------------------------------------------------------------------
    def _now(self) -> datetime:
        return self._session.now()

    def _choose(
        self, title: str, sentence: str, lines: list[str], take: Callable[[int], None], *, numbered: bool = True
    ) -> None:
        if self._sheet is None:
            self._sheet = ChoiceSheet(self._window.theme, self._window.centre)
        self._sheet.ask(title, sentence, lines, take, numbered=numbered)

    @property
    def sheet(self) -> ChoiceSheet | None:
        """Where one of several lines is taken, once that was wanted."""
        return self._sheet

    def _write(self, call: Callable[..., object], *args: object, said: str, **facts: object) -> None:
        def done(_: object) -> None:
            self._say(said, **facts)
            self._work.refresh()

        self._session.tasks.write(call, *args, then=done, failed=self._work.failed.emit)

    def _say(self, code: str, **facts: object) -> None:
        self._tell(self._session.words.say(code, **facts), "customer")

    def _warn(self, code: str, **facts: object) -> None:
        self._tell(self._session.words.say(code, **facts), "staff")

    def _tell(self, said: str, gravity: str) -> None:
        self._window.bar.say(said, gravity=gravity)
        self._window.work.announce(said)
