"""Tells a wrong key from a damaged file: to SQLCipher both are "file is not a database".

``key.check`` holds a keyed hash of a fixed sentence. From a random 256-bit key nothing can be learnt from it; from a
passphrase no more than from the database files beside it.
"""

import hashlib
import hmac
from pathlib import Path

from sync.vault.places import write_once

_FILE = "key.check"
_SENTENCE = b"the stores of this home open with this key"


def _fingerprint(key: bytes) -> bytes:
    return hmac.new(key, _SENTENCE, hashlib.sha256).hexdigest().encode()


def key_fits(home: Path, key: bytes) -> bool | None:
    """Whether the stores of this home were made with this key; ``None`` when that is not written down."""
    try:
        kept = (home / _FILE).read_bytes()
    except FileNotFoundError:
        return None
    return hmac.compare_digest(kept, _fingerprint(key))


def remember_key(home: Path, key: bytes) -> None:
    """Write the check down, once."""
    write_once(home / _FILE, _fingerprint(key))
