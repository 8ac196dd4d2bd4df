"""Writing an answer or a note: audience, text, checks, draft."""
