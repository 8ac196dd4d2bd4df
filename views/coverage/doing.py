"""What is done on the Coverage screen: what is looked at, which rows are opened, what is written into files."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from moderation.changes import ChangeRecord, Table
from moderation.charts.shapes import Size
from moderation.charts.svg import svg
from moderation.charts.tables import as_csv
from moderation.coverage.doors import Asked
from views.communities import title
from views.coverage import export
from views.coverage.definition import DefinitionSheet
from views.coverage.export import ExportDialog, Kind, Wish
from views.coverage.painted import colours, picture
from views.coverage.panel import CoveragePanel, Numbered
from views.coverage.reading import Choice, Shown, read_coverage, read_heads, read_rows
from views.coverage.rows import RowsSheet
from views.coverage.words import beside_said, message_said, time_said
from views.outside import copy, open_address
from views.timers import timer
from views.verbs import ITEM_VERBS

if TYPE_CHECKING:
    from views.main_window import MainWindow

_TELLS = frozenset({Table.THREAD, Table.POST, Table.FORUM, Table.TEAM, Table.COMMUNITY})
_AGAIN_MS = 30_000
"""After news the figures are read again, at most so often: they take a while."""
_PICTURE = {"heat": Size(920, 340), "curve": Size(720, 380), "trend": Size(640, 340), "top": Size(1180, 92),
            "numbers": Size(1000, 460)}  # fmt: skip


class Doing(QObject):
    """Connects panel and keys of one window. ``failed``: an error for the person."""

    failed = Signal(object)

    def __init__(self, window: "MainWindow", parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._session = window, window.session
        self.panel = CoveragePanel(window.theme, window.session.words, window.registry, window.coverage)
        self.active = False
        self.shown: Shown | None = None
        self._rows: RowsSheet | None = None
        self._definition: DefinitionSheet | None = None
        self.dialog: ExportDialog | None = None
        self._again = timer(self, _AGAIN_MS, self.refresh)
        self._keys: Mapping[str, Callable[[], None]] = {
            "take": self.toggle,
            "export": self.ask_export,
            "definition": self.define,
            "refresh": self._refresh,
        }
        self.panel.opened.connect(self.open_rows)
        self.panel.header.chosen.connect(self.choose)

    # -- what is looked at -----------------------------------------------------------------------------------------
    def show(self) -> None:
        """The screen is opened."""
        self.active = True
        only = self._window.work.where.community
        choice = self._choice
        if only and choice.community != only:
            choice = Choice(only, "", choice.days, choice.working)
        self.panel.header.show_choice(choice)
        self.permit()
        self._read(choice)

    def leave(self) -> None:
        """Another screen is opened."""
        if self.active:
            self.active = False
            self._again.stop()
            self._forbid()

    def choose(self, choice: Choice) -> None:
        """Look at something else."""
        self._read(choice)

    @property
    def _choice(self) -> Choice:
        kept = self._session.coverage
        return kept or Choice()

    def refresh(self) -> None:
        """Read the same again."""
        if self.active:
            self._read(self._choice)

    def _refresh(self) -> None:
        self._session.desk.engine.refresh(self._choice.community or None)
        self.refresh()

    def _read(self, choice: Choice) -> None:
        self._again.stop()
        self._session.coverage = choice
        self._session.tasks.read("coverage", read_coverage, choice, then=self._arrived, failed=self._not_read)

    def _arrived(self, shown: Shown) -> None:
        if not self.active:
            return
        words, now = self._session.words, self._session.now()
        self.shown, self._session.coverage = shown, shown.choice
        self.panel.show_view(shown, time_said(words, shown, now), beside_said(words, shown, now))
        if message := message_said(words, shown):
            self.panel.show_message(message)
        self.panel.begin()
        self.permit()

    def _not_read(self, error: Exception) -> None:
        """What cannot be read says so where the figures would stand."""
        self.shown = None
        self.panel.show_message(self._session.words.error(error))
        self.failed.emit(error)

    def heard(self, records: list[ChangeRecord]) -> None:
        """Something changed: the figures are read again after a while."""
        if self.active and not self._again.isActive() and any(record.table in _TELLS for record in records):
            self._again.start()

    # -- keys ------------------------------------------------------------------------------------------------------
    def take(self, verb: str) -> bool:
        """Do a verb of this screen while it is shown; ``False`` where it belongs to others."""
        if not self.active or verb not in self._keys:
            return False
        self._keys[verb]()
        return True

    def step(self, by: int) -> None:
        """Next or previous number."""
        self.panel.step(by)

    def permit(self) -> None:
        """Enable what this screen can do; what is about an item says that there is none."""
        if not self.active:
            return
        registry, words = self._window.registry, self._session.words
        for verb in {*ITEM_VERBS, "claim"} - self._keys.keys():
            registry.allow(verb, words.say("coverage_not_here"))
        for verb in ("take", "export", "definition"):
            registry.call(verb, words.say(f"coverage_label_{verb}"))
        registry.explain({verb: words.say(f"coverage_hint_{verb}") for verb in ("take", "export", "definition")})
        ready = self.shown is not None and self.shown.view is not None
        for verb in ("take", "export", "definition"):
            registry.show(verb, visible=True)
            registry.allow(verb, None if ready else words.say("coverage_no_figures"))

    def _forbid(self) -> None:
        """What only numbers have means nothing elsewhere."""
        registry, words = self._window.registry, self._session.words
        registry.explain({})
        for verb in ("take", "export", "definition"):
            registry.call(verb, None)
        for verb in ("export", "definition"):
            registry.allow(verb, words.say("coverage_only"))

    def toggle(self) -> None:
        """Swap the chart at hand for its table, or back."""
        chart = self.panel.toggle()
        self._window.work.announce(chart.drawing.accessibleName())

    # -- rows ------------------------------------------------------------------------------------------------------
    def open_rows(self, number: Numbered) -> None:
        """List exactly the threads behind a number."""
        if self.shown is None or self.shown.seen is None or number.door is None:
            return
        then = partial(self._show_rows, number.said)
        tasks = self._session.tasks
        tasks.read("coverage-rows", read_rows, self.shown.seen, number.door, then=then, failed=self.failed.emit)

    @property
    def rows(self) -> RowsSheet:
        """The list of threads; made when it is needed."""
        if self._rows is None:
            sheet = RowsSheet(self._window.theme, self._session.words, self._window.centre)
            sheet.table.wanted.connect(self._read_heads)
            sheet.opened.connect(self._open)
            sheet.copied.connect(self._copy)
            self._rows = sheet
        return self._rows

    def _show_rows(self, said: str, rows: list[Asked]) -> None:
        if self.active and self.shown is not None and self.shown.seen is not None:
            names = {forum.id.native: forum.name for forum in self.shown.seen.forums}
            self.rows.show_rows(said, rows, names, self._session.now())

    def _read_heads(self, threads: list[str]) -> None:
        if self.shown is not None and self.shown.seen is not None:
            community = self.shown.seen.community
            then = self.rows.table.rows.show_heads
            self._session.tasks.read("coverage-heads", read_heads, community, threads, then=then)

    def _open(self, address: str) -> None:
        if not address or not open_address(address):
            self._window.bar.say(self._session.words.say("say_no_link"), gravity="staff")

    def _copy(self, address: str) -> None:
        words = self._session.words
        if not address:
            self._window.bar.say(words.say("say_no_link"), gravity="staff")
            return
        copy(address)
        self._window.bar.say(words.say("say_copied", url=address))

    def define(self) -> None:
        """Say what the number at hand means."""
        number = self.panel.at_hand()
        if number is None:
            return
        if self._definition is None:
            self._definition = DefinitionSheet(self._window.theme, self._session.words, self._window.centre)
        self._definition.show_definition(number.said, number.means, self.panel.foot.beside)

    @property
    def definition(self) -> DefinitionSheet | None:
        """What a number means, once it was asked for."""
        return self._definition

    # -- files -----------------------------------------------------------------------------------------------------
    def ask_export(self) -> None:
        """Ask what is to be written, and where."""
        parent: QWidget = self._window
        self.dialog = ExportDialog(self._window.theme, self._session.words, self._session.now(), parent)
        part = self.panel.current()
        name = getattr(part, "name", "")
        if name in export.CHARTS:
            self.dialog.chart.setCurrentIndex(export.CHARTS.index(name))
        self.dialog.wanted.connect(self.write)
        self.dialog.open()

    def write(self, wish: Wish) -> None:
        """Write a file; what became of it is said in the bar."""
        shown = self.shown
        if shown is None or shown.seen is None or shown.view is None:
            return
        tasks, say, view = self._session.tasks, self._session.words.say, shown.view
        done = {"then": self._written, "failed": self.failed.emit}
        chart = self.panel.charts[wish.chart]
        if wish.kind is Kind.REPORT:
            titles = {row.name: title(row) for row in shown.communities}
            about = (wish.path, shown.seen, titles, wish.language, shown.choice.working)
            tasks.write(export.write_report, *about, **done)
        elif wish.kind is Kind.FORUMS:
            tasks.write(export.write_forums, wish.path, shown.seen, **done)
        elif wish.kind is Kind.TABLE:
            tasks.write(export.write_text, wish.path, export.marked(as_csv(chart.twin(say, view))), **done)
        elif wish.kind is Kind.SVG:
            drawing = chart.draw(say, view, _PICTURE[wish.chart])
            tasks.write(export.write_text, wish.path, svg(drawing, colours(self._window.theme)), **done)
        else:
            drawing = chart.draw(say, view, _PICTURE[wish.chart])
            tasks.write(export.write_picture, wish.path, picture(drawing, self._window.theme), **done)

    def _written(self, path: str) -> None:
        self._window.bar.say(self._session.words.say("cli_coverage_written", path=path), gravity="customer")
