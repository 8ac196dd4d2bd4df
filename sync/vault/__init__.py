"""The vault: the folder of encrypted SQLite files, their key, and what to say when one of them does not open.

Four files live in a home (DESIGN section 4), each a SQLCipher database under the same raw 256-bit key::

    home/                0700
    ├── mirror.sqlite    what the server said, a cache                      synchronous NORMAL
    ├── private.sqlite   the same for forums that the public cannot see     synchronous NORMAL
    ├── journal.sqlite   what the person wanted: never lost                 synchronous FULL
    ├── team.sqlite      what the team shares, on a machine of its own      synchronous FULL
    ├── key.check        tells a wrong key from a damaged file
    └── key.salt         only where the key comes from a passphrase

Importing this package imports neither SQLAlchemy nor Alembic: the window's first paint reads the mirror without them.
"""

from sync.vault.opening import Connection, Vault
from sync.vault.passphrase import passphrase_key
from sync.vault.places import KEY_BYTES, StoreFile
from sync.vault.trouble import translated

__all__ = ["KEY_BYTES", "Connection", "StoreFile", "Vault", "passphrase_key", "translated"]
