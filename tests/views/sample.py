"""The rows of the design's pictures as records of a server, in English and Japanese. All people are invented."""

# ruff: noqa: E501 - wide characters count twice

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from moderation.capabilities import Capability
from moderation.content import CommunityInfo, Forum, Identity, Member, Post, Thread
from moderation.ids import Kind, Ref
from moderation.items import Change, HistoryEntry, Item, ItemState, Note, Report
from moderation.ports import CommunityRow

NOW = datetime(2026, 11, 22, 10, 40, tzinfo=UTC)
EN, JA = "quillby.example", "jp.quillby.example"


def community(name: str = EN, title: str = "Quillby Community", person: str = "Ines Lanternby") -> CommunityRow:
    """A connected NodeBB with a moderator signed in."""
    url = f"https://{name}"
    return CommunityRow(
        name=name,
        url=url,
        info=CommunityInfo(name, "nodebb", "4.15.1", url, title, min_post_length=8),
        identity=Identity(Ref(name, Kind.MEMBER, "2"), person, frozenset({"moderator"})),
        capabilities=frozenset(str(capability) for capability in Capability),
    )


@dataclass(frozen=True)
class Row:
    """One line of the pictures."""

    minutes: int
    text: str
    reason: str
    count: int
    author: str
    forum: str
    held: bool = False
    mine: bool = False
    holder: str = ""


ROWS = (
    Row(4, "My order number is QB-48213 and you can reach me on 01632 960 118 after six.", "Personal data", 3,
        "Maren Oakhollow", "Billing", mine=True),
    Row(11, "Whoever wrote this guide should lose their job, I will find and kill the author", "Threat", 2,
        "Corvin Brackwater", "Router help", holder="Dagny Pell"),
    Row(12, "CHEAP unlock codes for Q3 routers → quillby-unlock.example/codes works in all countries", "Spam", 6,
        "zx_4471", "Router help"),
    Row(38, "Router reboots every night at 02:00 since 4.12 and nobody answers", "Criticism of us", 1,
        "Tobias Fennimore", "Firmware"),
    Row(52, "My contract ends in March, can you waive the fee like you did for my neighbour?", "Contract detail", 1,
        "Odette Marrowby", "Billing"),
    Row(66, "Here is the log, password is in line 14 so you can look yourself", "Secret", 1, "Benno Crabtree", "Firmware"),
    Row(70, "First post: hello, I sell phones, ask me for a price list", "", 0, "fonedeals", "Hello", held=True),
    Row(120, "Try 192.0.2.44, that is my address at home and the router answers there", "Personal data", 1,
        "Pippa Thistlewood", "Fibre"),
    Row(130, "This has been asked twelve times, does nobody search any more?", "Rude", 2, "Hollis Vane", "Router help"),
    Row(140, "@Odette same here, they told me the 14th. Still nothing", "Off topic", 1, "Jory Pennyfeather", "Billing"),
    Row(180, "Duplicate of “Mesh node blinks orange”", "Duplicate", 1, "Wren Sallowfield", "Mesh"),
    Row(185, "Mesh node blinks orange after the storm – picture inside", "Image", 1, "Anselm Dray", "Mesh"),
    Row(192, "+1", "Low effort", 1, "Hollis Vane", "Firmware"),
)  # fmt: skip

