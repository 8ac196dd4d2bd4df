"""The Private screen: conversations with single customers."""
