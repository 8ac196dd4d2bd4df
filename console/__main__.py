"""Entry of ``marquee`` and of ``python -m console``."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or the window where none is named; gives the exit code of DESIGN section 11."""
    from console.cli.run import run

    return run(list(sys.argv[1:] if arguments is None else arguments))


if __name__ == "__main__":
    sys.exit(main())
