"""The sheet: an address, a key, a person; each step is taken off the window's thread and has a way back."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from moderation.errors import MarqueeError, TryLaterError
from resources.messages import known
from views.connect.address_page import AddressPage
from views.connect.aims import Aim, Done, Start
from views.connect.asking import Asking
from views.connect.browser_pages import CodePage, PastePage
from views.connect.key_page import KeyPage
from views.connect.page import Page, Pages
from views.connect.parts import Busy, Button, Notice, Text, grow, row_of
from views.connect.person_page import ASKS_AGAIN, PersonPage
from views.connect.port import Connecting, Person, Place, Wish
from views.theme import Theme
from views.words import Words

T = TypeVar("T")
_WIDTH, _BODY = 600, 340
_NEW_KEY = frozenset({"sign_in_expired", "sign_in_denied", "sign_in_anew", "sign_in_stopped"})


class ConnectDialog(QDialog):
    """``came_of_it`` tells a :class:`Done`. Opened with ``open()``; Escape stops what is under way, then closes."""

    came_of_it = Signal(object)

    def __init__(
        self,
        connecting: Connecting,
        theme: Theme,
        words: Words,
        start: Start | None = None,
        *,
        still: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._start = start or Start()
        self._aim = self._start.aim
        self._sign_in, self._words, self.theme = connecting.sign_in, words, theme
        self.asking = Asking(connecting)
        self._place: Place | None = None
        self.setWindowTitle(words.say(f"connect_window_{self._aim}"))
        self.heading = Text(theme, role="screen", parent=self)
        self.under = Text(theme, role="small", colour="text2", parent=self)
        self.address_page = AddressPage(theme, words, self)
        self.key_page = KeyPage(theme, words, self)
        self.code_page = CodePage(theme, words, self)
        self.paste_page = PastePage(theme, words, self)
        self.person_page = PersonPage(theme, words, self)
        self.pages = Pages(self._all, self)
        for page in self._all:
            page.changed.connect(self._follow)
            page.does.connect(self._does)
        self.notice, self.busy = Notice(theme, self), Busy(theme, still=still, parent=self)
        self.back = Button(theme, words.say("connect_back"), parent=self)
        self.cancel = Button(theme, words.say("connect_cancel"), parent=self)
        self.on = Button(theme, words.say("connect_continue"), primary=True, parent=self)
        self._build()
        theme.changed.connect(self._retheme)

    @property
    def _all(self) -> tuple[Page, ...]:
        return self.address_page, self.key_page, self.code_page, self.paste_page, self.person_page

    def _build(self) -> None:
        scale = max(100, self.theme.scale)
        self.setFixedWidth(min(960, _WIDTH * (100 + scale) // 200))
        self.pages.setMinimumHeight(_BODY * (100 + scale) // 200)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        buttons = row_of(self.back)
        buttons.addLayout(row_of(self.cancel, self.on, right=True))
        for part in (self.heading, self.under, self.notice, self.pages, self.busy):
            column.addWidget(part)
        column.addLayout(buttons)
        self.back.clicked.connect(self._back)
        self.cancel.clicked.connect(self._cancel)
        self.on.clicked.connect(self._go_on)
        self.code_page.poll_due.connect(self._poll)

    def open(self) -> None:
        """Show it, and begin."""
        super().open()
        self.begin()

    def begin(self) -> None:
        """The first step: an address, or what is known of a connected community."""
        start = self._start
        if self._aim is not Aim.ADD:
            self._show(self.key_page)
            self._ask(self._sign_in.known, start.community, doing="connect_busy_known", then=self._found)
            return
        self._show(self.address_page)
        self.address_page.field.setText(start.address)
        if start.address:
            self._find()
        else:
            self.asking.ask(self._sign_in.ready, then=lambda _: None, failed=lambda _: None)

    # -- showing ---------------------------------------------------------------------------------------------------
    @property
    def page(self) -> Page:
        """The step that is shown."""
        return self.pages.current

    def _show(self, page: Page) -> None:
        if self.page is not page:
            self.page.leave()
        self.pages.show_page(page)
        self.notice.say("")
        self._name()
        self._follow()
        page.begin()

    def _name(self) -> None:
        words, place = self._words, self._place
        title = self._start.title or (place.url if place is not None else "")
        self.heading.setText(words.say(f"connect_title_{self._aim}", title=title))
        shown = place is not None and self.page is not self.address_page
        who = place.known if place is not None and self._aim is Aim.AGAIN else ""
        self.under.setText(" · ".join(filter(None, (place.url, who))) if place is not None and shown else "")
        self.under.setVisible(bool(self.under.text()))

    def _follow(self) -> None:
        """Buttons as they can be pressed now."""
        page, working = self.page, self._working
        self.on.setText(page.next)
        self.on.updateGeometry()
        self.on.setVisible(bool(page.next))
        self.on.setEnabled(page.ready and not working)
        self.on.setDefault(bool(page.next))
        page.setEnabled(not working)
        self.back.setVisible(self._aim is Aim.ADD and page is not self.address_page)
        self.back.setEnabled(not working)
        self.cancel.setText(self._words.say("connect_stop" if working else "connect_cancel"))
        self.cancel.updateGeometry()
        grow(self)

    def _tell(self, text: str, gravity: str = "danger") -> None:
        self.notice.say(text, gravity)
        grow(self)

    @property
    def _working(self) -> bool:
        """True while the person waits for an answer; being asked whether they agreed is no such thing."""
        return not self.busy.isHidden()

    def _retheme(self) -> None:
        for text in self.findChildren(Text):
            text.follow()

    # -- asking ----------------------------------------------------------------------------------------------------
    def _ask(self, fn: Callable[..., T], *args: Any, doing: str, then: Callable[[T], None], **named: Any) -> None:
        self.notice.say("")
        self.busy.say(self._words.say(doing, address=self.address_page.address))
        self._follow()
        self.cancel.setFocus()
        self.asking.ask(fn, *args, then=partial(self._answered, then), failed=self._failed, **named)

    def _answered(self, then: Callable[[T], None], answer: T) -> None:
        self._rest()
        then(answer)

    def _rest(self) -> None:
        self.busy.say("")
        self._follow()

    def _failed(self, error: Exception) -> None:
        self._rest()
        if not isinstance(error, MarqueeError):
            raise error
        if error.code in ASKS_AGAIN and self.page is self.person_page:
            self.person_page.say_keeping(error.code, dict(error.facts))
        self._tell(self.said(error))
        self.page.again()

    def said(self, error: MarqueeError) -> str:
        """An error in the words of the window: what the command line would advise is done here."""
        code = f"connect_error_{error.code}"
        return self._words.trouble(code if known(code) else error.code, error.facts)

    # -- steps -----------------------------------------------------------------------------------------------------
    def _go_on(self) -> None:
        page = self.page
        if self._working or not page.ready:
            return
        if page is self.address_page:
            self._find()
        elif page is self.key_page:
            self._check(self.key_page.key.secret, self.key_page.name.text())
        elif page is self.paste_page:
            pasted = self.paste_page.pasted
            self._ask(self._sign_in.paste, pasted, doing="connect_busy_check", then=lambda _: self._check("", ""))
        elif page is self.person_page:
            self._keep_or_check()

    def _find(self) -> None:
        self._ask(self._sign_in.find, self.address_page.address, doing="connect_busy_find", then=self._found)

    def _found(self, place: Place) -> None:
        self._place = place
        if place.by_browser and self._aim is not Aim.OFFICIAL:
            self._begin()
        else:
            self._by_key()

    def _by_key(self) -> None:
        if self._place is not None:
            self.key_page.show_place(self._place, official=self._aim is Aim.OFFICIAL)
            self._show(self.key_page)
            if self._place.plain:
                self._tell(self._words.say("connect_plain", url=self._place.url), "staff")

    def _begin(self) -> None:
        self._ask(self._sign_in.begin, doing="connect_busy_begin", then=self._begun)

    def _begun(self, wish: Wish | None) -> None:
        if wish is None:
            self._by_key()
            return
        if wish.by_code:
            self.code_page.show_wish(wish)
            self._show(self.code_page)
        else:
            self.paste_page.show_wish(wish)
            self._show(self.paste_page)

    def _poll(self) -> None:
        if self.asking.busy:
            return
        self.asking.ask(self._sign_in.poll, then=self._polled, failed=self._poll_failed)

    def _polled(self, agreed: bool) -> None:
        if self.page is not self.code_page:
            return
        self.notice.say("")
        if agreed:
            self.code_page.leave()
            self._check("", "")

    def _poll_failed(self, error: Exception) -> None:
        """A server that does not answer now may answer the next time; anything else ends this code."""
        if not isinstance(error, MarqueeError):
            raise error
        if self.page is not self.code_page:
            return  # the person has gone another way meanwhile
        again = isinstance(error, TryLaterError) and error.code not in _NEW_KEY
        self._tell(self.said(error), "staff" if again else "danger")
        if not again:
            self.code_page.expire()
            self.code_page.begin()

    def _check(self, key: str, name: str) -> None:
        official = self._aim is Aim.OFFICIAL
        self._ask(
            self._sign_in.check, key, name=name, official=official, doing="connect_busy_check", then=self._checked
        )

    def _checked(self, person: Person) -> None:
        self.person_page.show_person(person)
        self._show(self.person_page)
        self.on.setFocus()

    def _keep_or_check(self) -> None:
        person = self.person_page.person
        if person is None or not person.staff:
            self._ask(self._sign_in.check_again, doing="connect_busy_check", then=self._checked)
        else:
            self._keep(in_keyring=True)

    def _keep(self, *, in_keyring: bool) -> None:
        self._ask(self._sign_in.keep, in_keyring=in_keyring, doing="connect_busy_keep", then=self._kept)

    def _kept(self, stored: bool) -> None:
        place, person = self._place, self.person_page.person
        self.accept()
        if place is not None and person is not None:
            self.came_of_it.emit(Done(self._aim, place.name, person, stored))

    def _does(self, what: str) -> None:
        if what == "anew":
            self._begin()
        elif what == "key":
            self._by_key()
        elif what == "run":
            self._keep(in_keyring=False)
        elif what == "other":
            self._other_key()
        elif what == "copied":
            self._tell(self._words.say("connect_copied"), "customer")

    def _other_key(self) -> None:
        if self._place is not None:
            self._found(self._place)

    # -- back and out ----------------------------------------------------------------------------------------------
    def _back(self) -> None:
        if self.page is self.person_page and self._place is not None:
            self._found(self._place)
        else:
            self._show(self.address_page)

    def _cancel(self) -> None:
        if not self._working:
            self.reject()
            return
        self.asking.drop()
        self._rest()
        self._tell(self._words.say("connect_stopped"), "staff")
        self.page.again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stops what is under way; with nothing under way it closes."""
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close: no secret stays, and nothing goes on."""
        for page in self._all:
            page.leave()
        self.asking.end()
        super().done(result)