ROWS_JA = (
    Row(4, "注文番号は QB-48213、電話は 000-1234-5678 です。夕方六時以降なら出られます。", "個人情報", 3,
        "見本 花子", "請求・契約", mine=True),
    Row(12, "【格安】解除コード販売中 → quillby-unlock.example/codes", "広告", 5, "zx_4471", "ルーター"),
    Row(38, "昨夜から毎晩2時に再起動します。誰も答えてくれません", "当社への批判", 1, "例田 一郎", "ファームウェア"),
    Row(52, "解約金の件、前の方と同じように免除してもらえますか", "契約内容", 1, "試山 陽菜", "請求・契約", holder="例野 大地"),
    Row(66, "ログを貼ります。14行目にパスワードがあります", "パスワード", 1, "仮名 さくら", "ファームウェア"),
    Row(70, "はじめまして。スマホ販売しています。価格はお問い合わせください", "", 0, "fonedeals", "自己紹介", held=True),
    Row(120, "同じ質問が十二回目です。検索しないのですか", "不適切", 2, "架橋 渉", "ルーター"),
    Row(130, "私も同じです。14日と言われましたがまだ届きません", "話題違い", 1, "見取 桃子", "請求・契約"),
    Row(140, "自宅の住所は〒000-0000 見本県例示市です", "個人情報", 1, "例示 健", "光回線"),
    Row(180, "「メッシュ子機が橙色に点滅」と重複しています", "重複", 1, "試田 翼", "メッシュ"),
    Row(185, "停電のあと子機が橙色に点滅します（写真あり）", "画像", 1, "仮屋 豊", "メッシュ"),
    Row(192, "私もです", "低品質", 1, "架橋 渉", "ファームウェア"),
)  # fmt: skip

BODY = (
    "<p>Thanks Tobias, I tried that. The second invoice still shows my old flat, and the hotline hung up on me twice. "
    "I am honestly close to leaving.</p><p>My order number is QB-48213 and you can reach me on 01632 960 118 after six. "
    "Can somebody <em>please</em> look at it?</p>"
)
SPAM = (
    "<p>CHEAP unlock codes for Q3 routers, works in all countries, pay after test → "
    '<a href="https://quillby-unlock.example/codes?ref=zx4471">quillby-unlock.example/codes?ref=zx4471</a></p>'
    '<p><img src="https://img.quillby-unlock.example/a.png"></p>'
)
BODY_JA = (
    "<p>例田さん、ありがとうございます。試しましたが、二通目の請求書も前の住所のままでした。窓口の電話も二度切れてしまい、"
    "正直なところ解約を考えています。</p><p>注文番号は QB-48213、電話は 000-1234-5678 です。夕方六時以降なら出られます。"
    "どなたか確認していただけませんか。</p>"
)


