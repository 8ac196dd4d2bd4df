"""The sample community itself: records, clock, rights and operations, in memory, with no word of HTTP."""
