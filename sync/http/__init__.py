"""HTTP for connectors: blocking, on ``requests``, with a total deadline, a budget, pacing and clear errors.

:class:`~sync.http.client.Client` puts the parts together; each part stands alone: the session of one account, the
deadline of one request, the budget and the pacing of one community, remembered answers for conditional GET.
"""

from sync.http.answer import Answer, Limited
from sync.http.budget import Beside, Budget
from sync.http.client import Client, Limits
from sync.http.conditional import Remembered
from sync.http.counters import Counters, Usage
from sync.http.deadline import Cut
from sync.http.guest import as_guest
from sync.http.pacing import Pacing
from sync.http.planned import Plan, PlannedBudget
from sync.http.sequence import Sequence
from sync.http.session import Session, bearer

__all__ = [
    "Answer",
    "Beside",
    "Budget",
    "Client",
    "Counters",
    "Cut",
    "Limited",
    "Limits",
    "Pacing",
    "Plan",
    "PlannedBudget",
    "Remembered",
    "Sequence",
    "Session",
    "Usage",
    "as_guest",
    "bearer",
]
