"""What window, commands and engine say to each other, as lines on a local socket."""

import socket
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.changes import ChangeRecord, Table
from moderation.ports import CommunityStatus
from sync.engine import protocol

NOW = datetime(2026, 3, 2, 9, 0, 0, 123000, tzinfo=UTC)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def heard(*lines: bytes) -> list[dict[str, object]]:
    one, other = socket.socketpair()
    with one, other:
        for line in lines:
            one.sendall(line)
        one.shutdown(socket.SHUT_WR)
        return list(protocol.messages(other))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(st.text(), values, max_size=3), max_size=4))
def test_messages_arrive_as_they_were_sent(sent: list[dict[str, object]]) -> None:
    assert heard(*map(protocol.encode, sent)) == sent


def test_what_is_no_message_is_passed_over() -> None:
    assert heard(b"\n", b"not json\n", b"[1, 2]\n", b"\xff\xfe\n", b'{"do": "wake"}\n', b'{"half": ') == [
        {"do": "wake"}
    ]


@given(st.lists(st.builds(ChangeRecord, st.sampled_from(Table), st.tuples(st.text(max_size=9)), st.booleans())))
def test_changes_are_read_back(records: list[ChangeRecord]) -> None:
    assert protocol.changes_in(protocol.changes_out(records)) == records


def test_tables_of_a_newer_engine_are_passed_over() -> None:
    message = {"changes": [{"table": "surprise", "ids": ["1"]}, {"table": "item", "ids": ["2"]}]}
    assert protocol.changes_in(message) == [ChangeRecord(Table.ITEM, ("2",))]


def test_statuses_are_read_back_with_their_times() -> None:
    status = CommunityStatus("c", "offline", NOW, NOW, None, 3.5, {"code": "x", "seconds": 2})
    (line,) = heard(protocol.encode({"status": protocol.status_out([status])}))
    entries = line["status"]
    assert isinstance(entries, list)
    assert protocol.status_in([{**entry, "new_field": 1} for entry in entries]) == [status]


def test_the_socket_lies_in_a_private_folder_whatever_the_length_of_the_path(tmp_path: Path) -> None:
    for home in (tmp_path / "h", tmp_path / ("long" * 40)):
        home.mkdir()
        path = protocol.socket_path(home)
        assert len(str(path)) < 104
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert protocol.socket_path(home) == path
    assert protocol.socket_path(tmp_path / "h") != protocol.socket_path(tmp_path / ("long" * 40))
