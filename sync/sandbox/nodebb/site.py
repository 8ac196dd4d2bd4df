"""Who am I, settings of the site, log-in, ping (NodeBB 4.15.1, observed: API.md section 1)."""

from sync.sandbox.nodebb import show_members
from sync.sandbox.nodebb.answers import Answer, bare, language, ok, plain
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json
from sync.sandbox.state.refusal import Refused

VERSION = "4.15.1"


@route("GET", "/api/self", open=True)
def self_(call: Call) -> Answer:
    """The calling account. A guest gets 401 with a bare string; a master token that names nobody gets null."""
    if not call.logged_in:
        return bare("not-authorized", 401)
    member = call.state.tables.members.get(call.uid)
    return bare(show_members.account(call.state, member, call.uid) if member else None)


@route("GET", "/api/config", open=True)
def config(call: Call) -> Answer:
    """Settings that a page needs, among them limits and the maintenance mode."""
    settings = call.state.settings
    return bare(
        {
            "url": call.base_url,
            "relative_path": "",
            "upload_url": "/assets/uploads",
            "asset_base_url": "/assets",
            "siteTitle": settings.title,
            "browserTitle": settings.title,
            "description": "",
            "keywords": "",
            "titleLayout": "&#123;pageTitle&#125; | &#123;browserTitle&#125;",
            "showSiteTitle": True,
            "maintenanceMode": settings.maintenance,
            "postQueue": int(settings.hold_newcomers),
            "minimumTitleLength": 0,
            "maximumTitleLength": settings.longest_title,
            "minimumPostLength": settings.shortest_post,
            "maximumPostLength": settings.longest_post,
            "minimumTagsPerTopic": 0,
            "maximumTagsPerTopic": settings.most_tags,
            "minimumTagLength": 3,
            "maximumTagLength": 15,
            "maximumChatMessageLength": settings.longest_message,
            "topicsPerPage": settings.threads_per_page,
            "postsPerPage": settings.posts_per_page,
            "userLang": language(call),
            "loggedIn": call.logged_in,
            "uid": call.uid,
            "csrf_token": csrf_token(call.session),
            **_fixed(),
        }
    )


@route("GET", "/nodeinfo/2.0", open=True)
def nodeinfo(call: Call) -> Answer:
    """Software and version, for other servers (NodeInfo 2.0; NodeBB 4.15.1, observed)."""
    tables = call.state.tables
    return bare(
        {
            "version": "2.0",
            "software": {"name": "NodeBB", "version": VERSION},
            "protocols": ["activitypub"],
            "services": {"outbound": [], "inbound": []},
            "usage": {
                "users": {"total": str(len(tables.members)), "activeMonth": 0, "activeHalfyear": 0},
                "localPosts": str(len(tables.threads)),
                "localComments": max(0, len(tables.posts) - len(tables.threads)),
            },
            "openRegistrations": True,
            "metadata": {"nodeName": call.state.settings.title, "nodeDescription": "", "federation": {"enabled": True}},
        }
    )


@route("POST", "/api/v3/utilities/login")
def login(call: Call) -> Answer:
    """Log in with a password; gives a cookie. A wrong password is 403 with a raw key, not JSON."""
    name, password = str(call.fields.get("username") or ""), str(call.fields.get("password") or "")
    try:
        member = call.state.by_name(name)
    except Refused:
        member = None
    if member is None or not password or password != member.password:
        return plain(403, "[[error:invalid-login-credentials]]", "text/html; charset=utf-8")
    number = len(call.community.sessions) + 1
    session = f"s%3Asample-{call.community.seed}-{number}.{csrf_token(str(number))}"
    call.community.sessions[session] = member.id
    account = show_members.group_member(call.state, member.id, next(iter(call.state.tables.groups.values())))
    account = {key: value for key, value in account.items() if key not in ("email", "fullname", "isOwner")}
    answer = ok(account)
    answer.headers["Set-Cookie"] = f"express.sid={session}; Path=/; HttpOnly; SameSite=Lax"
    return answer


@route("GET", "/api/v3/ping")
def ping(call: Call) -> Answer:
    """Whether the write API answers."""
    return ok({"pong": True})


@route("GET", "/ping", open=True)
@route("GET", "/sping", open=True)
def plain_ping(call: Call) -> Answer:
    """Whether anything answers."""
    return plain(200, "200", "text/html; charset=utf-8")


def csrf_token(session: str) -> str:
    """The value that writes of a cookie login must carry; changes with the login."""
    import hashlib

    return hashlib.sha256(f"csrf {session}".encode()).hexdigest()


def _fixed() -> Json:
    return {
        "undoTimeout": 0,
        "useOutgoingLinksPage": False,
        "allowGuestHandles": False,
        "allowTopicsThumbnail": True,
        "usePagination": False,
        "disableChat": False,
        "disableChatMessageEditing": False,
        "socketioTransports": ["polling", "websocket"],
        "socketioOrigins": "http://127.0.0.1:*",
        "websocketAddress": "",
        "maxReconnectionAttempts": 5,
        "reconnectionDelay": 1500,
        "maximumFileSize": 2048,
        "convertPastedImageTo": "image/jpeg",
        "theme:id": "nodebb-theme-harmony",
        "theme:src": "",
        "defaultLang": "en-GB",
        "cache-buster": "v=79678213a53",
        "topicPostSort": "oldest_to_newest",
        "categoryTopicSort": "recently_replied",
        "searchEnabled": True,
        "searchDefaultInQuick": "titles",
        "bootswatchSkin": "",
        "composer:showHelpTab": True,
        "enablePostHistory": True,
        "timeagoCutoff": 30,
        "timeagoCodes": ["en", "ja"],
        "cookies": {"enabled": False, "message": "", "dismiss": "", "link": "", "link_url": ""},
        "thumbs": {"size": 512},
        "emailPrompt": 1,
        "useragent": {"isSafari": False},
        "fontawesome": {"pro": False, "styles": ["solid", "brands", "regular"], "version": "7.3.1"},
        "activitypub": {"enabled": False, "probe": 0, "worldDefaultCid": -1},
        "tinycon": {"color": "#ffffff", "background": "#ff0000"},
        "acpLang": "en-GB",
        "openOutgoingLinksInNewTab": False,
        "topicSearchEnabled": False,
        "disableCustomUserSkins": False,
        "defaultBootswatchSkin": "",
        "hideReadNotifications": False,
        "composer-default": {},
        "theme": {},
        "openDraftsOnPageLoad": False,
        "markdown": {"highlight": 1, "hljsLanguages": ["common"], "theme": "default.css"},
        "web-push": {"vapidKey": ""},
        "emojiCustomFirst": False,
    }
