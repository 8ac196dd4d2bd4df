"""Parts of the writer: each works inside the transaction that :class:`sync.mirror.writer.MirrorWriter` holds."""
