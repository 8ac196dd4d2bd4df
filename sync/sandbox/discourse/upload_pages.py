"""Files that are attached to posts (API.md section 4)."""

from hashlib import sha1

from sync.sandbox.discourse.answers import Answer, Problem, error, not_found, ok
from sync.sandbox.discourse.bodies import File
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json
from sync.sandbox.pictures import picture

SAMPLES = ("shelf.png", "invoice.png", "cabinet.png", "banner.png")
_WIDTH, _HEIGHT = 640, 480
_ALLOWED = ("jpg", "jpeg", "png", "gif", "webp", "txt", "pdf")


@route("POST", "/uploads", "uploads/create", login=True)
def create(call: Call) -> Answer:
    """Keep a file; the same content is kept once."""
    if not (call.text("type") or call.text("upload_type")):
        return error(call, 400, "missing_parameter", "", "type")
    sent = call.get("file")
    if not isinstance(sent, File):
        raise Problem(400, "invalid_parameters", "invalid_parameters", "file")
    if sent.name.rpartition(".")[2].lower() not in _ALLOWED:
        raise Problem(422, "file_type", "", ", ".join(_ALLOWED))
    key = sha1(sent.content).hexdigest()  # noqa: S324 - a name for content, as the platform makes it
    kept = call.site.uploads.get(key)
    if kept is None:
        kept = call.site.uploads[key] = (call.state.number("upload"), sent)
        call.state.effect(call.uid, "upload", f"upload:{kept[0]}", name=sent.name)
    return ok(_written(key, *kept))


@route("GET", "/uploads/default/original/1X/:name", "uploads/show", text=True)
def show(call: Call) -> Answer:
    """The file itself; what the sample's posts name is made when it is asked for."""
    name = call.params["name"]
    kept = call.site.uploads.get(name.partition(".")[0])
    if kept is not None:
        return Answer(200, kept[1].content, "application/octet-stream")
    return Answer(200, picture(name), "image/png") if name in SAMPLES else not_found(call)


def _written(key: str, ident: int, kept: File) -> Json:
    extension = kept.name.rpartition(".")[2].lower()
    return {
        "id": ident,
        "url": f"/uploads/default/original/1X/{key}.{extension}",
        "original_filename": kept.name,
        "filesize": len(kept.content),
        "width": _WIDTH,
        "height": _HEIGHT,
        "thumbnail_width": _WIDTH,
        "thumbnail_height": _HEIGHT,
        "extension": extension,
        "short_url": f"upload://{key}.{extension}",
        "short_path": f"/uploads/short-url/{key}.{extension}",
        "retain_hours": None,
        "human_filesize": f"{len(kept.content)} Bytes",
        "dominant_color": None,
    }
