"""The company's voice: packs that say how it writes, and the checks of a text before it is sent. Pure."""
