"""Tables fit, count cells as terminals do, and print nothing that steers them."""

import errno
import io
import json
import sys
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.cli.output import Column, Progress, at, at_ms, cut, pad, print_json, safe, table, width
from console.cli.run import run

COLUMNS = [Column("ID", fixed=True), Column("N", right=True), Column("TEXT"), Column("OTHER")]


def test_japanese_takes_two_cells() -> None:
    assert width("報告 a") == 6
    assert cut("報告があります", 7) == "報告が…"
    assert width(pad("報告", 8)) == 8


def test_marks_that_combine_take_none() -> None:
    assert width("e\u0301") == 1


@given(
    st.lists(st.tuples(st.integers(0, 99), st.text(max_size=80), st.text(max_size=80)), max_size=6),
    st.integers(60, 120),
)
def test_a_table_fits_and_ids_stay_whole(rows: list[tuple[int, str, str]], total: int) -> None:
    shown = table(COLUMNS, [(f"c.example:flag:{n}", n, a, b) for n, a, b in rows], total)
    assert len(shown) == len(rows) + 1
    for line, (n, _, _) in zip(shown[1:], rows, strict=True):
        assert width(line) <= total
        assert f"c.example:flag:{n} " in line + " "


@given(st.text())
def test_nothing_steers_the_terminal(text: str) -> None:
    shown = safe(text)
    assert all(unicodedata.category(char) != "Cc" for char in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def test_an_escape_sequence_loses_its_escape() -> None:
    assert "\x1b" not in safe("\x1b[31mred\x9b0m\u202eevil")


@given(st.text(st.characters(codec=None)))
def test_json_is_one_document_whatever_a_server_sent(text: str) -> None:
    out = io.StringIO()
    print_json({"text": text}, out)
    out.getvalue().encode("utf-8")
    assert json.loads(out.getvalue())["text"] == text


def test_times_are_utc_with_z() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert at(datetime(2026, 11, 22, 9, 0, tzinfo=tokyo)) == "2026-11-22T00:00:00Z"
    assert at_ms(1_700_000_000_123) == "2023-11-14T22:13:20.123000Z"
    assert at(None) is None
    assert at(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_silent_where_nobody_looks_and_wipes_itself() -> None:
    quiet, loud = io.StringIO(), _Terminal()
    for out in (quiet, loud):
        progress = Progress(out)
        progress.show("long line")
        progress.show("短い")
        progress.end()
    assert quiet.getvalue() == ""
    assert loud.getvalue().endswith("\r")
    assert loud.getvalue().split("\r")[2] == "短い" + " " * 5


class FullDisk(io.StringIO):
    """Standard output on a disk that is full; ``late``: that shows only at the end."""

    def __init__(self, *, late: bool) -> None:
        super().__init__()
        self._late = late

    def write(self, text: str) -> int:
        if not self._late:
            raise OSError(errno.ENOSPC, "No space left on device")
        return len(text)

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("late", [False, True])
def test_a_full_disk_is_no_fault_of_the_program(
    late: bool, home_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", FullDisk(late=late))
    assert run(["communities", "--json"], {"MARQUEE_HOME": str(home_folder)}) == 1
    assert capsys.readouterr().err.startswith("The disk is full, so stdout")
    assert not list(home_folder.glob("logs/crash-*"))
