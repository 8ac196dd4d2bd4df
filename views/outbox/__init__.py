"""The outbox: what needs a person, what is on the way, what is done."""
