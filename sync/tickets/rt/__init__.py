"""Request Tracker 5 over REST 2 (https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html), tried on 5.0.3.

What it does otherwise than one would think: a change that it refuses answers 200 with a sentence, so every change is
read back; an unknown custom field is passed over in silence; ``If-Match`` holds for messages too; times in a search
count in the zone of the account, so the search asks a day more and the rest is left out here.
"""

import re
from collections.abc import Mapping

from moderation.errors import SignInError
from sync.tickets import Setting, TicketSpec
from sync.tickets.rest import client_of
from sync.tickets.rt.system import RequestTracker

_OWNER = re.compile(r"\d+-(\d+)-")
"""A token begins with the number of its kind and that of its owner: RT has no address that tells who one is."""


def open_rt(values: Mapping[str, str]) -> RequestTracker:
    """Open one with its address, token and queue; makes no request."""
    url, token = values["url"].rstrip("/"), values["token"].strip()
    client = client_of(f"{url}/REST/2.0", {"Authorization": f"token {token}"}, "rt")
    user = _OWNER.match(token)
    if user is None:
        raise SignInError("ticket_key_not_accepted", system="rt")
    return RequestTracker(client, url, values["queue"].strip(), user[1], values.get("case_field", "").strip())


TICKETS = TicketSpec(
    "rt",
    "Request Tracker",
    (
        Setting("url"),
        Setting("token", secret=True),
        Setting("queue"),
        Setting("case_field", needed=False),
    ),
    open_rt,
)
