"""Parts that connectors are made of, beside :mod:`sync.http`: what holds on every platform.

Each stands alone and is put together by the connector that wants it; none knows a platform.
"""
