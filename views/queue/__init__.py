"""The list of the queue: its order, model, painting and the pane around it."""
