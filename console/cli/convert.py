"""``marquee convert``: a public thread goes on in private; the plan first, and back again from its case."""

import argparse
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from console import settings as kept
from console.cli import conversion_documents as shown
from console.cli import documents
from console.cli.context import Context
from console.cli.convert_words import say_back, say_plan, wording
from console.cli.decide import add_waiting
from console.cli.exits import Exit
from console.cli.queue import forum
from console.cli.settling import finish, noticing_interrupts, settle
from console.cli.words import Words
from console.conversions import support_groups
from moderation.conversion import Conversion, Place, Shape, Wanted
from moderation.conversion.plan import places_for
from moderation.desk.privately import Around
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.intents import IntentState, Plan
from moderation.proof import Proof

if TYPE_CHECKING:
    from console.wiring import Workplace

TEXTS_WITHIN = 8.0
PROOF_WITHIN = 20.0
_PROVEN = frozenset({"hide", "redact", "move"})
_LOOK_EVERY = 0.25


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``convert``."""
    parser.add_argument("thread", metavar="THREAD", help=words("cli_help_thread"))
    places = [str(place) for place in Place]
    parser.add_argument("--place", choices=places, help=words("cli_help_place"))
    parser.add_argument("--take", action="store_true", help=words("cli_help_take"))
    parser.add_argument("--pointer", metavar="TEXT", default="", help=words("cli_help_pointer"))
    parser.add_argument("--hide", metavar="POST", action="append", default=[], help=words("cli_help_hide"))
    parser.add_argument("--hide-nothing", action="store_true", help=words("cli_help_hide_nothing"))
    parser.add_argument("--customer", metavar="MEMBER", help=words("cli_help_customer"))
    parser.add_argument("--under", metavar="FORUM", help=words("cli_help_under"))
    parser.add_argument("--with", dest="colleagues", metavar="WHO", action="append", default=[],
                        help=words("cli_help_colleagues"))  # fmt: skip
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--resume", action="store_true", help=words("cli_help_resume"))
    what.add_argument("--undo", action="store_true", help=words("cli_help_undo"))
    parser.add_argument("--dry-run", action="store_true", help=words("cli_help_dry_run"))
    add_waiting(parser, words)


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Show the plan, and run it unless ``--dry-run``; exit 6 where it cannot run."""
    ref = context.reference(parsed.thread)
    if ref.kind is not Kind.THREAD:
        raise UnknownIdError("not_a_thread", id=str(ref))
    with noticing_interrupts() as interrupted, context.desk() as workplace:
        if parsed.undo:
            return _undo(context, workplace, ref, parsed, interrupted)
        if parsed.resume:
            return _follow(context, workplace, workplace.desk.privately.resume(ref), {}, parsed, interrupted)
        return _convert(context, workplace, ref, parsed, interrupted)


def _convert(
    context: Context, workplace: "Workplace", ref: Ref, parsed: argparse.Namespace, interrupted: threading.Event
) -> int:
    around = _around(context, ref, parsed)
    read_texts(workplace, ref)
    wanted = _wanted(context, workplace, ref, parsed)
    texts = wording(context)
    privately = workplace.desk.privately
    conversion = privately.plan(ref, wanted, texts, around)
    if parsed.dry_run or not conversion.possible:
        return _only_shown(context, conversion)
    if not context.json:
        say_plan(context, conversion)
    if not _agreed(context):
        raise NotAllowedError("not_agreed")
    plan, conversion = privately.convert(ref, wanted, texts, around, hold_seconds=0.0 if parsed.now else None)
    if plan is None:
        return _only_shown(context, conversion)
    _remember(context, ref.community, around)
    return _follow(context, workplace, plan, shown.conversion(conversion), parsed, interrupted)


def _undo(
    context: Context, workplace: "Workplace", ref: Ref, parsed: argparse.Namespace, interrupted: threading.Event
) -> int:
    back = workplace.desk.privately.plan_back(ref)
    if not context.json:
        say_back(context, back)
    if parsed.dry_run or back.missing:
        if context.json:
            context.answer({"plan": shown.undo(back), "steps": [], "proof": None})
        return Exit.REFUSED if back.missing else Exit.DONE
    if not _agreed(context):
        raise NotAllowedError("not_agreed")
    plan, back = workplace.desk.privately.undo(ref, hold_seconds=0.0 if parsed.now else None)
    if plan is None:
        if context.json:
            context.answer({"plan": shown.undo(back), "steps": [], "proof": None})
        return Exit.REFUSED if back.missing else Exit.DONE
    return _follow(context, workplace, plan, shown.undo(back), parsed, interrupted)


def _only_shown(context: Context, conversion: Conversion) -> int:
    if context.json:
        context.answer({"plan": shown.conversion(conversion), "steps": [], "proof": None})
    else:
        say_plan(context, conversion)
    return Exit.DONE if conversion.possible else Exit.REFUSED


