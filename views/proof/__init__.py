"""Proofs in the window: the band when a text can be read, and the table of what was asked and answered."""
