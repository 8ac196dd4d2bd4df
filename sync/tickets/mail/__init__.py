"""Any ticket system that takes mail: a message to its address, threaded by ``Message-ID`` (RFC 5322), over SMTP.

Mail only goes out: what was answered, and where the ticket stands, the other side knows alone.
"""

from collections.abc import Mapping

from moderation.errors import NotAllowedError
from sync.tickets import Setting, TicketSpec
from sync.tickets.mail.system import Mail, Security, Server


def open_mail(values: Mapping[str, str]) -> Mail:
    """Open one; ``security`` is ``starttls`` (the default), ``tls`` or ``none``, ``port`` 587 where none is given."""
    port = values.get("port", "").strip() or "587"
    security = values.get("security", "").strip() or "starttls"
    if not port.isdecimal() or not 0 < int(port) < 65536 or security not in set(Security):
        raise NotAllowedError("ticket_setting_odd", value=f"{port} {security}"[:80])
    server = Server(
        values["host"].strip(), int(port), Security(security), values.get("user", ""), values.get("password", "")
    )
    return Mail(server, values["sender"].strip(), values["to"].strip())


TICKETS = TicketSpec(
    "mail",
    "Mail",
    (
        Setting("host"),
        Setting("port", needed=False),
        Setting("security", needed=False),
        Setting("user", needed=False),
        Setting("password", needed=False, secret=True),
        Setting("sender"),
        Setting("to"),
    ),
    open_mail,
)
