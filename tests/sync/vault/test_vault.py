"""Files of a home: modes, keys, and the right words for each kind of trouble."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from moderation.errors import OurBugError, StoreError
from resources import messages
from sync.vault import StoreFile, Vault, passphrase_key, translated
from sync.vault.trouble import no_room

KEY = bytes(range(32))
OTHER = bytes(32)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def filled(home: Path, store: StoreFile = StoreFile.MIRROR) -> Vault:
    vault = Vault(home, KEY)
    connection = vault.connect(store)
    connection.execute("CREATE TABLE t(word)")
    connection.execute("INSERT INTO t VALUES ('a rather secret word')")
    connection.close()
    return vault


def code_of(vault: Vault, store: StoreFile = StoreFile.MIRROR) -> str:
    with pytest.raises(StoreError) as caught:
        vault.connect(store)
    return caught.value.code


def test_home_and_files_belong_to_their_owner_alone(home_folder: Path) -> None:
    vault = Vault(home_folder, KEY)
    connections = [vault.connect(store) for store in StoreFile]
    for connection in connections:
        connection.execute("CREATE TABLE t(word)")
    assert stat.S_IMODE(home_folder.stat().st_mode) == 0o700
    found = modes(home_folder)
    assert set(found.values()) == {0o600}
    assert {"mirror.sqlite", "private.sqlite-wal", "journal.sqlite-shm", "team.sqlite", "key.check"} <= found.keys()
    for connection in connections:
        connection.close()


def test_a_file_that_others_may_read_is_narrowed(home_folder: Path) -> None:
    vault = filled(home_folder)
    vault.path(StoreFile.MIRROR).chmod(0o644)
    vault.connect(StoreFile.MIRROR).close()
    assert modes(home_folder)["mirror.sqlite"] == 0o600


TAKES_THE_LOCK = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000000 + 2)  # SQLite's SHARED_FIRST, SHARED_SIZE
    except OSError:
        raise SystemExit(0)
raise SystemExit("the file is nobody's")
"""


def test_a_second_connection_takes_no_lock_away_from_the_first(home_folder: Path) -> None:
    """Else another process may believe that it is the last one, and delete the log that is being written here."""
    vault = Vault(home_folder, KEY)
    first = vault.connect(StoreFile.JOURNAL)
    first.execute("CREATE TABLE t(word)")
    second = vault.connect(StoreFile.JOURNAL)
    file = str(vault.path(StoreFile.JOURNAL))
    tried = subprocess.run([sys.executable, "-c", TAKES_THE_LOCK, file], check=False, capture_output=True, text=True)
    second.close()
    first.close()
    assert tried.returncode == 0, tried.stderr


def test_nothing_is_readable_without_the_key(home_folder: Path) -> None:
    vault = Vault(home_folder, KEY)
    connection = vault.connect(StoreFile.MIRROR)
    connection.execute("CREATE TABLE t(word)")
    connection.execute("INSERT INTO t VALUES ('a rather secret word')")
    kept = b"".join(file.read_bytes() for file in home_folder.iterdir())
    connection.close()
    assert b"secret" not in kept
    assert b"CREATE TABLE" not in kept
    assert b"SQLite format 3" not in kept
    assert KEY not in kept
    assert KEY.hex().encode() not in kept


def test_settings_of_a_connection(home_folder: Path) -> None:
    vault = Vault(home_folder, KEY)
    full, normal = 2, 1
    for store, wanted in ((StoreFile.MIRROR, normal), (StoreFile.JOURNAL, full), (StoreFile.TEAM, full)):
        connection = vault.connect(store, busy_seconds=1.5)
        asked = ("journal_mode", "synchronous", "secure_delete", "busy_timeout", "foreign_keys", "temp_store")
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
        connection.close()
        assert found == ["wal", wanted, 1, 1500, 1, 2]


def test_a_wrong_key_is_said_so_and_leaves_the_file(home_folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    vault = filled(home_folder)
    before = vault.path(StoreFile.MIRROR).read_bytes()
    assert code_of(Vault(home_folder, OTHER)) == "store_wrong_key"
    (home_folder / "key.check").unlink()
    assert code_of(Vault(home_folder, OTHER)) == "store_wrong_key"
    assert vault.path(StoreFile.MIRROR).read_bytes() == before
    assert "".join(capfd.readouterr()) == ""


def test_a_key_check_that_was_lost_is_written_again_by_the_right_key_only(home_folder: Path) -> None:
    vault = filled(home_folder)
    (home_folder / "key.check").unlink()
    code_of(Vault(home_folder, OTHER))
    Vault(home_folder, OTHER).connect(StoreFile.TEAM).close()
    assert not (home_folder / "key.check").exists()
    vault.connect(StoreFile.MIRROR).close()
    assert code_of(Vault(home_folder, OTHER)) == "store_wrong_key"


def test_damage_is_not_called_a_wrong_key(home_folder: Path) -> None:
    vault = filled(home_folder)
    with vault.path(StoreFile.MIRROR).open("r+b") as file:
        file.write(os.urandom(4096))
    assert code_of(vault) == "store_damaged"


def test_damage_further_inside_is_found_when_it_is_read(home_folder: Path) -> None:
    vault = filled(home_folder)
    size = vault.path(StoreFile.MIRROR).stat().st_size
    with vault.path(StoreFile.MIRROR).open("r+b") as file:
        file.seek(size - 2000)
        file.write(os.urandom(500))
    connection = vault.connect(StoreFile.MIRROR)
    with pytest.raises(StoreError) as caught, translated(StoreFile.MIRROR, vault.path(StoreFile.MIRROR)):
        connection.execute("SELECT * FROM t").fetchall()
    connection.close()
    assert caught.value.code == "store_damaged"
    assert caught.value.facts["store"] == "mirror"


def test_a_locked_file_is_waited_for_and_then_said_so(home_folder: Path) -> None:
    vault = filled(home_folder)
    first, second = vault.connect(StoreFile.MIRROR), vault.connect(StoreFile.MIRROR, busy_seconds=0.05)
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as caught, translated(StoreFile.MIRROR, vault.path(StoreFile.MIRROR)):
        second.execute("BEGIN IMMEDIATE")
    first.close()
    second.close()
    assert caught.value.code == "store_locked"


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    assert code_of(Vault(tmp_path / "home", KEY)) == "store_unreachable"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EACCES, "store_read_only"),
        (errno.EROFS, "store_read_only"),
        (errno.ENOTDIR, "store_unreachable"),
    ],
)
def test_errors_of_the_system(tmp_path: Path, number: int, code: str) -> None:
    with pytest.raises(StoreError) as caught, translated(StoreFile.TEAM, tmp_path / "team.sqlite"):
        raise OSError(number, "as the system says it")
    assert caught.value.code == code


