"""One request as a handler sees it: path, caller, and parameters of query and body together, as Rails gives them."""

from dataclasses import dataclass, field
from typing import Any

from sync.sandbox.community import SampleCommunity
from sync.sandbox.discourse.keys import AdminKey, UserKey
from sync.sandbox.discourse.settings import Settings
from sync.sandbox.discourse.site import Site
from sync.sandbox.discourse.wire import Json, number
from sync.sandbox.state.records import Member
from sync.sandbox.state.store import State


@dataclass(slots=True)
class Call:
    """Method, path, caller and parameters. `uid` is 0 for a guest; `path` has neither subfolder nor `.json`.

    A handler with nothing to tell yet sets `patience`: for so many seconds it is asked again.
    """

    community: SampleCommunity
    method: str
    path: str
    query: Json
    headers: dict[str, str]
    base_url: str
    as_json: bool
    given: Json = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    uid: int = 0
    key: AdminKey | UserKey | None = None
    ip: str = ""
    patience: float = 0.0

    @property
    def state(self) -> State:
        """The community's state."""
        return self.community.state

    @property
    def site(self) -> Site:
        """What this face knows beside it."""
        return self.community.discourse

    @property
    def settings(self) -> Settings:
        """How this face is set."""
        return self.community.discourse.settings

    @property
    def me(self) -> Member:
        """The calling account."""
        return self.state.member(self.uid)

    @property
    def language(self) -> str:
        """The language of texts: that of the acting account."""
        member = self.state.tables.members.get(self.uid)
        return (member.language if member else "") or "en"

    @property
    def by_admin_key(self) -> bool:
        """Whether a key of the site was used."""
        return isinstance(self.key, AdminKey)

    def id_of(self, name: str) -> int:
        """A path parameter as a number; 0 where it is none."""
        return number(self.params.get(name))

    def get(self, name: str, otherwise: Any = None) -> Any:
        """A parameter of body or query; the body wins."""
        return self.given.get(name, self.query.get(name, otherwise))

    def text(self, name: str, otherwise: str = "") -> str:
        """A parameter as text."""
        value = self.get(name)
        return otherwise if value is None or isinstance(value, dict | list) else str(value)

    def whole(self, name: str, otherwise: int = 0) -> int:
        """A parameter as a whole number."""
        return number(self.get(name), otherwise)

    def yes(self, name: str) -> bool:
        """A parameter that is true, in any of the ways to say so."""
        return self.get(name) in (True, "true", "1", 1, "t")

    def several(self, name: str) -> list[Any]:
        """A parameter as a list; comma lists count."""
        value = self.get(name)
        if isinstance(value, list):
            return value
        return [part for part in str(value).split(",") if part] if value not in (None, "") else []

    def inner(self, name: str) -> Json:
        """A parameter that holds parameters."""
        value = self.get(name)
        return value if isinstance(value, dict) else {}
