"""Alarms: what a team should know before somebody complains, each raised once. Pure.

Conditions are found in facts (:mod:`~moderation.alarms.waiting`, :mod:`~moderation.alarms.gaps`,
:mod:`~moderation.alarms.volume`), followed over time (:mod:`~moderation.alarms.course`), and told in words without
names of people (:mod:`~moderation.alarms.telling`).
"""
