"""Palette, key sheet, filter, history, settings and the dialogs before what weighs more: opening and what follows."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal

from moderation.content import Forum
from moderation.desk import Desk
from moderation.ids import Ref
from moderation.queries import SearchHit
from moderation.text import neutralise, one_line
from resources.policies import Policy
from views import places
from views.ask_dialog import AskDialog, Question
from views.filter_sheet import FilterSheet
from views.history_sheet import HistorySheet
from views.item.facts import ItemFacts
from views.key_sheet import KeySheet
from views.outside import open_address
from views.palette import Found, Palette
from views.places import Filter
from views.settings import Preferences
from views.settings_dialog import SettingsDialog
from views.text_coming import TextComing

if TYPE_CHECKING:
    from views.main_window import MainWindow


def read_forums(desk: Desk, communities: Sequence[str]) -> list[Forum]:
    """Forums of these communities, in their order."""
    return [forum for name in communities for forum in desk.mirror.forums(name)]


def search(desk: Desk, text: str, communities: tuple[str, ...]) -> list[SearchHit]:
    """Newest hits of the local full text."""
    return desk.mirror.search(text, limit=6, communities=communities)


def address_of(desk: Desk, hit: str) -> str:
    """Where a hit can be read on the web; empty when nobody told."""
    post = desk.mirror.post(Ref.parse(hit)) if ":post:" in hit else None
    thread = desk.mirror.thread(post.thread if post is not None and post.thread else Ref.parse(hit))
    return (post.url if post is not None else None) or (thread.url if thread is not None else None) or ""


class Popups(QObject):
    """Opens them over one window. ``filtered``: another filter; ``preferred``: other preferences."""

    filtered = Signal(object)
    preferred = Signal(object)
    place_wanted = Signal(str)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        theme, words, host = window.theme, window.session.words, window.centre
        self.palette = Palette(theme, words, window.registry, self._places, host)
        self.keys = KeySheet(theme, words, window.registry, host)
        self.filter = FilterSheet(theme, host)
        self.history = HistorySheet(theme, host)
        self.dialog: AskDialog | SettingsDialog | None = None
        self._forums: list[Forum] = []
        self.palette.snippets = self._snippets
        self.palette.asked.connect(self._search)
        self.filter.chosen.connect(self.filtered)
        window.queue_work.asked.connect(self.ask)
        on = window.registry.on
        on("palette", self.show_palette)
        on("search", lambda: self.show_palette("/"))
        on("keys", self.keys.show_keys)
        on("filter", self._show_filter)
        on("history", self._show_history)
        on("settings", self.show_settings)

    # -- palette ---------------------------------------------------------------------------------------------------
    def show_palette(self, start: str = "") -> None:
        """Open the palette on the item at hand."""
        self._read_forums(lambda: None)
        facts = self._window.queue_work.facts()
        self.palette.show_palette(facts.title if facts is not None else "", start)

    def _places(self, wanted: str) -> list[Found]:
        words, group = self._session.words, self._session.words.say("palette_go")
        key = self._window.registry.key
        found = [
            Found(group, words.say("place_all"), icon="inbox", key=key("go_queue"), run=partial(self._go, places.ALL)),
            Found(
                group, words.say("place_mine"), "", "user-circle", key("go_mine"), run=partial(self._go, places.MINE)
            ),
            Found(
                group, words.say("place_held"), "", "clock-pause", key("go_held"), run=partial(self._go, places.HELD)
            ),
            Found(group, words.say("place_later"), "", "clock", key("go_later"), run=partial(self._go, places.LATER)),
            Found(
                group,
                words.say("place_exposed"),
                "",
                "alert-triangle",
                key("go_exposed"),
                run=partial(self._go, places.EXPOSED),
            ),
            Found(
                group, words.say("place_cases"), icon="users", key=key("go_cases"), run=partial(self._go, places.CASES)
            ),
            Found(group, words.say("place_outbox"), icon="send", key=key("go_outbox"), run=partial(self._go, "outbox")),
            Found(
                group,
                words.say("place_following"),
                icon="grid-dots",
                key=key("go_following"),
                run=partial(self._go, places.FOLLOWING),
            ),
            Found(
                group,
                words.say("place_coverage"),
                icon="chart-histogram",
                key=key("go_coverage"),
                run=partial(self._go, places.COVERAGE),
            ),
        ]
        if wanted:
            found += [
                Found(group, neutralise(forum.name), words.say("a_forum"), "category", run=partial(self._forum, forum))
                for forum in self._forums
            ]
        return found

    def _snippets(self, wanted: str) -> list[Found]:
        """What may be put into the answer that is being written."""
        del wanted
        composer, group = self._window.talk.composer, self._session.words.say("palette_snippets")
        if not composer.open or composer.noting:
            return []
        return [
            Found(
                group, one.title, one_line(one.text, 70), "note", run=partial(composer.editor.insert_snippet, one.text)
            )
            for one in composer.snippets
        ]

    def _go(self, place: str) -> None:
        self.place_wanted.emit(place)

    def _forum(self, forum: Forum) -> None:
        self.place_wanted.emit(places.ALL)
        self.filtered.emit(Filter(forums=(str(forum.id),)))

    def _search(self, text: str) -> None:
        where = self._window.work.where
        communities = (where.community,) if where.community else ()
        self._session.tasks.read("search", search, text, communities, then=partial(self._found, text))

    def _found(self, text: str, hits: list[SearchHit]) -> None:
        words, now = self._session.words, self._session.now()
        group, made = words.say("palette_found"), []
        for hit in hits:
            said = one_line(hit.excerpt.replace("\x02", "").replace("\x03", ""), 90)
            day = words.moment(hit.at, now) if hit.at is not None else ""
            more = " · ".join(part for part in (neutralise(hit.author_name or ""), day) if part)
            made.append(Found(group, said, more, "message", run=partial(self._open_hit, hit.id)))
        self.palette.add_hits(text, made)

    def _open_hit(self, hit: str) -> None:
        self._session.tasks.read("hit", address_of, hit, then=self._open_address)

    def _open_address(self, address: str) -> None:
        if not open_address(address):
            self._window.bar.say(self._session.words.say("say_no_link"), gravity="staff")

    # -- sheets ----------------------------------------------------------------------------------------------------
    def _read_forums(self, then: Callable[[], None]) -> None:
        names = tuple(row.name for row in self._session.communities)

        def read(forums: list[Forum]) -> None:
            self._forums = forums
            then()

        self._session.tasks.read("forums", read_forums, names, then=read)

    def _show_filter(self) -> None:
        def opened() -> None:
            header = self._window.panel.header
            below = header.mapTo(self._window.centre, QPoint(header.width(), header.height() + 2))
            community = self._window.work.where.community
            forums = [forum for forum in self._forums if community in {"", forum.id.community}]
            self.filter.show_filter(self._window.work.where.filter, forums, below)

        self._read_forums(opened)

    def _show_history(self) -> None:
        facts = self._window.queue_work.facts()
        if facts is not None:
            self.history.show_history(facts)

    def show_settings(self) -> None:
        """Open the settings."""
        dialog = SettingsDialog(self._session.preferences, self._window.theme, self._session.words, self._window)
        dialog.chosen.connect(self._preferred)
        dialog.usual_keys.connect(self._window.registry.usual_keys)
        self.open(dialog)

    def _preferred(self, chosen: Preferences) -> None:
        self.preferred.emit(chosen)

    # -- before what weighs more -----------------------------------------------------------------------------------
    def ask(self, verb: str, facts: ItemFacts, policy: Policy | None, message: str, note: str) -> None:
        """A verb that needs more than a key: ask, then decide."""
        if verb == "move":
            self._read_forums(lambda: self._ask(verb, facts, policy, message, note))
        else:
            self._ask(verb, facts, policy, message, note)

    def _ask(self, verb: str, facts: ItemFacts, policy: Policy | None, message: str, note: str) -> None:
        registry, words = self._window.registry, self._session.words
        label = registry.label(verb).removesuffix("…")
        question = Question(
            title=words.say("ask_title_author", verb=label, name=facts.author)
            if verb in {"ban", "mute"}
            else words.say("ask_title", verb=label, title=facts.title),
            consequence=_sentence(self._window.pane.bar.consequence(verb)),
            verb=label,
            text=(facts.body or "") if verb == "edit" else None,
            reading=verb == "edit" and facts.body is None,
            forums=[f for f in self._forums if f.id.community == facts.ref.community] if verb == "move" else (),
            duration=verb in {"ban", "mute"},
        )
        dialog = AskDialog(question, self._window.theme, self._session.now(), self._window)

        def agreed(payload: dict[str, object]) -> None:
            work = self._window.queue_work
            work.decide(verb, facts, policy=policy, message=message, note=note, payload=payload)

        dialog.agreed.connect(agreed)
        self.open(dialog)
        if question.reading and facts.post is not None:
            TextComing(self._session, facts.post, dialog)

    def open(self, dialog: AskDialog | SettingsDialog) -> None:
        """Open a dialog over the window; it is forgotten once it is closed."""
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._finished)
        dialog.open()

    def _finished(self) -> None:
        self.dialog = None


def _sentence(text: str) -> str:
    """A consequence on its own begins with a capital."""
    return text[:1].upper() + text[1:]
