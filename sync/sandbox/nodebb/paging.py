"""The pagination object of NodeBB's pages (observed shape, with the query strings that page links carry)."""

from urllib.parse import quote

from sync.sandbox.nodebb.call import Query
from sync.sandbox.nodebb.wire import Json


def pagination(current: int, count: int, query: Query | None = None) -> Json:
    """First, previous, next and last page and the list of page links; short form for a single page."""
    if count <= 1:
        return _single(current)
    asked = {**(query or {}), "page": str(current)}
    previous, following = max(1, current - 1), min(count, current + 1)
    result: Json = {"rel": [], "pages": _links(current, count, asked), "currentPage": current, "pageCount": count}
    for name, page, active in (
        ("prev", previous, current > 1),
        ("next", following, current < count),
        ("first", 1, current == 1),
        ("last", count, current == count),
    ):
        result[name] = {"page": page, "active": active, "qs": _with_page(asked, page)}
    if current < count:
        result["rel"].append({"rel": "next", "href": f"?{_with_page(asked, following)}"})
    if current > 1:
        result["rel"].append({"rel": "prev", "href": f"?{_with_page(asked, previous)}"})
    return result


def page_count(total: int, per_page: int) -> int:
    """Pages needed, at least one."""
    return max(1, -(-total // per_page))


def _single(current: int) -> Json:
    places = {
        "prev": current > 1,
        "next": current < 1,
        "first": current == 1,
        "last": current == 1,
    }
    pages = {name: {"page": 1, "active": active} for name, active in places.items()}
    return pages | {"rel": [], "pages": [], "currentPage": 1, "pageCount": 1}


def _links(current: int, count: int, asked: Query) -> list[Json]:
    start = max(1, current - 2)
    if start > count - 5:
        start -= 2 - (count - current)
    wanted = {1, 2, count - 1, count, *range(start, start + 5)}
    links: list[Json] = []
    last = 0
    for page in sorted(p for p in wanted if 0 < p <= count):
        if page - last == 2:
            links.append({"page": last + 1, "active": False, "qs": _with_page(asked, last + 1)})
        elif page - last > 2:
            links.append({"separator": True})
        links.append({"page": page, "active": page == current, "qs": _with_page(asked, page)})
        last = page
    return links


def _with_page(asked: Query, page: int) -> str:
    pairs: list[str] = []
    for name, value in {**asked, "page": str(page)}.items():
        values = value if isinstance(value, list) else [value]
        pairs += [f"{quote(name, safe='')}={quote(one, safe='')}" for one in values]
    return "&".join(pairs)
