"""Bringing the answer of a private case back into the public: the proposal, and the guard that lets nothing leak.

Pure: texts in, a proposal and objections out. Nothing here posts anything.
"""

from moderation.bringing.answer import propose
from moderation.bringing.guard import Guard, Known, customer_names, stopping
from moderation.bringing.model import (
    CUSTOMER,
    Candidate,
    FindIn,
    Message,
    Objection,
    PrivateText,
    Proposal,
    Removed,
    Struck,
    Whose,
)

__all__ = [
    "CUSTOMER", "Candidate", "FindIn", "Guard", "Known", "Message", "Objection", "PrivateText", "Proposal", "Removed",
    "Struck", "Whose", "customer_names", "propose", "stopping",
]  # fmt: skip
