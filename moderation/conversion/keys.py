"""Which account of this home does a step, and who could where none can."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from moderation.actions import Action
from moderation.content import Forum, Identity
from moderation.conversion.parts import Missing, Step
from moderation.conversion.scene import Scene, administers, moderates
from moderation.intents import Identities
from moderation.plans import Wish

ADMINISTRATORS = "administrators"


@dataclass(slots=True)
class Keys:
    """Hands out accounts, and collects what is missing, once each."""

    scene: Scene
    missing: list[Missing] = field(default_factory=list)

    def moderator(self, what: str, wish: Wish, *forums: Forum | None, count: int = 0) -> Step | None:
        """An account that moderates all of these forums, one's own first."""
        return self._step(
            what, wish, "own", lambda one: all(moderates(one, forum) for forum in forums), "moderator", forums, count
        )

    def administrator(self, what: str, wish: Wish) -> Step | None:
        """An administrator's account."""
        return self._step(what, wish, "administrator", administers, "administrator", (), 0)

    def staff(self, what: str, wish: Wish) -> Step | None:
        """An account that moderates everywhere: single forums do not suffice."""
        return self._step(what, wish, "own", lambda one: moderates(one, None), "moderator", (), 0)

    def speaking(self, what: str, wish: Wish, action: Action, count: int = 0) -> Step | None:
        """The company account where it has the right to ``action``, else the person's own."""
        for kind, identity in reversed(self.scene.identities):
            if identity.may is None or str(action) in identity.may:
                return self._made(what, wish, "own", kind, identity, count)
        return self._step(what, wish, "own", lambda one: False, str(action), (), count)

    def own(self, what: str, wish: Wish, action: Action, count: int = 0) -> Step | None:
        """The person's own account, where it has the right to ``action``."""

        def able(one: Identity) -> bool:
            return one is self.scene.community.identity and (one.may is None or str(action) in one.may)

        return self._step(what, wish, "own", able, str(action), (), count)

    def elsewhere(self, what: str, wish: Wish, key: str, account: str, count: int = 0) -> Step:
        """The person's own, acting with the key of a system beside the community."""
        made = self._made(what, wish, key, Identities.ME, self.scene.community.identity, count)
        return replace(made, account=account)

    def company(self, what: str, wish: Wish) -> Step:
        """The company account, one's own where none is connected."""
        kind, identity = self.scene.identities[-1]
        return self._made(what, wish, "company", kind, identity, 0)

    def _step(
        self,
        what: str,
        wish: Wish,
        key: str,
        able: Callable[[Identity], bool],
        right: str,
        forums: tuple[Forum | None, ...],
        count: int,
    ) -> Step | None:
        for kind, identity in self.scene.identities:
            if able(identity):
                return self._made(what, wish, key, kind, identity, count)
        lack = Missing(right, what, self._holders(right, forums))
        if lack not in self.missing:
            self.missing.append(lack)
        return None

    def _made(self, what: str, wish: Wish, key: str, kind: Identities, identity: Identity, count: int) -> Step:
        payload = {"case": self.scene.key, "what": what, **wish.payload}
        sent = Wish(wish.action, wish.target, None, wish.thread, "", payload, wish.undo_of, self.scene.sender(kind))
        return Step(what, sent, "company" if kind is Identities.OFFICIAL else key, identity.name, kind, count)

    def _holders(self, right: str, forums: tuple[Forum | None, ...]) -> tuple[str, ...]:
        """Names of who moderates all of these forums, as far as they are known; else the role."""
        lists = [set(forum.moderators) for forum in forums if forum is not None and forum.moderators]
        both = set.intersection(*lists) if lists and right == "moderator" else set()
        names = sorted(self.scene.names[one] for one in both if one in self.scene.names)
        return tuple(names) or (ADMINISTRATORS,)
