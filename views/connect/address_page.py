"""The first page: where is the community?"""

from PySide6.QtWidgets import QWidget

from views.connect.page import Page
from views.connect.parts import Field, Text, column_of
from views.theme import Theme
from views.words import Words


class AddressPage(Page):
    """One field; what was typed stays there until the sheet closes."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        lead = Text(theme, words.say("connect_address_lead"), colour="text2", parent=self)
        label = Text(theme, words.say("connect_address"), "strong", parent=self)
        self.field = Field(theme, words.say("connect_address"), words.say("connect_address_hint"), self)
        label.setBuddy(self.field)
        column_of(self, lead, label, self.field)
        self.field.textChanged.connect(lambda _: self.changed.emit())

    @property
    def address(self) -> str:
        """What was typed."""
        return self.field.text().strip()

    @property
    def ready(self) -> bool:
        """Once something was typed."""
        return bool(self.address)

    def begin(self) -> None:
        """Typing goes to the field."""
        self.field.again()
