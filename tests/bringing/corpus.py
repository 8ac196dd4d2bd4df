"""Texts of invented cases in English and Japanese, and what people do to a sentence when they rewrite it a little."""

import random
import re
from collections.abc import Callable

STAFF_EN = """
The second invoice is made before the address is changed, so it still carries the old one.
Open Account, then Addresses, and set the new flat as billing address and not only as delivery address.
The change reaches the billing system during the night and the next invoice is correct.
If an invoice was already sent, choose Reissue beside it and a corrected copy arrives by mail.
The restart at two in the morning comes from the automatic channel search in firmware 4.12.
Switch off automatic channels under Wireless, Advanced, and choose channel 36 by hand.
We have withdrawn that build, and the next one asks before it restarts.
Please keep the mesh satellite within two rooms of the router until its light turns white.
The orange light means that the satellite has power but has lost the backhaul connection.
Hold the pairing button for ten seconds, wait until it blinks, and then press the one on the router once.
Your contract runs until the end of March because the loyalty discount renewed it in the spring.
We have ended it early without a fee, as the move took you out of the area that we can supply.
Anyone who moves outside of the fibre area may end a contract with one month of notice.
The refund goes back to the account that the payment came from and takes five working days.
"""
STAFF_JA = """
二通目の請求書は住所の変更より前に作られるため、古い住所のまま印字されます。
アカウントの「住所」を開き、新しい部屋を配送先だけでなく請求先にも設定してください。
変更は夜間に請求システムへ反映され、次回の請求書から正しくなります。
すでに発行された請求書は、横の「再発行」を押すと訂正版がメールで届きます。
午前二時の再起動は、ファームウェア4.12の自動チャンネル検索が原因でした。
無線の詳細設定で自動チャンネルを切り、手動で36チャンネルを選んでください。
この版は配布を取りやめ、次の版では再起動の前に確認が出ます。
子機のランプが白に変わるまで、ルーターから二部屋以内に置いてください。
橙色の点灯は、電源は入っているものの親機との接続が切れていることを示します。
ペアリングボタンを十秒間押し続け、点滅したら親機のボタンを一度だけ押してください。
春に継続割引が更新されたため、ご契約は三月末までとなっております。
提供エリア外へのお引っ越しでしたので、解約金なしで契約を終了いたしました。
"""
CUSTOMER_EN = """
My wife is in hospital and I really need the line to work by Thursday.
I have not paid the October bill because I lost my job at the printing works.
Your driver left the parcel with the neighbour who does not speak to us.
The alarm company says that our old alarm code still opens the back door.
"""
CUSTOMER_JA = """
妻が入院しているので、木曜日までにどうしても回線を使えるようにしたいのです。
印刷所の仕事を失い、十月分の料金をまだ払えていません。
配達の方が、付き合いのない隣の家に荷物を置いていきました。
"""
UNRELATED_EN = """
Thank you for your patience while we looked into this.
Please restart the router and try again after a few minutes.
The new firmware is available from the support page.
You can find the serial number on the bottom of the device.
We are sorry for the trouble that this has caused.
A blue light means that the update is being installed.
Use a cable for the first set-up, the wireless network comes later.
The app shows the signal strength of every connected device.
Guests get their own network name and cannot see your printers.
If the page does not load, clear the cache of the browser.
Our shop in the station is open on Sundays until eight.
The television box needs at least fifteen megabits for each stream.
Parental controls can be set for single devices or for groups.
Port forwarding is found under Network, Rules, in the expert view.
The outage in the north was repaired on Tuesday evening.
Choose a longer password and never use the same one twice.
The invoice shows the basic fee and the calls apart from each other.
Numbers are kept when you change to another tariff.
Please write to us here when the problem comes back.
The satellite needs the same firmware as the router.
Turn the antenna a quarter and measure again.
We have passed your idea on to the people who make the app.
The billing address can be seen on the first page of every invoice.
Wait until the light stops blinking before you pull the plug.
This thread is about the old model, the new one has its own forum.
A factory reset deletes all names, rules and passwords.
The discount is taken off for the first twelve months.
You may return the device within fourteen days.
Telephone calls over the internet need a second profile.
The repair centre sends a message as soon as the parcel has arrived.
Contracts can be seen under Account, Documents.
Please choose your country before you enter the postal code.
"""
UNRELATED_JA = """
調査にお時間をいただき、ありがとうございました。
ルーターを再起動し、数分後にもう一度お試しください。
新しいファームウェアはサポートページから入手できます。
製造番号は本体の底面に印字されています。
ご不便をおかけして申し訳ございません。
青色の点灯は更新中であることを示します。
最初の設定は有線で行い、無線は後から設定してください。
アプリでは接続中の機器ごとの電波の強さを確認できます。
来客用の回線からは、ご家庭のプリンターは見えません。
ページが表示されない場合は、ブラウザーの一時ファイルを消してください。
駅前の店舗は日曜日も夜八時まで営業しています。
テレビの受信機には一本あたり十五メガビット以上が必要です。
利用時間の制限は、機器ごとにもグループごとにも設定できます。
北部の障害は火曜日の夕方に復旧しました。
長いパスワードを選び、使い回しはお避けください。
料金プランを変えても電話番号はそのままお使いいただけます。
問題が再発した場合は、このスレッドにお書きください。
子機と親機のファームウェアは同じ版にそろえてください。
アンテナの向きを少し変えて、もう一度測ってください。
割引は最初の十二か月間に適用されます。
商品は十四日以内であれば返品できます。
修理センターに荷物が届き次第、お知らせをお送りします。
契約書はアカウントの「書類」でご覧いただけます。
住所を入力する前に、お住まいの国を選んでください。
"""


