"""What people see: windows, item models, dialogs. Qt; knows ``moderation`` and ``resources`` only."""

from moderation.desk import Desk
from views.connect.port import Connecting
from views.convert.port import Converting
from views.main_window import MainWindow, dress
from views.registry import key_label
from views.session import Session
from views.settings import SettingsPort
from views.tasks import RunInBackground
from views.theme import Theme
from views.verbs import VERBS


def build_window(
    desk: Desk,
    *,
    theme: Theme,
    run_in_background: RunInBackground,
    settings: SettingsPort,
    connecting: Connecting | None = None,
    converting: Converting | None = None,
) -> MainWindow:
    """The window on a desk, not shown yet.

    ``run_in_background(fn, *args)`` calls ``fn`` on a worker thread and gives a future of the window's event loop.
    ``desk`` is handed to such functions as their first argument and must be usable there (one bench a thread); on the
    window's own thread only ``desk.clock`` and ``desk.engine`` are used. Without ``connecting`` no community can be
    connected from the window, without ``converting`` no thread can go private.
    """
    dress(theme)
    session = Session(desk, theme, run_in_background, settings, _usual_key, connecting, converting)
    window = MainWindow(session, theme)
    window.restore_place()
    window.work.begin()
    session.start()
    return window


def _usual_key(verb: str) -> str:
    keys = VERBS[verb].keys
    return key_label(keys[0]) if keys else ""


__all__ = ["MainWindow", "build_window"]
