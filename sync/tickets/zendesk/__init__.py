"""Zendesk Support over its REST API (https://developer.zendesk.com/api-reference/ticketing/introduction/).

A new ticket carries ``external_id`` (the key of the case) and an ``Idempotency-Key``, which Zendesk remembers for two
hours; a change of state is a safe update that Zendesk refuses with 409 when the ticket changed since. Built from the
published reference and tested against a server that answers as it says; not tried on a real Zendesk.
"""

import base64
from collections.abc import Mapping

from sync.tickets import Setting, TicketSpec
from sync.tickets.rest import client_of
from sync.tickets.zendesk.system import Zendesk


def open_zendesk(values: Mapping[str, str]) -> Zendesk:
    """Open one with an API token (``user`` is its agent's address) or, without ``user``, an OAuth token."""
    url, token, user = values["url"].rstrip("/"), values["token"].strip(), values.get("user", "").strip()
    key = f"Bearer {token}"
    if user:
        key = "Basic " + base64.b64encode(f"{user}/token:{token}".encode()).decode()
    return Zendesk(client_of(url, {"Authorization": key}, "zendesk"), url, values.get("group", "").strip())


TICKETS = TicketSpec(
    "zendesk",
    "Zendesk",
    (
        Setting("url"),
        Setting("user", needed=False),
        Setting("token", secret=True),
        Setting("group", needed=False),
    ),
    open_zendesk,
)