def lines(text: str) -> list[str]:
    """The sentences of one of these lists."""
    return [line for line in text.splitlines() if line.strip()]


_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")
_OTHER_WORDS = {"please": "kindly", "invoice": "bill", "choose": "pick", "next": "following", "because": "as"}
_OTHER_JA = {"ください": "下さい", "設定": "セット", "請求書": "請求の書類", "ため": "ので", "しました": "いたしました"}


def is_japanese(text: str) -> bool:
    """True for the Japanese ones."""
    return _JAPANESE.search(text) is not None


def breaks(text: str, dice: random.Random) -> str:
    """Line breaks in the middle."""
    if is_japanese(text):
        return "\n".join(text[at : at + 11] for at in range(0, len(text), 11))
    words = text.split()
    return "\n".join(" ".join(words[at : at + 4]) for at in range(0, len(words), 4))


def width(text: str, dice: random.Random) -> str:
    """Full-width letters and digits, and the other case."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text.swapcase())


def unseen(text: str, dice: random.Random) -> str:
    """Characters without width between all others."""
    return "\u200b".join(text)


def signs(text: str, dice: random.Random) -> str:
    """Markup and signs strewn in."""
    return "".join(f"{char}{dice.choice('*_·-')}" if dice.random() < 0.2 else char for char in text)


def lookalikes(text: str, dice: random.Random) -> str:
    """Letters of another alphabet that look the same."""
    return text.translate(str.maketrans("aeopcx", "аеорсх"))


def typo(text: str, dice: random.Random) -> str:
    """Two characters gone wrong."""
    for _ in range(2):
        at = dice.randrange(len(text))
        text = text[:at] + dice.choice(("", "x" if not is_japanese(text) else "の")) + text[at + 1 :]
    return text


def words(text: str, dice: random.Random) -> str:
    """A word or two replaced by others."""
    for word, other in (_OTHER_JA if is_japanese(text) else _OTHER_WORDS).items():
        text = re.sub(word, other, text, count=1, flags=re.IGNORECASE)
    if is_japanese(text):
        return text
    parts = text.split()
    parts[dice.randrange(len(parts))] = "really"
    return " ".join(parts)


def half(text: str, dice: random.Random) -> str:
    """Only its second half, behind words of one's own."""
    return ("なお、" if is_japanese(text) else "In short: ") + text[len(text) // 2 :]


def around(text: str, dice: random.Random) -> str:
    """Wrapped into a longer sentence."""
    if is_japanese(text):
        return f"他の皆さまのご参考になるかもしれませんので書いておきますと、{text.rstrip('。')}ということでした。"
    return (
        f"For everybody who reads this later and has the same question as here: {text.rstrip('.')}, as it turned out."
    )


def turned(text: str, dice: random.Random) -> str:
    """Its two halves in the other order."""
    if is_japanese(text):
        head, _, tail = text.rstrip("。").partition("、")
        return f"{tail}、{head}。"
    parts = text.rstrip(".").split()
    return " ".join([*parts[len(parts) // 2 :], *parts[: len(parts) // 2]]) + "."


def every_third(text: str, dice: random.Random) -> str:
    """Every third word replaced: more than a small edit."""
    if is_japanese(text):
        return "".join("某" if at % 5 == 4 else char for at, char in enumerate(text))
    return " ".join("something" if at % 3 == 2 else word for at, word in enumerate(text.split()))


def a_letter_each(text: str, dice: random.Random) -> str:
    """A letter put into the middle of every word: more than a small edit."""
    if is_japanese(text):
        return "".join(f"{char}の" if at % 4 == 3 else char for at, char in enumerate(text))
    return " ".join(f"{word[: len(word) // 2]}q{word[len(word) // 2 :]}" for word in text.split())


Edit = Callable[[str, random.Random], str]
SMALL: dict[str, Edit] = {
    "line breaks": breaks,
    "other width and case": width,
    "characters without width": unseen,
    "markup and signs strewn in": signs,
    "letters that look alike": lookalikes,
    "two typing errors": typo,
    "a word or two replaced": words,
    "the second half only": half,
    "wrapped into a longer sentence": around,
    "halves turned round": turned,
}
LARGE: dict[str, Edit] = {
    "every third word replaced (every fifth character in Japanese)": every_third,
    "a letter put into every word (after every fourth character)": a_letter_each,
}
