"""Writing to a NodeBB community: one class for each group of actions, each with before, send and look."""
