"""Alarms in the window: how many need somebody, the list of them, who sees to one, and why one is silent."""
