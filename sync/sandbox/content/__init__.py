"""Invented content: people, forums, threads, reports; seeded, so that the same seed tells the same story."""
