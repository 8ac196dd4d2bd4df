"""The sign-in process: ``python -m console.sign_in.process HOME``. Reads questions, answers each, ends with its input.

Secrets come in and go out through the pipe alone.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from console import connecting, crash, keyrings, leaving, unfinished
from console.addresses import is_local
from console.connecting import Checked, Place
from console.connectors import connector
from console.credentials import Credentials, ForThisRun
from console.home import Home, find_home
from console.settings import load
from console.sign_in.wire import error_out, line
from moderation.actions import SPECS
from moderation.errors import MarqueeError, NotAllowedError, SignInError, StoreError
from moderation.intents import Identities
from sync.connector import KeySource, KeyWish

KEY_PAGES = {"nodebb": "/admin/manage/api", "discourse": "/admin/api/keys"}
"""Where an administrator makes keys, below a community's address."""


@dataclass
class Desk:
    """Answers of one process. ``secrets`` are the last that the window told: they must not reach a report."""

    home: Home
    place: Place | None = None
    begun: tuple[KeySource, KeyWish] | None = None
    last: tuple[tuple[str, str, bool], Checked] | None = field(default=None, repr=False)
    secrets: list[str] = field(default_factory=list, repr=False)

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Do what a message asks."""
        self.secrets = [str(asked[name]) for name in ("key", "text") if asked.get(name)]
        does: Callable[[dict[str, Any]], dict[str, Any]] = getattr(self, f"do_{asked['do']}")
        return does(asked)

    def do_ready(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Being here is all; what an earlier process left half done is put right."""
        unfinished.tidy(self.home, self._credentials(asked))
        leaving.go_on(self.home, self._credentials(asked))
        return {}

    def do_find(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Look an address up."""
        self.place, self.begun = connecting.find(asked["address"]), None
        return self._told()

    def do_known(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A connected community."""
        found = load(self.home.settings).communities.get(asked["community"])
        if found is None:
            raise NotAllowedError("connect_first", community=asked["community"])
        self.place, self.begun = Place(found.url, connector(found.platform)), None
        return self._told()

    def do_at(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A place that an earlier process found."""
        self.place = Place(asked["url"], connector(asked["platform"]))
        return {}

    def do_begin(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The first half of a sign-in by browser."""
        self.begun = connecting.begin_by_browser(self.home, self._here())
        if self.begun is None:
            return {"wish": None}
        wish = self.begun[1]
        told = {"url": wish.url, "by_code": wish.by_device, "code": wish.code}
        return {"wish": told | {"interval": wish.interval, "expires_in": wish.expires_in}}

    def do_poll(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The key, once there is one."""
        source, wish = self._begun()
        return {"key": source.poll(wish)}

    def do_paste(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The key in a pasted text."""
        source, wish = self._begun()
        return {"key": source.opened(wish, asked["text"])}

    def do_check(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Who a key speaks for."""
        checked, problem = self._checked(asked), self._keyring(asked)
        self.last = (_of(asked), checked)
        known = load(self.home.settings).communities.get(checked.place.name)
        identity, info = checked.identity, checked.info
        again = known is not None and (bool(known.official_user) or checked.kind is Identities.ME)
        return {
            "name": identity.name,
            "title": info.title,
            "platform": info.platform,
            "version": info.version,
            "roles": sorted(identity.roles),
            "may": sorted(identity.may or ()),
            "able": sorted(a.value for a, spec in SPECS.items() if spec.capability in checked.place.spec.capabilities),
            "forums": None if identity.forums is None else len(identity.forums),
            "staff": checked.may_look_after,
            "official": checked.kind is not Identities.ME,
            "again": again,
            "keyring": "" if problem is None else problem.code,
            "trouble": {} if problem is None else problem.facts,
        }

    def do_keep(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Remember community and key, both or neither."""
        shown, credentials = self.last, self._credentials(asked)
        checked = shown[1] if shown is not None and shown[0] == _of(asked) else self._checked(asked)
        if not checked.may_look_after:
            raise NotAllowedError("not_staff", name=checked.identity.name)
        stored = connecting.remember(self.home, credentials, checked, asked["key"], in_keyring=asked["in_keyring"])
        return {"stored": stored, "community": checked.place.name}

    def do_revoke(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Give up a key that was asked for and is not wanted."""
        keys = connector(asked["platform"]).keys
        return {"told": keys is not None and keys().revoke(asked["url"], asked["key"])}

    def do_sign_out(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Give up the keys of a community."""
        return {"told": leaving.sign_out(self.home, self._credentials(asked), asked["community"])}

    def do_disconnect(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Let go of a community."""
        return {"told": leaving.disconnect(self.home, self._credentials(asked), asked["community"])}

    # -- inside

    def _told(self) -> dict[str, Any]:
        place = self._here()
        known = load(self.home.settings).communities.get(place.name)
        page = KEY_PAGES.get(place.spec.platform, "")
        return {
            "url": place.url,
            "name": place.name,
            "platform": place.spec.platform,
            "known": known.user if known is not None else "",
            "official": known.official_user if known is not None else "",
            "by_browser": place.spec.keys is not None,
            "names_member": place.spec.keys_of_site,
            "key_page": f"{place.url}{page}" if page else "",
            "plain": place.url.startswith("http:") and not is_local(place.url),
        }

    def _checked(self, asked: dict[str, Any]) -> Checked:
        kind = Identities.OFFICIAL if asked["official"] else Identities.ME
        name = asked["name"].strip()
        checked = connecting.who(self._here(), asked["key"], kind, name)
        if name and checked.identity.name.casefold() != name.casefold():
            raise SignInError("wrong_person", name=checked.identity.name, wanted=name)
        connecting.fits(self.home, checked)
        return checked

    def _here(self) -> Place:
        if self.place is None:
            raise SignInError("sign_in_anew")
        return self.place

    def _begun(self) -> tuple[KeySource, KeyWish]:
        if self.begun is None:
            raise SignInError("sign_in_anew")
        return self.begun

    def _credentials(self, asked: dict[str, Any]) -> Credentials:
        trusted = load(self.home.settings).trusted_keyring
        given = ForThisRun.parse(asked["secrets"])
        return Credentials(self.home, given, lambda: keyrings.find_backend(trusted))

    def _keyring(self, asked: dict[str, Any]) -> StoreError | None:
        """What would keep a key from being kept for good."""
        try:
            with keyrings.errors():
                self._credentials(asked).backend.get_password(self.home.keyring_service, "token")
        except StoreError as error:
            return error
        return None


def _of(asked: dict[str, Any]) -> tuple[str, str, bool]:
    return asked["key"], asked["name"], asked["official"]


def serve(desk: Desk, questions: BinaryIO, answers: BinaryIO) -> None:
    """Until the questions end."""
    for question in questions:
        try:
            told = desk.answer(json.loads(question))
        except MarqueeError as error:
            told = error_out(error)
        except Exception as error:  # noqa: BLE001 - our bug: the window says so, the report is kept
            crash.keep(crash.report(error, desk.secrets), desk.home.logs)
            told = {"error": "OurBugError", "code": "our_bug", "facts": {"kind": type(error).__name__}}
        answers.write(line(told))
        answers.flush()


def main(arguments: list[str]) -> int:
    """Entry."""
    home = find_home(arguments[0], os.environ)
    serve(Desk(home), sys.stdin.buffer, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
