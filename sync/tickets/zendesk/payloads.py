"""What Zendesk sends, as far as it is read."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.json import Decoder


class TicketP(Struct):
    """A ticket."""

    id: int
    subject: str | None = None
    status: str = ""
    external_id: str | None = None
    updated_at: datetime | None = None
    requester_id: int | None = None
    submitter_id: int | None = None
    assignee_id: int | None = None


class OneTicketP(Struct):
    """A page with one ticket."""

    ticket: TicketP


class MetaP(Struct):
    """Cursor pagination."""

    has_more: bool = False
    after_cursor: str | None = None


class TicketsP(Struct):
    """A page of tickets."""

    tickets: list[TicketP] = field(default_factory=list)
    meta: MetaP = field(default_factory=MetaP)


class ExportP(Struct):
    """A page of the incremental export."""

    tickets: list[TicketP] = field(default_factory=list)
    after_cursor: str | None = None
    end_of_stream: bool = True


class FileP(Struct):
    """An attachment."""

    file_name: str = ""


class CommentP(Struct):
    """A comment."""

    id: int
    author_id: int = 0
    created_at: datetime | None = None
    plain_body: str | None = None
    body: str = ""
    public: bool = True
    attachments: list[FileP] = field(default_factory=list)


class UserP(Struct):
    """A user."""

    id: int | None = None
    name: str = ""
    email: str | None = None
    role: str = ""


class UsersP(Struct):
    """Users that a search found."""

    users: list[UserP] = field(default_factory=list)


class CommentsP(Struct):
    """A page of comments; their authors where these are asked for."""

    comments: list[CommentP] = field(default_factory=list)
    users: list[UserP] = field(default_factory=list)
    meta: MetaP = field(default_factory=MetaP)


class MeP(Struct):
    """Who asks; without a key an answer 200 with nobody in it."""

    user: UserP


class GroupP(Struct):
    """A group of agents."""

    id: int
    name: str = ""


class GroupsP(Struct):
    """Groups."""

    groups: list[GroupP] = field(default_factory=list)


class UploadP(Struct):
    """A file that waits for its comment."""

    token: str


class UploadedP(Struct):
    """The answer to an upload."""

    upload: UploadP


class EventP(Struct):
    """What a change did."""

    id: int = 0
    type: str = ""


class AuditP(Struct):
    """The record of a change."""

    events: list[EventP] = field(default_factory=list)


class ChangedP(Struct):
    """The answer to a change."""

    ticket: TicketP
    audit: AuditP = field(default_factory=AuditP)


class ErrorP(Struct):
    """A refusal: a code, or a record with a title and a message."""

    error: Any = None
    description: str = ""


ME = Decoder(MeP)
USERS = Decoder(UsersP)
GROUPS = Decoder(GroupsP)
ONE_TICKET = Decoder(OneTicketP)
TICKETS = Decoder(TicketsP)
EXPORT = Decoder(ExportP)
COMMENTS = Decoder(CommentsP)
UPLOADED = Decoder(UploadedP)
CHANGED = Decoder(ChangedP)
ERROR = Decoder(ErrorP)


def words(body: bytes) -> str:
    """The sentence of a refusal."""
    found = ERROR.decode(body)
    if isinstance(found.error, dict):
        return str(found.error.get("message") or found.error.get("title") or "")
    return found.description or str(found.error or "")
