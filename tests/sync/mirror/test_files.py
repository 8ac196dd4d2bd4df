"""The mirror's files: damaged, newer, older, full, killed, shared; a cache that is filled again."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from moderation.changes import ChangeRecord, Table
from moderation.errors import StoreError
from moderation.items import ItemState
from moderation.queries import QueueQuery
from moderation.records import Batch
from sync.mirror import Indexer, MirrorKnown, MirrorReader, MirrorWriter, healing, preparing, schema
from sync.vault import StoreFile, Vault
from tests import factory
from tests.factory import HERE, item, post, ref, thread
from tests.sync.mirror.place import KEY, Mirror

ROOT = Path(__file__).parents[3]


def fill(mirror: Mirror, count: int = 300) -> None:
    mirror.tell(
        threads=[thread(1), thread(2, in_forum=2)],
        items=[item(number, body="x" * 500) for number in range(count)],
        posts=[post(number, body=f"text {number} " * 20) for number in range(count)],
    )
    mirror.tell(posts=[post(1000, in_thread=2, in_forum=2)])


def spoil(path: Path, *, at_start: bool) -> None:
    with path.open("r+b") as file:
        size = path.stat().st_size
        file.seek(0 if at_start else size // 3)
        file.write(os.urandom(4096 if at_start else size - size // 3))


@pytest.mark.parametrize("store", [StoreFile.MIRROR, StoreFile.PRIVATE])
def test_damage_at_the_start_is_set_aside_when_the_writer_opens(mirror: Mirror, store: StoreFile) -> None:
    fill(mirror)
    mirror.close()
    spoil(mirror.vault.path(store), at_start=True)
    with pytest.raises(StoreError) as caught:
        MirrorReader(mirror.vault)
    assert caught.value.code == "store_damaged"
    again = Mirror(mirror.vault.home)
    assert again.writer.refilled
    assert again.reader.count(QueueQuery()) == 0
    assert len(list(mirror.vault.home.glob("mirror.sqlite.damaged-*Z"))) == 1
    fill(again)
    assert again.reader.count(QueueQuery()) == 300
    again.close()


def test_a_sound_mirror_is_not_refilled(mirror: Mirror) -> None:
    assert not mirror.writer.refilled
    assert preparing.unhurt(mirror.vault)


def damaged_inside(mirror: Mirror) -> int:
    """A mirror whose writer, known and indexer still have it open, with random bytes in the middle; its version."""
    fill(mirror)
    mirror.index()
    version = mirror.reader.version()
    mirror.writer.apply(Batch((), {"walk": "page 50"}), HERE)
    mirror.close()
    spoil(mirror.vault.path(StoreFile.MIRROR), at_start=False)
    assert not preparing.unhurt(mirror.vault)
    mirror.writer, mirror.indexer = MirrorWriter(mirror.vault), Indexer(mirror.vault)
    mirror.known, mirror.reader = MirrorKnown(mirror.vault, HERE), MirrorReader(mirror.vault)
    return version


def check_begun_anew(mirror: Mirror, version: int) -> None:
    assert mirror.known.cursor("walk") is None
    changes = mirror.tell(forums=[factory.forum(1)], items=[item(1), item(2)], posts=[post(1)])
    assert {record.table for record in changes if record.everything} >= {Table.ITEM, Table.COMMUNITY, Table.POST}
    assert len(mirror.reader.page(QueueQuery())) == mirror.reader.count(QueueQuery()) == 2
    assert mirror.reader.version() > version
    assert mirror.reader.communities() == [factory.community()]
    mirror.index()
    assert len(mirror.reader.search("post 1")) == 1
    assert mirror.tell(items=[item(3)]) == [ChangeRecord(Table.ITEM, (f"{HERE}:flag:3",))]
    assert mirror.writer.refilled
    assert len(list(mirror.vault.home.glob("mirror.sqlite.damaged-*Z"))) == 1


def test_the_writer_sets_a_damaged_mirror_aside(mirror: Mirror) -> None:
    version = damaged_inside(mirror)
    numbers = [mirror.writer.next_seq() for _ in range(3)]
    with pytest.raises(StoreError) as caught:
        mirror.tell(posts=[post(number, body_html="new") for number in range(300)])
    assert caught.value.code == "mirror_refilled"
    assert mirror.writer.next_seq() > max(numbers)
    check_begun_anew(mirror, version)


@pytest.mark.parametrize("who", ["known", "indexer"])
def test_so_does_whoever_works_for_the_engine(mirror: Mirror, who: str) -> None:
    version = damaged_inside(mirror)
    asking = {"known": _ask_all, "indexer": _index_all}[who]
    with pytest.raises(StoreError) as caught:
        asking(mirror)
    assert caught.value.code == "mirror_refilled"
    with pytest.raises(StoreError) as caught:
        mirror.writer.apply(Batch((), {"walk": "page 51"}), HERE)
    assert caught.value.code == "mirror_refilled"
    check_begun_anew(mirror, version)


def _ask_all(mirror: Mirror) -> None:
    mirror.known.pending_items()
    mirror.known.items([ref("flag", number) for number in range(300)])
    mirror.known.threads([ref("thread", 1)])


def _index_all(mirror: Mirror) -> None:
    keys = [row[0] for row in mirror.reader._db.execute("SELECT key FROM posts INDEXED BY posts_thread LIMIT 1")]
    mirror.indexer._files[0].executemany("INSERT INTO index_queue VALUES (?, 1)", [(key,) for key in keys])
    mirror.index()


def test_a_reader_leaves_it_to_the_engine(mirror: Mirror) -> None:
    version = damaged_inside(mirror)
    mirror.reader.lay_over([])
    with pytest.raises(StoreError) as caught:
        _read_all(mirror.reader)
    assert caught.value.code == "store_damaged"
    with pytest.raises(StoreError) as caught:
        mirror.writer.apply(Batch((), {"walk": "page 51"}), HERE)
    assert caught.value.code == "mirror_refilled"
    check_begun_anew(mirror, version)


def test_a_false_alarm_changes_nothing(mirror: Mirror) -> None:
    fill(mirror, 5)
    healing.suspect(mirror.vault)
    mirror.tell(items=[item(9)])
    assert mirror.reader.count(QueueQuery()) == 6
    assert not healing.is_suspected(mirror.vault)
    assert not mirror.writer.refilled


def test_damage_is_healed_once(mirror: Mirror) -> None:
    opened = preparing.identity_of(mirror.vault)
    healing.heal(mirror.vault, opened)
    fresh = preparing.identity_of(mirror.vault)
    assert fresh != opened
    healing.heal(mirror.vault, opened)
    assert preparing.identity_of(mirror.vault) == fresh


def test_a_mirror_can_be_begun_anew_on_request(mirror: Mirror) -> None:
    fill(mirror, 5)
    version = mirror.reader.version()
    mirror.writer.refill()
    with pytest.raises(StoreError):
        mirror.tell(items=[item(1)])
    check_begun_anew(mirror, version)


def _read_all(reader: MirrorReader) -> None:
    for number in range(300):
        reader.item(ref("flag", number))
    reader.posts(ref("thread", 1), limit=1000)


def test_a_wrong_key_is_not_damage(mirror: Mirror) -> None:
    mirror.close()
    before = mirror.vault.path(StoreFile.MIRROR).read_bytes()
    with pytest.raises(StoreError) as caught:
        MirrorWriter(Vault(mirror.vault.home, bytes(32)))
    assert caught.value.code == "store_wrong_key"
    assert mirror.vault.path(StoreFile.MIRROR).read_bytes() == before
    assert list(mirror.vault.home.glob("*.damaged-*")) == []


@pytest.mark.parametrize("store", [StoreFile.MIRROR, StoreFile.PRIVATE])
def test_a_newer_mirror_is_refused(mirror: Mirror, store: StoreFile) -> None:
    mirror.close()
    connection = mirror.vault.connect(store)
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    for opening in (MirrorReader, MirrorWriter, Indexer):
        with pytest.raises(StoreError) as caught:
            opening(mirror.vault)
        assert caught.value.code == "store_newer"


def test_an_additive_change_is_made_in_place(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(mirror, 3)
    mirror.close()
    step = (("ALTER TABLE items ADD COLUMN mood TEXT",), ("ALTER TABLE posts ADD COLUMN mood TEXT",))
    monkeypatch.setattr(schema, "STEPS", {schema.VERSION: step})
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    reader = MirrorReader(mirror.vault)
    assert reader.count(QueueQuery()) == 3
    assert reader._db.execute("SELECT mood FROM items").fetchall() == [(None,)] * 3
    assert reader.post(ref("post", 1000)) is not None
    reader.close()


def test_any_other_change_empties_the_cache(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(mirror, 3)
    mirror.close()
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    reader = MirrorReader(mirror.vault)
    assert reader.count(QueueQuery()) == 0
    assert reader.post(ref("post", 1000)) is None
    reader.close()


def test_a_private_file_of_another_mirror_is_emptied(mirror: Mirror) -> None:
    fill(mirror, 3)
    mirror.index()
    mirror.close()
    for file in mirror.vault.home.glob("mirror.sqlite*"):
        file.unlink()
    again = Mirror(mirror.vault.home)
    assert again.reader.post(ref("post", 1000)) is None
    assert again.reader.search("post", private=True) == []
    assert "Post 1000" not in again.everything_in(StoreFile.PRIVATE)
    again.close()


def test_reader_writer_and_indexer_may_all_be_first(home_folder: Path) -> None:
    for place, opening in enumerate((MirrorReader, MirrorWriter, Indexer)):
        vault = Vault(home_folder / str(place), KEY)
        opening(vault).close()
        reader = MirrorReader(vault)
        assert reader.communities() == []
        reader.close()


def test_several_open_a_new_mirror_at_once(home_folder: Path) -> None:
    vault = Vault(home_folder, KEY)
    gate, opened = threading.Barrier(6), []

    def open_it(opening: type[MirrorReader] | type[MirrorWriter]) -> None:
        gate.wait()
        opened.append(opening(vault))

    threads = [threading.Thread(target=open_it, args=(each,)) for each in (MirrorReader, MirrorWriter) * 3]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(opened) == 6
    for one in opened:
        one.close()


WRITER = """
import sys
from pathlib import Path
from sync.mirror import MirrorWriter
from sync.vault import Vault
from tests import factory
from tests.factory import HERE, item, post
writer = MirrorWriter(Vault(Path(sys.argv[1]), bytes(range(32))))
first, last = int(sys.argv[2]), int(sys.argv[3])
for number in range(first, last):
    rows = {"items": [item(number * 10 + n) for n in range(10)], "posts": [post(number), post(-number, in_forum=2)]}
    writer.apply(factory.batch(writer.next_seq(), {"at": str(number)}, **rows), HERE)
    print(number, flush=True)
