"""Coverage: how fast and how much staff answer beside what customers solve among themselves.

Facts of a thread (:mod:`~moderation.coverage.facts`) become one line of numbers each, once who was staff when is known
(:mod:`~moderation.coverage.staff`, :mod:`~moderation.coverage.deriving`). Figures
(:mod:`~moderation.coverage.figures`) are computed from lines, and each of them gives exactly the rows that it counts.
"""
