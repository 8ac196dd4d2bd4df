"""Coverage: how threads are answered, in numbers and charts, each of which opens exactly its rows."""
