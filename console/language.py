"""Which language a person reads."""

from collections.abc import Mapping

LANGUAGES = ("en", "ja")


def choose(named: str | None, setting: str, environment: Mapping[str, str]) -> str:
    """``--language``, else the setting, else ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` in POSIX order;

    English otherwise.
    """
    for wish in (named, setting):
        if wish:
            return wish if wish in LANGUAGES else "en"
    system = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    return "ja" if system.lower().startswith("ja") else "en"
