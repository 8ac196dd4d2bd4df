"""The page that says who the key speaks for, what that account may do, what it lacks, and where the key will be."""

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from resources.messages import known
from views.connect import rights
from views.connect.names import shown
from views.connect.page import Page
from views.connect.parts import Button, Notice, Text, row_of
from views.connect.port import Person
from views.painting import avatar, draw_icon
from views.theme import Theme
from views.words import Words

ASKS_AGAIN = frozenset({"keyring_locked", "keyring_failed"})
_NAMES = {"nodebb": "NodeBB", "discourse": "Discourse"}


class _Disc(QWidget):
    """Initials where a picture would be."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self.name = theme, ""
        self.setFixedSize(44, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self.name:
            avatar(QPainter(self), self._theme, self.rect(), self.name, ink=True)


class _Line(QWidget):
    """One right: had, or missing."""

    def __init__(self, theme: Theme, text: str, *, had: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._had = theme, had
        self.text = Text(theme, text, colour="text" if had else "text2", parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 2, 0, 2)
        row.addWidget(self.text)

    def sizeHint(self) -> QSize:
        return QSize(220, self._theme.line("body") + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        icon, colour = ("check", "confirmed") if self._had else ("x", "staff")
        at = QPoint(0, (self._theme.line("body") + 4 - 16) // 2)
        draw_icon(QPainter(self), self._theme, icon, at, 16, self._theme.status_colour(colour))


class PersonPage(Page):
    """A card. ``does``: ``run`` keep the key for this run only, ``other`` another key, ``check`` ask anew."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self.person: Person | None = None
        self._keyring = ""
        self._disc = _Disc(theme, self)
        self.name = Text(theme, role="screen", parent=self)
        self.where = Text(theme, role="small", colour="text2", parent=self)
        self.lacks = Notice(theme, self)
        self._rights = QWidget(self)
        self.keeping = Text(theme, role="small", colour="text2", parent=self)
        self.run = Button(theme, words.say("connect_run_only"), parent=self)
        self.other = Button(theme, words.say("connect_other_key"), icon="key", parent=self)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._disc)
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(self.name)
        names.addWidget(self.where)
        head.addLayout(names, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addLayout(head)
        for widget in (self.lacks, self._rights, self.keeping):
            self._column.addWidget(widget)
        self._column.addLayout(row_of(self.run, self.other))
        self._column.addStretch(1)
        self.run.clicked.connect(lambda: self.does.emit("run"))
        self.other.clicked.connect(lambda: self.does.emit("other"))

    def show_person(self, person: Person) -> None:
        """Show who it is."""
        self.person, words = person, self.words
        title = shown(person.title)
        self._disc.name = person.name
        self._disc.update()
        self.name.setText(shown(person.name))
        platform = f"{_NAMES.get(person.platform, person.platform)} {person.version}".strip()
        role = words.say("connect_company" if person.official else rights.role(person))
        self.where.setText(words.say("connect_who", role=role, title=title, platform=platform))
        self.lacks.say("" if person.staff else words.say("connect_member_only", name=shown(person.name)), "staff")
        self._show_rights(person)
        self.keeping.setVisible(person.staff)
        self.say_keeping(person.keyring, dict(person.trouble))
        self.other.setVisible(not person.staff)

    def say_keeping(self, code: str, facts: dict[str, object]) -> None:
        """Say where the key will be: in the keyring, or what is in its way."""
        words = self.words
        if not code:
            self.keeping.setText(words.say("connect_keep_keyring"))
        elif code in ASKS_AGAIN:
            self.keeping.setText(words.say(f"connect_{code}", **facts))
        else:
            self.keeping.setText(words.say("connect_keep_run"))
        self._keyring = code
        staff = self.person is not None and self.person.staff
        self.run.setVisible(staff and code in ASKS_AGAIN)
        self.changed.emit()

    def _show_rights(self, person: Person) -> None:
        words, old = self.words, self._rights
        self._rights = fresh = QWidget(self)
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        lines = [(code, True) for code in rights.found(person)] + [(code, False) for code in rights.missing(person)]
        half = (len(lines) + 1) // 2
        for number, (code, had) in enumerate(lines):
            line = _Line(self.theme, words.say(code), had=had, parent=fresh)
            line.setAccessibleName(words.say("connect_has" if had else "connect_has_not", what=words.say(code)))
            grid.addWidget(line, number % half, number // half)
        for said in self._said(person):
            grid.setRowMinimumHeight(grid.rowCount(), 4)
            grid.addWidget(Text(self.theme, said, "small", "text2", fresh), grid.rowCount(), 0, 1, 2)
        self._column.replaceWidget(old, fresh)
        old.deleteLater()

    def _said(self, person: Person) -> list[str]:
        """What limits it, and who could change that."""
        words, said = self.words, []
        if person.forums is not None:
            said.append(words.count("connect_in_forums", person.forums))
        if rights.missing(person) or not person.staff:
            code = f"connect_ask_{person.platform}"
            said.append(words.say(code if known(code) else "connect_ask", name=shown(person.name)))
        return said

    @property
    def next(self) -> str:
        """Keep it, or look again when there is nothing to keep yet."""
        person = self.person
        if person is None or not person.staff:
            return self.words.say("connect_check_again")
        if self._keyring in ASKS_AGAIN:
            return self.words.say("connect_try_keyring")
        kind = "official" if person.official else "again" if person.again else "add"
        return self.words.say(f"connect_finish_run_{kind}" if self._keyring else f"connect_finish_{kind}")

    def begin(self) -> None:
        """Enter keeps it."""
        self.setFocus()
