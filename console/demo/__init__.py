"""The demo: the sample community from a process of its own, and a throwaway home on it."""
