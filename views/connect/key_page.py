"""The page for a key that somebody made: where it is made, a field for it, and whose it is where that must be said."""

from PySide6.QtWidgets import QWidget

from resources.messages import known
from views.connect.page import Page
from views.connect.parts import Address, Button, Field, SecretField, Text, column_of, row_of
from views.connect.port import Place
from views.outside import copy
from views.theme import Theme
from views.words import Words


class KeyPage(Page):
    """A token of one's own, or the key with which the company answers."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self._place: Place | None = None
        self._official = False
        self.lead = Text(theme, colour="text2", parent=self)
        self.address = Address(theme, words, self)
        self.request = Button(theme, words.say("connect_copy_request"), icon="message", parent=self)
        self.name_label = Text(theme, words.say("connect_member"), "strong", parent=self)
        self.name = Field(theme, words.say("connect_member"), "", self)
        self.key_label = Text(theme, words.say("connect_token"), "strong", parent=self)
        self.key = SecretField(theme, words, words.say("connect_token"), self)
        parts = (self.lead, self.address, row_of(self.request), self.name_label, self.name, self.key_label, self.key)
        column_of(self, *parts)
        self.request.clicked.connect(self._copy_request)
        self.key.changed.connect(self.changed)
        self.name.textChanged.connect(lambda _: self.changed.emit())

    def show_place(self, place: Place, *, official: bool) -> None:
        """Explain where the key for this place is made."""
        if self._place is None or (place.url, official) != (self._place.url, self._official):
            self.name.setText(place.official if official else "")
        self._place, self._official = place, official
        words, kind = self.words, "official" if official else "own"
        code = f"connect_key_{kind}_{place.platform}"
        self.lead.setText(words.say(code if known(code) else f"connect_key_{kind}"))
        self.address.setVisible(bool(place.key_page))
        self.address.show_address(place.key_page)
        self.request.setVisible(known(self._request) and not official)
        asks = official or place.names_member
        self.name_label.setVisible(asks)
        self.name.setVisible(asks)
        self.name.setPlaceholderText(
            words.say("connect_member_hint_key" if place.names_member else "connect_member_hint")
        )

    @property
    def _request(self) -> str:
        return f"connect_request_{self._place.platform}" if self._place is not None else ""

    def _copy_request(self) -> None:
        if self._place is not None:
            copy(self.words.say(self._request, url=self._place.key_page))
            self.does.emit("copied")

    @property
    def ready(self) -> bool:
        """Once a key is there."""
        return bool(self.key.secret)

    def begin(self) -> None:
        """Typing goes to the key, unless it must be said first for whom."""
        if self._official and not self.name.text().strip():
            self.name.again()
        else:
            self.key.line.again()

    def leave(self) -> None:
        """The key goes."""
        self.key.forget()
