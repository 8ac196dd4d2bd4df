"""Which intents must not meet what the person has not seen, and what the server's entries mean for them."""

from collections.abc import Sequence

from moderation.actions import Action
from moderation.conflict import Judgement, Verdict, judge
from moderation.ids import Ref
from moderation.intents import Intent
from moderation.items import HistoryEntry
from sync.connector import Before, Evidence, Standing

OVERRULED = frozenset({Judgement.CONFLICT, Judgement.SAME})
_STATE_ALONE = frozenset({Action.RESOLVE, Action.DISMISS, Action.TAKE, Action.REOPEN})
_NAMED = frozenset({"offer", "prepares"})
_TAKES_AWAY = frozenset({Action.HIDE, Action.EXPEL, Action.UNINVITE})
_ASSIGNS = frozenset({Action.ASSIGN, Action.RELEASE, Action.EDIT})


def versioned(intent: Intent) -> bool:
    """True for actions that decide an item: they must not meet a state that the person has not seen."""
    return intent.leads_to is not None or intent.action in _ASSIGNS or not _NAMED.isdisjoint(intent.payload)


def verdict_on(intent: Intent, entries: Sequence[HistoryEntry], before: Before | None) -> Verdict:
    """Judge the entries that the person has not seen; ``before`` is the look before sending, ``None`` after it."""
    if before is not None and before.standing is Standing.GONE:
        return Verdict(Judgement.GONE)
    checked = entries if intent.item is not None and versioned(intent) else ()
    return judge(
        checked,
        me=Ref.parse(intent.account),
        wanted=intent.leads_to if before is None or _same_deed(intent, before) else None,
        state_now=before.state if before else None,
        already=before is not None and before.standing is Standing.ALREADY,
        changed=before.changed if before else None,
    )


def _same_deed(intent: Intent, before: Before) -> bool:
    """Whether a colleague who brought the item into the wanted state did the same: not where a post that was to be
    hidden is visible as before, or where a held post may have been let in instead of turned away.
    """
    return intent.action in _STATE_ALONE or (before.standing is Standing.ALREADY and intent.target != intent.item)


def good_enough(intent: Intent, verdict: Verdict) -> bool:
    """True where a step only wants that something is so (``ensure``), and it is, whoever did it; what is gone needs
    no hiding.
    """
    if not intent.payload.get("ensure"):
        return False
    gone = verdict.judgement is Judgement.GONE and intent.action in _TAKES_AWAY
    return gone or (verdict.judgement is Judgement.SAME and verdict.entry is None)


def until_receipt(intent: Intent, evidence: Evidence) -> Sequence[HistoryEntry]:
    """The entries up to one's own effect: what came after it overwrote nothing.

    All of them where the effect is no entry itself (hiding a post), so that rather one too many is shown than one
    less.
    """
    own = evidence.receipt
    if own is None or not any(str(entry.by) == intent.account and entry.at == own.at for entry in evidence.entries):
        return evidence.entries
    return [entry for entry in evidence.entries if entry.at <= own.at]