def _follow(
    context: Context,
    workplace: "Workplace",
    plan: Plan,
    said: documents.Json,
    parsed: argparse.Namespace,
    interrupted: threading.Event,
) -> int:
    """Wait for the plan, and for the first look of an outsider; its id stands beside what it said."""
    settled = settle(context, workplace, plan, parsed.wait, interrupted)
    proof = None if parsed.undo else _proof(workplace, settled, min(parsed.wait, PROOF_WITHIN))
    if proof is not None:
        context.say("cli_proof_visible" if proof.verdict.visible else f"cli_proof_{proof.standing}")
    told = shown.proof(proof) if proof is not None else None
    return finish(context, workplace, settled, {"plan": {"id": plan.id, **said}, "proof": told})


def _proof(workplace: "Workplace", plan: Plan, patience: float) -> Proof | None:
    """What an outsider found once posts were hidden, of several proofs one that did not pass; ``None`` where none was
    hidden, or the engine has not looked yet.
    """
    key = str(plan.intents[0].payload.get("case"))
    hidden = any(intent.payload.get("what") in _PROVEN for intent in plan.intents)
    if plan.state is not IntentState.CONFIRMED or not hidden:
        return None
    heard, left = threading.Event(), patience
    deaf = workplace.desk.engine.listen(lambda records: heard.set())
    try:
        while True:
            proofs = workplace.desk.proving.proofs(case=key)
            mine = [one for one in proofs if one.subject.community == plan.intents[0].community]
            looked = [one for one in mine if one.checks]
            if left <= 0 or (looked and len(looked) == len(mine)):
                return min(looked, key=lambda one: one.verdict.passed, default=None)
            heard.wait(_LOOK_EVERY)
            heard.clear()
            left -= _LOOK_EVERY
    finally:
        deaf()


def read_texts(workplace: "Workplace", thread: Ref) -> None:
    """Ask for the posts as typed, and wait a little: a copy made of a rendered post loses its markup."""
    mirror, engine = workplace.desk.mirror, workplace.desk.engine
    heard, patience = threading.Event(), TEXTS_WITHIN
    deaf = engine.listen(lambda records: heard.set())
    try:
        asked = [post.id for post in mirror.posts(thread, limit=500) if post.body is None]
        for start in range(0, len(asked), 30):
            engine.want(asked[start : start + 30])
            while patience > 0 and any((p := mirror.post(one)) and p.body is None for one in asked[start : start + 30]):
                heard.wait(_LOOK_EVERY)
                heard.clear()
                patience -= _LOOK_EVERY
    finally:
        deaf()


def _wanted(context: Context, workplace: "Workplace", ref: Ref, parsed: argparse.Namespace) -> Wanted:
    """What was chosen; without ``--hide`` what shows something private is hidden."""
    shape = Shape.TAKE if parsed.take else Shape.CONTINUE
    hide = tuple(_of_kind(context, text, Kind.POST, "not_a_post") for text in parsed.hide)
    if not hide and not parsed.hide_nothing:
        hide = tuple(post.id for post in workplace.desk.privately.exposed(ref))
    bench = workplace.desk.bench
    platform, office = bench.community(ref.community).info.platform, bench.office(ref.community)
    usual = next(iter(places_for(platform, shape, ticket=office is not None)), Place.CATEGORY)
    place = Place(parsed.place) if parsed.place else usual
    return Wanted(shape, place, hide, parsed.pointer)


def _around(context: Context, ref: Ref, parsed: argparse.Namespace) -> Around:
    known = context.settings.communities.get(ref.community)
    under = forum(context, parsed.under, [ref.community]) if parsed.under else known.private_forum if known else ""
    people, groups = _with(context, parsed.colleagues)
    return Around(
        customer=_of_kind(context, parsed.customer, Kind.MEMBER, "not_a_member") if parsed.customer else None,
        under=Ref.parse(under) if under else None,
        colleagues=people,
        groups=groups or support_groups(context.settings, ref.community),
    )


def _with(context: Context, given: list[str]) -> tuple[tuple[Ref, ...], tuple[str, ...]]:
    """Colleagues by their ids, and groups by their names, which have no colon."""
    people = tuple(_of_kind(context, text, Kind.MEMBER, "not_a_member") for text in given if ":" in text)
    return people, tuple(text for text in given if ":" not in text)


def _of_kind(context: Context, text: str, kind: Kind, code: str) -> Ref:
    ref = context.reference(text)
    if ref.kind is not kind:
        raise UnknownIdError(code, id=text)
    return ref


def _remember(context: Context, community: str, around: Around) -> None:
    """The team's private forum and its groups are asked for once."""

    def edit(settings: kept.Settings) -> kept.Settings:
        entry = settings.communities.get(community)
        if entry is None:
            return settings
        known = replace(
            entry,
            private_forum=str(around.under) if around.under else entry.private_forum,
            support_groups=",".join(around.groups) or entry.support_groups,
        )
        return replace(settings, communities={**settings.communities, community: known})

    kept.change(context.home.settings, edit)


def _agreed(context: Context) -> bool:
    """A person at a terminal says yes to the plan that stands above."""
    if not context.interactive:
        return True
    context.err.write(context.words("cli_go_ahead") + " ")
    context.err.flush()
    return context.keys.readline().strip().casefold() in {"y", "yes", "j", "はい"}
