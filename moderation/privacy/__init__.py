"""Private data in public texts: found by form and by check digits, with the reason of each find.

:class:`moderation.privacy.finder.Finder` puts the detectors together, :mod:`moderation.privacy.rules` reads what a team
adds, :mod:`moderation.privacy.dismissals` is what people say of finds. This package imports nothing by itself: making
the detectors' patterns takes a third of a second, which the window's first paint does not have.
"""
