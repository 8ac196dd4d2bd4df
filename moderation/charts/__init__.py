"""Figures as people read them: in words, as tables, as drawings.

A drawing is a list of shapes with the names of colours (:mod:`~moderation.charts.shapes`). The window paints it, files
get it as SVG (:mod:`~moderation.charts.svg`): what is on the screen and what is in a report is the same drawing. Texts
come through ``say``, which gives the sentence of a code in the language of whoever reads.
"""
