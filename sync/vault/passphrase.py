"""A raw key from a passphrase, for machines without a keyring."""

import hashlib
import secrets
import unicodedata
from pathlib import Path

import msgspec

from moderation.errors import StoreError
from sync.vault.places import KEY_BYTES, StoreFile, make_folder, write_once

_SALT_FILE = "key.salt"


class _Recipe(msgspec.Struct):
    """How the key is made: scrypt (RFC 7914) with its cost and the salt in hexadecimal."""

    salt: str
    n: int = 1 << 17
    r: int = 8
    p: int = 1


def passphrase_key(home: Path, passphrase: str) -> bytes:
    """The 32-byte key of this home for a passphrase; takes about half a second and 128 MB.

    The salt is made once and kept in ``key.salt``. Raises :class:`StoreError` ``store_salt_missing`` when stores are
    there but their salt is not: they were made with another key, or the file was lost; ``store_damaged`` for a salt
    file that cannot be read.
    """
    recipe = _recipe(home)
    words = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    memory = 128 * recipe.n * recipe.r * recipe.p + (1 << 20)
    try:
        salt = bytes.fromhex(recipe.salt)
    except ValueError as error:
        raise StoreError("store_damaged", store="key", file=str(home / _SALT_FILE)) from error
    return hashlib.scrypt(words, salt=salt, n=recipe.n, r=recipe.r, p=recipe.p, maxmem=memory, dklen=KEY_BYTES)


def _recipe(home: Path) -> _Recipe:
    file = home / _SALT_FILE
    if not file.exists():
        if any(_filled(store.path(home)) for store in StoreFile):
            raise StoreError("store_salt_missing", file=str(file))
        make_folder(home)
        write_once(file, msgspec.json.encode(_Recipe(salt=secrets.token_hex(16))))
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Recipe)
    except msgspec.MsgspecError as error:
        raise StoreError("store_damaged", store="key", file=str(file)) from error


def _filled(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