writer.close()
"""


def writer_process(home: Path, first: int, last: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(home), str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a matter of Unix")
@pytest.mark.parametrize("lines", [1, 5, 30])
def test_kill_9_leaves_whole_batches_with_their_cursor(mirror: Mirror, lines: int) -> None:
    process = writer_process(mirror.vault.home, 1, 100_000)
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(lines)]
    os.kill(process.pid, signal.SIGKILL)
    told += [int(line) for line in process.stdout.read().split()]
    process.wait()
    process.stdout.close()
    reader = MirrorReader(mirror.vault)
    count = reader.count(QueueQuery())
    cursor = int(mirror.known.cursor("at") or 0)
    assert cursor >= max(told)
    assert count == len(reader.page(QueueQuery(), limit=100_000)) == cursor * 10
    assert reader.post(ref("post", cursor)) is not None
    assert reader.post(ref("post", -cursor)) is not None
    assert preparing.unhurt(mirror.vault)
    reader.close()


def test_two_writers_take_turns(mirror: Mirror) -> None:
    """Only the engine writes for long, but a command that connects a community writes beside it."""
    processes = [writer_process(mirror.vault.home, first, first + 30) for first in (1, 1000)]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert mirror.reader.count(QueueQuery()) == len(mirror.reader.index(QueueQuery())) == 600
    mirror.tell(10**6, items=[item(10, state=ItemState.RESOLVED)])
    assert mirror.reader.count(QueueQuery()) == len(mirror.reader.index(QueueQuery())) == 599


FULL = """
import resource, sys
from pathlib import Path
from moderation.errors import StoreError
from sync.mirror import Indexer, MirrorReader, MirrorWriter
from moderation.queries import QueueQuery
from sync.vault import Vault
from tests import factory
from tests.factory import HERE, item, post
vault = Vault(Path(sys.argv[1]), bytes(range(32)))
writer, reader = MirrorWriter(vault), MirrorReader(vault)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
number = 0
try:
    while True:
        rows = [item(number * 10 + n, body="x" * 2000, in_forum=1 + n % 2) for n in range(10)]
        writer.apply(factory.batch(number, {"at": str(number)}, items=rows), HERE)
        number += 1
except StoreError as error:
    print(error.code, number)
print(reader.count(QueueQuery()))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.getrlimit(resource.RLIMIT_FSIZE)[1],) * 2)
writer.apply(factory.batch(number, {"at": str(number)}, items=rows), HERE)
print(reader.count(QueueQuery()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a matter of Unix")
@pytest.mark.parametrize("limit", [500_000, 1_234_567])
def test_a_full_disk_is_said_so_and_goes_on_when_there_is_room(mirror: Mirror, limit: int) -> None:
    command = [sys.executable, "-c", FULL, str(mirror.vault.home), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    code, number, during, after = done.stdout.split()
    assert code == "disk_full"
    assert (int(during), int(after)) == (int(number) * 10, int(number) * 10 + 10)
    assert len(mirror.reader.index(QueueQuery())) == int(after)
    assert preparing.unhurt(mirror.vault)
