"""Going private in the window: the plan before it runs, its steps while they run, the proof, and the way back."""
