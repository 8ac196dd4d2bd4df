"""A case on the first thread of the sample that staff have answered in private, as server and team would tell it."""

from dataclasses import replace
from datetime import timedelta

from moderation.cases import Case, CaseStep
from moderation.content import Forum, Post, Thread
from moderation.ids import Kind, Ref
from moderation.intents import IntentState
from tests.views.sample import EN, JA, NOW
from tests.views.stage import Stage

ANSWER = (
    "Hello Maren,\n\nwe called you at 01632 960 118 about QB-48213, as promised. Open Account, then Addresses, and set "
    "the new flat as billing address and not only as delivery address. The change reaches the billing system during "
    "the night. Old invoices stay as they are, but you can choose Reissue beside them.\n\nKind regards\nInes Lanternby"
)
ANSWER_JA = (
    "見本様\n\nお世話になっております。\nご注文 QB-48213 の件、000-1234-5678 へお電話しました。"
    "アカウントの「住所」を開き、新しいお部屋を配送先だけでなく請求先にも設定してください。"
    "変更は夜間に請求システムへ反映されます。発行済みの請求書は、横の「再発行」を押すと訂正版が届きます。\n\n"
    "よろしくお願いいたします。\nクイルビー サポート 架空 湊"
)
EARLIER = "Hello Maren, thank you for writing. We will look into it at once and come back to you."
EARLIER_JA = "見本様、ご連絡ありがとうございます。すぐに確認いたしますので、少々お待ちください。"


def solve(stage: Stage, name: str = EN, official: bool = True) -> Case:
    """Put the case into mirror and team store; gives it."""
    japanese = name == JA
    forum, thread = Ref(name, Kind.FORUM, "99"), Ref(name, Kind.THREAD, "900")
    customer, me = Ref(name, Kind.MEMBER, "100"), Ref(name, Kind.MEMBER, "2")
    said = [
        (me, "Ines Lanternby", "> My order number is QB-48213 and you can reach me on 01632 960 118 after six."),
        (me, "Ines Lanternby", EARLIER_JA if japanese else EARLIER),
        (
            customer,
            "Maren Oakhollow",
            "妻が入院中なので急いでいます。" if japanese else "My wife is in hospital, please hurry.",
        ),
        (me, "Ines Lanternby", ANSWER_JA if japanese else ANSWER),
        (customer, "Maren Oakhollow", "できました。ありがとうございます。" if japanese else "That worked, thank you!"),
    ]
    posts = [
        Post(
            Ref(name, Kind.POST, str(9900 + number)), thread, forum, who, author,
            NOW - timedelta(minutes=90 - 10 * number), body_html=f"<p>{text}</p>", body=text, position=number + 1,
        )
        for number, (who, author, text) in enumerate(said)
    ]  # fmt: skip
    head = Thread(
        thread, forum, "Private", me, "Ines Lanternby", posts[0].created_at, last_post_at=posts[-1].created_at,
        post_count=len(posts), first_post=posts[0].id, complete=True,
    )  # fmt: skip
    shown = stage.mirror.post(Ref(name, Kind.POST, "9002"))
    assert shown is not None
    stage.apply(name, posts=[replace(shown, hidden=True)])
    stage.apply(name, forums=[Forum(forum, "Private: Maren", private=True)], threads=[head], posts=posts)
    title = "請求書の住所が前のままです" if japanese else "Invoice still shows my old address"
    case = Case(
        "case-500", name, f"{name}:thread:500", title, str(customer), "見本 花子" if japanese else "Maren Oakhollow",
        "continue", "category", str(me), "Ines Lanternby", NOW - timedelta(hours=2),
    )  # fmt: skip
    stage.team.open_case(case)
    stage.team.note_step(
        CaseStep(
            "s1", case.key, name, "x:open", str(forum), IntentState.CONFIRMED, "thread", "thread:900@post.9900",
            NOW - timedelta(hours=2),
        )
    )  # fmt: skip
    return case
