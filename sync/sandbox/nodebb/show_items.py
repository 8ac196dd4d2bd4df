"""Flags as NodeBB 4.15.1 describes them (recordings; API.md section 2). Types are uneven on purpose: `targetId` is
text in the list and a number in the detail, `assignee` is text, null or empty.
"""

from sync.sandbox.nodebb import show_members, show_posts
from sync.sandbox.nodebb.wire import Json, iso
from sync.sandbox.state.records import Entry, Item, Penalty
from sync.sandbox.state.store import State

STATES = {"open": "open", "in_progress": "wip", "resolved": "resolved", "dismissed": "rejected"}
WORDS = {theirs: ours for ours, theirs in STATES.items()}
CLASSES = {"open": "danger", "wip": "warning", "resolved": "success", "rejected": "secondary"}


def row(item: Item) -> Json:
    """A row of the list: no reason, no reporter, no text."""
    state = STATES[item.state]
    return {
        "state": state,
        "assignee": item.assignee,
        "heat": len(item.reports),
        "flagId": item.id,
        "type": item.kind,
        "targetId": str(item.target),
        "targetUid": item.author,
        "datetime": item.at,
        **({"report": item.mark} if item.mark else {}),
        "labelClass": CLASSES[state],
        "target_readable": f"{item.kind.capitalize()} {item.target}",
        "datetimeISO": iso(item.at),
    }


def detail(state: State, item: Item) -> Json:
    """One flag with its target, notes and reports, newest first; without history."""
    return {
        "state": STATES[item.state],
        "assignee": item.assignee,
        "flagId": item.id,
        "type": item.kind,
        "targetId": item.target,
        "targetUid": item.author,
        "datetime": item.at,
        **({"report": item.mark} if item.mark else {}),
        "datetimeISO": iso(item.at),
        "target_readable": f"{item.kind.capitalize()} {item.target}",
        "target": target(state, item),
        "notes": notes(state, item),
        "reports": [
            {
                "value": report.reason,
                "timestamp": report.at,
                "timestampISO": iso(report.at),
                "reporter": show_members.reporter(state, report.by),
            }
            for report in item.reports
        ],
    }


def target(state: State, item: Item) -> Json:
    """The post or the account; nothing once a post is purged."""
    if item.kind == "post":
        post = state.tables.posts.get(item.target)
        return show_posts.rendered(state, post) if post else {}
    member = state.tables.members.get(item.target)
    return show_members.full(state, member) if member else {}


def notes(state: State, item: Item) -> list[Json]:
    """The notes, newest first."""
    return [
        {
            "uid": note.by,
            "content": note.text,
            "datetime": note.at,
            "datetimeISO": iso(note.at),
            "user": show_members.brief(state, note.by),
        }
        for note in item.notes
    ]


def history(state: State, item: Item) -> list[Json]:
    """Newest first: changes of the flag, mixed with name changes, bans and mutes of the target's author."""
    lines = [_line(state, entry) for entry in item.history]
    author = state.tables.members.get(item.author)
    if author is not None:
        lines += [_penalty(state, p) for p in author.penalties if p.kind in ("ban", "mute")]
        lines += [
            _name(state, author.id, at, name) for at, name in (*author.former_names, (author.joined, author.name))
        ]
    return sorted(lines, key=lambda line: -int(line["datetime"]))


def states() -> Json:
    """The table of states that a flag's page carries."""
    return {name: {"label": f"[[flags:state-{name}]]", "class": css} for name, css in CLASSES.items()}


def _line(state: State, entry: Entry) -> Json:
    fields: Json = {}
    for key, value in entry.changes.items():
        if key == "state":
            fields[key] = f"[[flags:state-{STATES[str(value)]}]]"
        elif key == "report":
            fields[key] = f"[[flags:report-{value}]]"
        elif key == "assignee":
            fields[key] = state.member(int(value)).name if value else "[[global:guest]]"
        else:
            fields[key] = "[[flags:note-deleted]]" if value else None
    return {"uid": entry.by, "fields": fields, **_when_and_who(state, entry.at, entry.by)}


def _penalty(state: State, penalty: Penalty) -> Json:
    word = "banned" if penalty.kind == "ban" else "muted"
    reason = penalty.reason or f"[[user:info.{word}-no-reason]]"
    until = iso(penalty.until) or "1970-01-01T00:00:00.000Z"  # for good is time zero
    meta = [
        {"key": f"[[user:{word}]]", "value": reason, "labelClass": "danger"},
        {"key": f"[[user:info.{word}-expiry]]", "value": until, "labelClass": "default"},
    ]
    return {"uid": penalty.by, "meta": meta, **_when_and_who(state, penalty.at, penalty.by)}


def _name(state: State, uid: int, at: int, name: str) -> Json:
    meta = [{"key": "[[user:change-username]]", "value": name, "labelClass": "primary"}]
    return {"uid": str(uid), "meta": meta, **_when_and_who(state, at, uid)}


def _when_and_who(state: State, at: int, by: int) -> Json:
    return {"datetime": at, "datetimeISO": iso(at), "user": show_members.brief(state, by)}