def test_bugs_are_not_called_trouble_of_the_machine(home_folder: Path) -> None:
    vault = filled(home_folder)
    connection = vault.connect(StoreFile.MIRROR)
    with pytest.raises(Exception, match="syntax error") as caught, translated(StoreFile.MIRROR, home_folder):
        connection.execute("SELEKT")
    connection.close()
    assert not isinstance(caught.value, StoreError)


def test_every_code_has_words() -> None:
    codes = "disk_full store_damaged store_io store_locked store_newer store_read_only store_salt_missing"
    codes += " store_unreachable store_wrong_key read_cancelled"
    assert [code for code in codes.split() if not messages.known(code)] == []


def test_a_key_of_another_length_is_a_bug_and_never_shown(home_folder: Path) -> None:
    with pytest.raises(OurBugError):
        Vault(home_folder, b"short")
    assert KEY.hex() not in repr(Vault(home_folder, KEY))
    assert repr(KEY) not in repr(Vault(home_folder, KEY))


def test_set_aside_keeps_one_damaged_file(home_folder: Path) -> None:
    vault = filled(home_folder)
    (home_folder / "mirror.sqlite.damaged-2020").write_text("older")
    aside = vault.set_aside(StoreFile.MIRROR)
    assert aside is not None
    assert aside.exists()
    assert [file.name for file in home_folder.glob("mirror.sqlite*")] == [aside.name]
    assert vault.set_aside(StoreFile.MIRROR) is None


def test_a_passphrase_gives_the_same_key_again(home_folder: Path) -> None:
    key = passphrase_key(home_folder, "correct horse")
    assert len(key) == 32
    assert modes(home_folder) == {"key.salt": 0o600}
    assert passphrase_key(home_folder, "correct horse") == key
    assert passphrase_key(home_folder, "ｃorrect horse") == key
    assert passphrase_key(home_folder, "correct  horse") != key


def test_a_lost_salt_is_not_replaced(home_folder: Path) -> None:
    filled(home_folder)
    with pytest.raises(StoreError) as caught:
        passphrase_key(home_folder, "correct horse")
    assert caught.value.code == "store_salt_missing"
    assert not (home_folder / "key.salt").exists()


@pytest.mark.parametrize("content", ["{", '{"salt": "no hexadecimal digits"}'])
def test_a_broken_salt_file(home_folder: Path, content: str) -> None:
    home_folder.mkdir()
    (home_folder / "key.salt").write_text(content)
    with pytest.raises(StoreError) as caught:
        passphrase_key(home_folder, "correct horse")
    assert caught.value.code == "store_damaged"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a matter of Unix")
def test_a_file_that_may_not_grow_is_a_full_disk(home_folder: Path) -> None:
    """In a process of its own, because a limit cannot be taken back everywhere."""
    program = f"""
import resource, sys
from pathlib import Path
from moderation.errors import StoreError
from sync.vault import StoreFile, Vault, translated
vault = Vault(Path({str(home_folder)!r}), bytes(range(32)))
connection = vault.connect(StoreFile.MIRROR)
connection.execute("CREATE TABLE t(word)")
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    with translated(StoreFile.MIRROR, vault.path(StoreFile.MIRROR)):
        for n in range(100):
            connection.execute("INSERT INTO t VALUES (zeroblob(5000))")
except StoreError as error:
    print(error.code)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(connection.execute("PRAGMA integrity_check").fetchone()[0])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["disk_full", "ok"]


def test_room_is_told_from_no_room(home_folder: Path) -> None:
    assert not no_room(filled(home_folder).path(StoreFile.MIRROR))


def test_first_paint_needs_no_slow_imports() -> None:
    program = (
        "import sys; import sync.vault, sync.mirror.reader, sync.journal, sync.team;"
        "print([name for name in ('sqlalchemy', 'alembic', 'requests', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
