"""What an account may do in a community, in the words of the sheet: a few groups of actions."""

from moderation.actions import Action
from views.connect.port import Person

_A = Action
_GROUPS: tuple[tuple[str, frozenset[str]], ...] = (
    ("connect_may_reports", frozenset({_A.RESOLVE, _A.DISMISS})),
    ("connect_may_held", frozenset({_A.APPROVE, _A.REJECT})),
    ("connect_may_posts", frozenset({_A.HIDE, _A.RESTORE, _A.EDIT})),
    ("connect_may_threads", frozenset({_A.LOCK, _A.PIN, _A.MOVE})),
    ("connect_may_mute", frozenset({_A.MUTE})),
    ("connect_may_ban", frozenset({_A.BAN})),
    ("connect_may_message", frozenset({_A.MESSAGE})),
    ("connect_may_reply", frozenset({_A.REPLY})),
)
_OF_COMPANY = frozenset({"connect_may_reply", "connect_may_message"})


def found(person: Person) -> list[str]:
    """Codes of what the account may do; of the company account only what it is for."""
    return [code for code, slugs in _asked(person) if slugs & person.may]


def missing(person: Person) -> list[str]:
    """Codes of what the platform can do and this account may not."""
    return [code for code, slugs in _asked(person) if slugs & person.able and not slugs & person.may]


def role(person: Person) -> str:
    """Code of the role that counts most."""
    ranks = ("administrator", "moderator", "forum_moderator")
    return f"role_{next((rank for rank in ranks if rank in person.roles), 'member')}"


def _asked(person: Person) -> list[tuple[str, frozenset[str]]]:
    return [group for group in _GROUPS if not person.official or group[0] in _OF_COMPANY]
