"""A newly connected community is put into the mirror."""

from typing import TYPE_CHECKING

from console.credentials import Credentials
from console.home import Home
from moderation.intents import Identities
from moderation.ports import CommunityRow

if TYPE_CHECKING:
    from console.connecting import Checked


def put_community(home: Home, credentials: Credentials, checked: "Checked") -> None:
    """Write a newly connected community into the mirror, so that window and engine know it at once."""
    from sync.mirror import MirrorReader, MirrorWriter  # not before a person agreed: they take long to be loaded
    from sync.vault import Vault

    vault = Vault(home.root, credentials.store_key())
    writer, reader = MirrorWriter(vault), MirrorReader(vault)
    try:
        name = checked.place.name
        if checked.kind is Identities.OFFICIAL:
            writer.set_official(name, checked.identity)
            return
        known = {row.name: row for row in reader.communities()}.get(name)
        capabilities = frozenset(str(capability) for capability in checked.place.spec.capabilities)
        official = known.official if known else None
        since = known.complete_since if known else None
        row = CommunityRow(
            name, checked.place.url, checked.info, checked.identity, capabilities, official, complete_since=since
        )
        writer.put_community(row)
    finally:
        reader.close()
        writer.close()
