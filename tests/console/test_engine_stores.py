"""Communities as the engine finds them in the mirror."""

from dataclasses import replace
from pathlib import Path

from console.connectors import connector
from console.engine_stores import Communities
from console.settings import Connected, Settings
from moderation.ports import CommunityRow
from sync.mirror import MirrorWriter
from tests.fakes import factory
from tests.fakes.factory import NAME


def communities(home: Path, row: CommunityRow) -> list[CommunityRow]:
    """What the engine sees of a home whose mirror has this row."""
    vault = factory.vault(home)
    writer = MirrorWriter(vault)
    writer.put_community(row)
    entry = Connected(row.url, row.info.platform, str(row.identity.member), row.identity.name)
    found = Communities(vault, writer, lambda: Settings(communities={NAME: entry}))
    try:
        return found()
    finally:
        found.close()
        writer.close()


def test_what_a_connector_has_learned_since_is_known(tmp_path: Path) -> None:
    """A home that was connected before there were such capabilities."""
    old = factory.community(capabilities=frozenset({"pull", "decide_reports"}))
    (row,) = communities(tmp_path / "home", old)
    assert row.capabilities == {str(one) for one in connector("nodebb").capabilities}
    assert (row.identity, row.url) == (old.identity, old.url)


def test_a_platform_that_is_not_installed_keeps_what_it_had(tmp_path: Path) -> None:
    row = factory.community(capabilities=frozenset({"pull"}))
    other = replace(row, info=replace(row.info, platform="somewhere"))
    assert [one.capabilities for one in communities(tmp_path / "home", other)] == [{"pull"}]
