"""The program: entry, command line, settings, credentials and wiring; knows everything, holds no rules."""


def version() -> str:
    """Version of the installed program."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("marquee")
    except PackageNotFoundError:
        return "0+source"
