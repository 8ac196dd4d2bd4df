"""Personal messages of the sample, which only this face shows."""

from sync.sandbox.content.words import Table, load
from sync.sandbox.discourse.extras import Readers, extras, private_forum
from sync.sandbox.state import posting
from sync.sandbox.state.records import Thread
from sync.sandbox.state.store import State

_MINUTE = 60_000


def add(state: State) -> None:
    """Store what the sample tells of messages, once; no effects, as with everything that was there from the start."""
    if extras(state).readers:
        return
    for row in load("messages")["messages"]:
        _add(state, row)


def _add(state: State, row: Table) -> Thread:
    author = state.by_name(row["by"]).id
    at = state.clock.now() - row["hours"] * 60 * _MINUTE
    thread = posting.add_thread(state, author, private_forum(state), row["title"], row["text"], at)
    users = [author, *(state.by_name(name).id for name in row.get("to", ()))]
    extras(state).readers[thread.id] = Readers(users, list(row.get("groups", ())))
    thread.followers |= frozenset(users)
    for answer in row.get("answers", ()):
        by = state.by_name(answer["by"]).id
        posting.add_post(state, by, thread, answer["text"], at + answer["after"] * _MINUTE)
    return thread