class Records:
    """Server records for some rows, ready for the mirror."""

    def __init__(self, name: str, rows: tuple[Row, ...], now: datetime = NOW) -> None:
        self.name, self.now = name, now
        japanese = name == JA
        forums = list(dict.fromkeys(row.forum for row in rows))
        people = list(dict.fromkeys(row.author for row in rows))
        self._forum = {forum: Ref(name, Kind.FORUM, str(n)) for n, forum in enumerate(forums, 1)}
        self._member = {person: Ref(name, Kind.MEMBER, str(n)) for n, person in enumerate(people, 100)}
        self.forums = [Forum(ref, forum, private=False) for forum, ref in self._forum.items()]
        self.members = [self._person(person, ref) for person, ref in self._member.items()]
        self.threads: list[Thread] = []
        self.posts: list[Post] = []
        bodies = {0: BODY_JA if japanese else BODY, 2: "" if japanese else SPAM}
        self.items = [self._item(n, row, bodies.get(n) or f"<p>{row.text}</p>") for n, row in enumerate(rows)]

    def _person(self, name: str, ref: Ref) -> Member:
        new = name == "zx_4471"
        return Member(
            ref,
            name,
            joined_at=self.now - timedelta(minutes=14 if new else 60 * 24 * 980),
            post_count=3 if new else 212,
            report_count=2 if new else 4,
            reputation=0 if new else 18,
            banned=False,
            muted=False,
        )

    def _item(self, n: int, row: Row, html: str) -> Item:
        at = self.now - timedelta(minutes=row.minutes)
        forum, author = self._forum[row.forum], self._member[row.author]
        thread = Ref(self.name, Kind.THREAD, str(500 + n))
        post = Ref(self.name, Kind.POST, str(9000 + n * 10 + 2))
        title = (
            ("請求書の住所が前のままです" if self.name == JA else "Invoice still shows my old address")
            if n == 0
            else row.text[:48]
        )
        if not row.held:
            self._thread(n, thread, forum, title, row, post, html, at)
        return Item(
            id=Ref(self.name, Kind.HELD if row.held else Kind.FLAG, f"reply-{n}" if row.held else str(40 + n)),
            state=ItemState.HELD if row.held else ItemState.OPEN,
            created_at=at,
            version="7",
            report_count=row.count,
            forum=forum,
            thread=None if row.held else thread,
            post=None if row.held else post,
            author=author,
            author_name=row.author,
            thread_title=title,
            body=row.text,
            body_html=html,
            assignee=self._holder(row),
            assignee_name=(("架空 湊" if self.name == JA else "Ines Lanternby") if row.mine else row.holder) or None,
            detail=True,
            reports=self._reports(row, at),
            notes=self._notes(n),
            history=(HistoryEntry(f"h{n}", at, None, "Pippa Thistlewood", {Change.REPORT: ""}),),
        )

    def _holder(self, row: Row) -> Ref | None:
        if row.mine:
            return Ref(self.name, Kind.MEMBER, "2")
        return Ref(self.name, Kind.MEMBER, "3") if row.holder else None

    def _reports(self, row: Row, at: datetime) -> tuple[Report, ...]:
        names = (
            ("例示 健", "見取 桃子", "ルール「連絡先」", "試田 翼", "仮屋 豊")
            if self.name == JA
            else ("Pippa Thistlewood", "Jory Pennyfeather", "Rule contact data", "Hollis Vane", "Anselm Dray", "Wren")
        )
        return tuple(
            Report(
                row.reason, Ref(self.name, Kind.MEMBER, str(900 + n)), names[n % len(names)], at + timedelta(minutes=n)
            )
            for n in range(row.count)
        )

    def _notes(self, n: int) -> tuple[Note, ...]:
        if n:
            return ()
        text = (
            "夕方のメールを希望。11月9日に折り返しの約束があったが、電話がなかったとのこと。"
            if self.name == JA
            else "Prefers mail in the evening. Was promised a call on 9 Nov and did not get it."
        )
        name = "例野 大地" if self.name == JA else "Rolf Quarrier"
        return (Note("n1", Ref(self.name, Kind.MEMBER, "4"), name, self.now - timedelta(days=12), text),)

    def _thread(
        self, n: int, thread: Ref, forum: Ref, title: str, row: Row, post: Ref, html: str, at: datetime
    ) -> None:
        author = self._member[row.author]
        self.threads.append(
            Thread(
                thread, forum, title, author, row.author, at - timedelta(hours=3),
                last_post_at=at, post_count=6, view_count=1204, complete=True, url=f"https://{self.name}/topic/{500 + n}",
            )
        )  # fmt: skip
        others = ("例田 一郎", "仮名 さくら") if self.name == JA else ("Tobias Fennimore", "Benno Crabtree")
        replies = (
            "十月の引っ越しのとき、私も同じでした。担当の方に個別に見てもらって、二日で直りましたよ。"
            if self.name == JA
            else "Same with my move in October. They fixed it in two days once somebody opened a case."
        )
        lines = [("Hello, my address is wrong.", row.author), ("Try it in the portal.", others[0])]
        lines += [(html, row.author), (replies, others[1]), ("Thank you.", row.author), ("Any news?", others[0])]
        for position, (text, name) in enumerate(lines, 1):
            own = position == 3
            self.posts.append(
                Post(
                    post if own else Ref(self.name, Kind.POST, str(9000 + n * 10 + position - 1)),
                    thread, forum, self._member.get(name, author), name, at + timedelta(minutes=position - 3),
                    body_html=text if own else f"<p>{text}</p>", body=row.text if own else text, position=position,
                    url=f"https://{self.name}/post/{9000 + n * 10 + position - 1}",
                )
            )  # fmt: skip

    def all(self) -> dict[str, list[object]]:
        """Arguments of :meth:`tests.views.stage.Stage.apply`."""
        return {
            "forums": list(self.forums),
            "members": list(self.members),
            "threads": list(self.threads),
            "posts": list(self.posts),
            "items": list(self.items),
        }
