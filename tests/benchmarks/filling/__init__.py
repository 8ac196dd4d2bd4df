"""A large home made in minutes: invented content written straight into the mirror's own tables.

Forums, members and items go through the mirror's writer; threads, posts and the full text are written in bulk, with the
schema's own statements, because the writer would take an hour for millions of posts.
"""
