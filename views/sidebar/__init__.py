"""The left pane: where one is, how much waits where, which communities, who sits at the desk."""
