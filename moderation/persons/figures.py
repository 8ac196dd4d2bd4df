"""Figures by person and by team, from the facts of threads. The one place where anything is counted by person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from moderation.coverage.facts import PostBit, PostFact, ThreadFacts
from moderation.coverage.staff import Crew
from moderation.coverage.statistics import median
from moderation.errors import NotAllowedError
from moderation.persons.permit import Permit

_NO_ANSWER = PostBit.AWAY | PostBit.NOTE | PostBit.POINTER | PostBit.AUTOMATIC


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """``who`` is a member (native id), a team, or empty for several small teams together. ``answers`` are public
    answers, ``first_answers`` the threads in which the staff's first one was theirs, ``first_response_median_s`` the
    median of the seconds to those. ``people`` is how many persons are in it.
    """

    who: str
    answers: int
    first_answers: int
    first_response_median_s: float | None
    people: int = 1


@dataclass(frozen=True, slots=True)
class _Answer:
    member: str
    first_s: float | None


def by_person(
    permit: Permit, threads: Iterable[ThreadFacts], crew: Crew, pointers: Collection[str] = ()
) -> list[PersonFigures]:
    """By member, in the order of ids: never by merit. Who wrote no answer has no line. ``pointers`` are posts (native
    ids) that answer nothing.

    Raises ``NotAllowedError`` ``persons_group_small`` where fewer persons answered than a group needs.
    """
    answers = _by_member(_answers(threads, crew, pointers))
    if permit.only is not None:
        return [_figures(permit.only.native, answers.get(permit.only.native, []), 1)]
    if len(answers) < permit.least_group:
        raise NotAllowedError("persons_group_small", count=len(answers), least=permit.least_group)
    return [_figures(member, answers[member], 1) for member in sorted(answers)]


def by_team(
    threads: Iterable[ThreadFacts],
    crew: Crew,
    teams: Mapping[str, str],
    least_group: int,
    pointers: Collection[str] = (),
) -> list[PersonFigures]:
    """By team (member to team), by name; teams of which fewer members answered are told together, with so many others
    that they are enough. Nothing where all together are too few.
    """
    answers = _by_member(_answers(threads, crew, pointers))
    members: dict[str, list[str]] = {}
    for member in answers:
        members.setdefault(teams.get(member, ""), []).append(member)
    together = members.pop("", [])
    for team in sorted(members, key=lambda name: (len(members[name]), name)):
        if len(members[team]) < least_group or 0 < len(together) < least_group:
            together += members.pop(team)
    found = [_team(team, members[team], answers) for team in sorted(members)]
    return [*found, _team("", together, answers)] if len(together) >= least_group else found


def _team(name: str, members: Sequence[str], answers: Mapping[str, list[_Answer]]) -> PersonFigures:
    return _figures(name, [answer for member in members for answer in answers[member]], len(members))


def _answers(threads: Iterable[ThreadFacts], crew: Crew, pointers: Collection[str]) -> Iterable[_Answer]:
    for thread in threads:
        answers = (post for post in thread.posts if post.id not in pointers and _is_answer(thread, post, crew))
        posts = sorted(answers, key=lambda post: post.at_ms)
        for place, post in enumerate(posts):
            first = (max(post.at_ms, thread.submitted_ms) - thread.submitted_ms) / 1000 if place == 0 else None
            yield _Answer(str(post.author), first)


def _is_answer(thread: ThreadFacts, post: PostFact, crew: Crew) -> bool:
    if post.id == thread.opening or post.author is None or post.author == thread.opener or post.bits & _NO_ANSWER:
        return False
    private = thread.left_ms is not None and post.at_ms >= thread.left_ms
    return not private and post.author not in crew.bots and crew.was(post.author, post.at_ms)


def _by_member(answers: Iterable[_Answer]) -> dict[str, list[_Answer]]:
    found: dict[str, list[_Answer]] = {}
    for answer in answers:
        found.setdefault(answer.member, []).append(answer)
    return found


def _figures(who: str, answers: Sequence[_Answer], people: int) -> PersonFigures:
    firsts = [answer.first_s for answer in answers if answer.first_s is not None]
    return PersonFigures(who, len(answers), len(firsts), median(firsts), people)
