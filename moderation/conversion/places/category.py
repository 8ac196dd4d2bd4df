"""The customer's private category: made once below the team's, reused for later cases."""

from moderation.actions import Action
from moderation.cases import WAS_PUBLIC, Case, CaseState
from moderation.conversion.draft import Back, Draft, cut
from moderation.conversion.parts import Place, Remark, Shape, Steps
from moderation.conversion.scene import Scene, administers
from moderation.ids import Kind, Ref
from moderation.plans import Wish

_NEEDING = frozenset({CaseState.OPEN, CaseState.CLOSED})


class InCategory:
    """A copy as a thread of that category with the case's tag, or the thread itself moved there."""

    code = Place.CATEGORY

    def serves(self, platform: str, shape: Shape) -> bool:
        """NodeBB, in both shapes."""
        return platform == "nodebb"

    def obstacles(self, draft: Draft) -> dict[str, bool]:
        """The team's forum has to be known and surely private."""
        under = draft.scene.under
        return {
            "team_forum_unknown": under is None,
            "team_forum_open": under is not None and under.private is not True,
        }

    def opened(self, draft: Draft) -> Steps:
        """The category, made or found, and the customer in it; nothing where both are known to stand."""
        if _stands(draft):
            return []
        scene, customer = draft.scene, draft.customer
        title = draft.wording.place_title.format(customer=draft.name)
        known = {"known": str(scene.known_place)} if scene.known_place else {}
        place = {"place": "category", "under": str(scene.under and scene.under.id), "title": title, **known}
        forum = str(draft.stands_for(Kind.FORUM))
        return [
            draft.keys.administrator("place", draft.wish(Action.PLACE, customer, {**place, "made": "forum"})),
            draft.keys.administrator("people", draft.wish(Action.ADMIT, customer, {"place": forum, "ensure": True})),
        ]

    def copied(self, draft: Draft) -> tuple[Steps, list[Remark]]:
        """The quoted copy as a thread with the case's tag; what does not fit follows as replies."""
        scene, info = draft.scene, draft.scene.community.info
        parts, thread = draft.parts(info.max_post_length), draft.stands_for(Kind.THREAD)
        title = cut(draft.wording.copy_title.format(title=scene.thread.title), info.title_max_length)
        opening = {"title": title, "text": parts[0], "tags": [scene.key], "private": True, "made": "thread"}
        first = draft.wish(Action.OPEN, _forum(draft), {**opening, "customer": str(draft.customer)})
        rest = [draft.wish(Action.REPLY, thread, {"text": part}) for part in parts[1:]]
        return [
            draft.keys.moderator("copy", first, scene.under, count=len(draft.copied())),
            *(draft.keys.moderator("copy_more", wish, scene.under) for wish in rest),
        ], []

    def taken(self, draft: Draft) -> Steps:
        """The thread moves and is tagged."""
        scene = draft.scene
        forum, origin = str(draft.stands_for(Kind.FORUM)), str(scene.thread.forum or "")
        moved = {"forum": forum, "from_forum": origin, WAS_PUBLIC: draft.was_public(), "private": True, "ensure": True}
        tagged = draft.wish(Action.TAG, scene.thread.id, {"tags": [scene.key], "ensure": True})
        return [
            draft.keys.moderator("move", draft.wish(Action.MOVE, scene.thread.id, moved), scene.forum, scene.under),
            draft.keys.moderator("link", tagged, scene.under),
        ]

    def remarks(self, draft: Draft) -> list[Remark]:
        """Where an earlier case let the customer in, nobody here looks again."""
        return [Remark("access_not_read_back")] if _stands(draft) else []

    def team(self, scene: Scene) -> str:
        """The team's forum above."""
        return scene.under.name if scene.under is not None else ""

    def moderators(self) -> str:
        """They look after this category too."""
        return "all"

    def closed(self, back: Back) -> Steps:
        """The copy hidden, and the customer out unless another case needs the category."""
        steps, case = Steps(), back.case
        thread, place = case.made("thread"), case.forum()
        if thread is not None:
            wish = Wish(Action.HIDE, thread, None, thread, "", {"ensure": True})
            steps.append(back.keys.moderator("hide_copy", wish, back.scene.under))
        if place is not None and _let_in(back, place) and not _needed_elsewhere(back.others, place):
            payload = {"place": str(place), "ensure": True}
            wish = Wish(Action.EXPEL, Ref.parse(case.customer), None, None, "", payload)
            steps.append(back.keys.administrator("people_out", wish))
        return steps


def _stands(draft: Draft) -> bool:
    """An earlier case has let the customer into a category, and nobody here could do it again."""
    able = any(administers(identity) for _, identity in draft.scene.identities)
    return draft.scene.admitted and draft.wanted.shape is Shape.CONTINUE and not able


def _forum(draft: Draft) -> Ref:
    """The customer's category, or what stands for it until it is made."""
    known = draft.scene.known_place
    return known if _stands(draft) and known is not None else draft.stands_for(Kind.FORUM)


def _let_in(back: Back, place: Ref) -> bool:
    """True when a case has let the customer in: this one, or an earlier one in the same place."""
    here = [back.case, *(other for other in back.others if other.forum() == place)]
    return any(step.acted and step.action == Action.ADMIT for case in here for step in case.steps)


def _needed_elsewhere(others: tuple[Case, ...], place: Ref) -> bool:
    return any(other.forum() == place and other.state in _NEEDING for other in others)
