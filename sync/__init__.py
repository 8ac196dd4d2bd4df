"""The world outside: connectors, stores, outbox, engine. No Qt; knows ``moderation`` only."""
