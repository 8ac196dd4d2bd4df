"""What is committed survives kill -9, several processes and a full disk; what is not committed leaves no trace."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from moderation.errors import ConflictError, MarqueeError, StoreError
from moderation.intents import IntentState
from sync.journal import open_journal
from sync.journal.store import SqlJournal
from sync.vault import StoreFile, Vault
from tests import factory

S = IntentState
ROOT = Path(__file__).parents[3]

WRITER = """
import sys
from pathlib import Path
from moderation.intents import IntentState as S
from sync.journal import open_journal
from sync.vault import Vault
from tests import factory
journal = open_journal(Vault(Path(sys.argv[1]), bytes(range(32))))
first, last = int(sys.argv[2]), int(sys.argv[3])
for number in range(first, last):
    plan = factory.plan(number, steps=2, payload={"text": "x" * 500})
    journal.add(plan)
    journal.move(plan.intents[0].id, S.WAITING, S.SENDING)
    receipt = factory.receipt(f"r{number}")
    journal.move(plan.intents[0].id, S.SENDING, S.CONFIRMED, receipt=receipt)
    print(number, flush=True)
journal.close()
"""


def writer(home: Path, first: int, last: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(home), str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def states(journal: SqlJournal, number: int) -> list[IntentState]:
    plan = journal.plan(factory.new_id(number))
    assert plan is not None
    return [intent.state for intent in plan.intents]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a matter of Unix")
@pytest.mark.parametrize("lines", [1, 7, 20])
def test_kill_9_loses_nothing_that_was_told(vault: Vault, lines: int) -> None:
    process = writer(vault.home, 1, 100_000)
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(lines)]
    os.kill(process.pid, signal.SIGKILL)
    told += [int(line) for line in process.stdout.read().split()]
    process.wait()
    process.stdout.close()
    journal = open_journal(vault)
    for number in told:
        assert states(journal, number) == [S.CONFIRMED, S.WAITING]
        assert journal.receipt_taken(f"r{number}")
    for plan in journal.plans(limit=1_000_000):
        first, second = plan.intents
        assert (first.state, second.state) in {(S.WAITING, S.BLOCKED), (S.SENDING, S.BLOCKED), (S.CONFIRMED, S.WAITING)}
        assert (first.receipt is not None) is (first.state is S.CONFIRMED)
    journal.close()


def test_two_processes_at_once(vault: Vault) -> None:
    open_journal(vault).close()
    processes = [writer(vault.home, 1, 60), writer(vault.home, 1000, 1060)]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    journal = open_journal(vault)
    assert Counter(states(journal, number)[0] for number in (*range(1, 60), *range(1000, 1060))) == {S.CONFIRMED: 119}
    assert journal.version() == 119 * 3
    journal.close()


def test_several_processes_open_a_new_journal_at_once(vault: Vault) -> None:
    processes = [writer(vault.home, number, number + 1) for number in (1, 10, 20, 30)]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    journal = open_journal(vault)
    assert len(journal.plans()) == 4
    journal.close()


def together(work: Sequence[Callable[[], object]]) -> list[object]:
    """Run functions at the same moment; gives their results or errors."""
    gate = threading.Barrier(len(work))
    results: list[object] = [None] * len(work)

    def run(place: int) -> None:
        gate.wait()
        try:
            results[place] = work[place]()
        except MarqueeError as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_many_who_want_to_send_one_does(journal: SqlJournal, vault: Vault) -> None:
    other = open_journal(vault)
    for number in range(1, 11):
        plan = factory.plan(number)
        journal.add(plan)
        takers = [partial(each.move, plan.intents[0].id, S.WAITING, S.SENDING) for each in [journal, other] * 4]
        assert sum(result is not None for result in together(takers)) == 1
    other.close()


def test_of_many_with_the_same_receipt_one_is_confirmed(journal: SqlJournal) -> None:
    plans = [factory.plan(number) for number in range(1, 9)]
    for plan in plans:
        journal.add(plan)
        journal.move(plan.intents[0].id, S.WAITING, S.SENDING)

    def confirm(intent: str) -> object:
        return journal.move(intent, S.SENDING, S.CONFIRMED, receipt=factory.receipt("same"))

    results = together([partial(confirm, plan.intents[0].id) for plan in plans])
    assert sum(isinstance(result, ConflictError) for result in results) == 7
    assert Counter(states(journal, number)[0] for number in range(1, 9)) == {S.CONFIRMED: 1, S.SENDING: 7}


FULL = """
import resource, sys
from pathlib import Path
from moderation.errors import StoreError
from sync.journal import open_journal
from sync.vault import StoreFile, Vault
from tests import factory
vault = Vault(Path(sys.argv[1]), bytes(range(32)))
journal = open_journal(vault)
limit = (int(sys.argv[2]), resource.getrlimit(resource.RLIMIT_FSIZE)[1])
resource.setrlimit(resource.RLIMIT_FSIZE, limit)
number = 1
try:
    while True:
        journal.add(factory.plan(number, steps=3, payload={"text": "x" * 4000}))
        print(number)
        number += 1
except StoreError as error:
    print(error.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a matter of Unix")
@pytest.mark.parametrize("limit", [150_000, 400_000, 1_000_003])
def test_a_full_disk_writes_nothing_by_half(vault: Vault, limit: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(vault.home), str(limit)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    *told, code = done.stdout.split()
    assert code == "disk_full"
    journal = open_journal(vault)
    assert [plan.id for plan in reversed(journal.plans())] == [factory.new_id(int(number)) for number in told]
    assert all(len(plan.intents) == 3 for plan in journal.plans())
    journal.close()


def test_a_journal_that_stays_locked_is_said_so(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = open_journal(vault)
    holder = vault.connect(StoreFile.JOURNAL)
    holder.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("sync.vault.opening.BUSY_SECONDS", 0.05)
    journal.close()
    impatient = open_journal(vault)
    with pytest.raises(StoreError) as caught:
        impatient.add(factory.plan(1))
    assert caught.value.code == "store_locked"
    holder.execute("ROLLBACK")
    holder.close()
    impatient.add(factory.plan(1))
    impatient.close()


def test_texts_cannot_be_read_in_the_files(journal: SqlJournal, vault: Vault) -> None:
    journal.add(factory.plan(1, payload={"text": "please keep this between us"}))
    kept = b"".join(file.read_bytes() for file in vault.home.iterdir())
    assert b"between us" not in kept
    assert b"resolve" not in kept
