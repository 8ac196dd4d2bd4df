<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>AskDialog</name>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Asking the community for the text as it was typed…</source>
        <translation>入力されたままの本文を取得しています…</translation>
    </message>
    <message>
        <source>For how long</source>
        <translation>期間</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 日</translation>
    </message>
    <message>
        <source>3 days</source>
        <translation>3 日</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 日</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 日</translation>
    </message>
    <message>
        <source>Without an end</source>
        <translation>期限なし</translation>
    </message>
    <message>
        <source>Forum</source>
        <translation>フォーラム</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>本文</translation>
    </message>
</context>
<context>
    <name>AuthorLine</name>
    <message>
        <source>Details</source>
        <translation>詳細</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Text</source>
        <translation>本文</translation>
    </message>
</context>
<context>
    <name>ComposerBar</name>
    <message>
        <source>as</source>
        <translation>名義</translation>
    </message>
    <message>
        <source>Send as</source>
        <translation>送信する名義</translation>
    </message>
    <message>
        <source>Bold</source>
        <translation>太字</translation>
    </message>
    <message>
        <source>Italic</source>
        <translation>斜体</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>コード</translation>
    </message>
    <message>
        <source>Quote</source>
        <translation>引用</translation>
    </message>
    <message>
        <source>List</source>
        <translation>箇条書き</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>リンク</translation>
    </message>
    <message>
        <source>Snippet</source>
        <translation>定型文</translation>
    </message>
    <message>
        <source>Yourself</source>
        <translation>自分</translation>
    </message>
    <message>
        <source>{name} (official)</source>
        <translation>{name}（公式）</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong in Marquee</source>
        <translation>Marquee の内部で問題が起きました</translation>
    </message>
    <message>
        <source>This is a fault of the program, not yours. Decisions and drafts are kept and are sent by the engine as before. You can go on; if the window behaves strangely, close it and open it again.</source>
        <translation>プログラム側の不具合です。判断と下書きは保存済みで、送信もこれまでどおり続きます。このまま作業できます。画面の動きがおかしいときは、閉じて開き直してください。</translation>
    </message>
    <message>
        <source>The report lies in {path}. Nothing is sent by itself.</source>
        <translation>報告書は {path} にあります。自動では送信しません。</translation>
    </message>
    <message>
        <source>The report could not be written to the disk. Nothing is sent by itself.</source>
        <translation>報告書をディスクに書き込めませんでした。自動では送信しません。</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>詳細</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>コピー</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>続ける</translation>
    </message>
</context>
<context>
    <name>Drawer</name>
    <message>
        <source>Author</source>
        <translation>投稿者</translation>
    </message>
</context>
<context>
    <name>EmptyPane</name>
    <message>
        <source>What waits elsewhere</source>
        <translation>ほかで待っているもの</translation>
    </message>
</context>
<context>
    <name>FilterSheet</name>
    <message>
        <source>Filter</source>
        <translation>絞り込み</translation>
    </message>
    <message>
        <source>Words in the post</source>
        <translation>投稿に含まれる語</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Reports and held posts</source>
        <translation>通報と保留中の投稿</translation>
    </message>
    <message>
        <source>Reports only</source>
        <translation>通報のみ</translation>
    </message>
    <message>
        <source>Held posts only</source>
        <translation>保留中の投稿のみ</translation>
    </message>
    <message>
        <source>Forums (none chosen: all)</source>
        <translation>フォーラム（選択なし：すべて）</translation>
    </message>
    <message>
        <source>Forums</source>
        <translation>フォーラム</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>解除</translation>
    </message>
</context>
<context>
    <name>FindingList</name>
    <message>
        <source>Checks</source>
        <translation>確認</translation>
    </message>
</context>
<context>
    <name>HistorySheet</name>
    <message>
        <source>Reports</source>
        <translation>通報</translation>
    </message>
    <message>
        <source>History</source>
        <translation>履歴</translation>
    </message>
    <message>
        <source>All reports and history</source>
        <translation>すべての通報と履歴</translation>
    </message>
</context>
<context>
    <name>IntentSheet</name>
    <message>
        <source>What happened</source>
        <translation>経過</translation>
    </message>
    <message>
        <source>You wanted</source>
        <translation>自分の判断</translation>
    </message>
    <message>
        <source>The community has</source>
        <translation>コミュニティの現状</translation>
    </message>
</context>
<context>
    <name>ItemHeader</name>
    <message>
        <source>Nothing selected</source>
        <translation>選択なし</translation>
    </message>
</context>
<context>
    <name>ItemPane</name>
    <message>
        <source>Thread</source>
        <translation>スレッド</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>読み込み中…</translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Find a key or an action</source>
        <translation>キーや操作を探す</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>キー一覧</translation>
    </message>
    <message>
        <source>what works here and now; Alt ↵ in the palette changes one</source>
        <translation>今ここで使えるキー。変更はコマンド一覧で Alt ↵</translation>
    </message>
</context>
<context>
    <name>OutboxPane</name>
    <message>
        <source>Decision</source>
        <translation>判断</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Search or run</source>
        <translation>検索・コマンド</translation>
    </message>
    <message>
        <source>Press the new key for “{verb}”, Esc leaves it</source>
        <translation>「{verb}」の新しいキーを押してください（Esc でやめる）</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>見つかりません</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>選ぶ</translation>
    </message>
    <message>
        <source>run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>another key</source>
        <translation>キーを変更</translation>
    </message>
    <message>
        <source>&gt; actions   # places   / text</source>
        <translation>&gt; 操作   # 場所   / 本文</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Queue</source>
        <translation>キュー</translation>
    </message>
    <message>
        <source>New reports and held posts appear here by themselves.</source>
        <translation>新しい通報と保留中の投稿は自動で表示されます。</translation>
    </message>
    <message>
        <source>By priority</source>
        <translation>優先度順</translation>
    </message>
</context>
<context>
    <name>ReasonList</name>
    <message>
        <source>Text</source>
        <translation>本文</translation>
    </message>
    <message>
        <source>Ctrl ↵ takes it</source>
        <translation>Ctrl ↵ で確定</translation>
    </message>
    <message>
        <source>number or Enter</source>
        <translation>番号か Enter</translation>
    </message>
    <message>
        <source>tells the author</source>
        <translation>本人に連絡</translation>
    </message>
    <message>
        <source>asks for a note</source>
        <translation>メモが必要</translation>
    </message>
    <message>
        <source>change</source>
        <translation>変更</translation>
    </message>
    <message>
        <source>Author reads: “{text}”</source>
        <translation>本人への連絡：「{text}」</translation>
    </message>
    <message>
        <source>The author is not told.</source>
        <translation>本人には連絡しません。</translation>
    </message>
    <message>
        <source>Note for staff</source>
        <translation>スタッフ向けメモ</translation>
    </message>
    <message>
        <source>The author reads</source>
        <translation>本人への連絡</translation>
    </message>
    <message>
        <source>takes it</source>
        <translation>確定</translation>
    </message>
    <message>
        <source>back to the reasons</source>
        <translation>理由の一覧へ</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>システムに合わせる</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>明るい</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>暗い</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高コントラスト</translation>
    </message>
    <message>
        <source>Not loaded until asked for, then blurred</source>
        <translation>求めるまで読み込まず、ぼかして表示</translation>
    </message>
    <message>
        <source>Loaded from the community itself, blurred</source>
        <translation>コミュニティ自身の画像は自動で読み込み、ぼかす</translation>
    </message>
    <message>
        <source>Loaded from the community itself, shown</source>
        <translation>コミュニティ自身の画像は自動で読み込み、はっきり表示</translation>
    </message>
    <message>
        <source>Compact rows, one line each</source>
        <translation>行を 1 行に詰める</translation>
    </message>
    <message>
        <source>Colours for states (icons and words say the same)</source>
        <translation>状態を色でも示す（アイコンと言葉は常に表示）</translation>
    </message>
    <message>
        <source>Less motion: pies move once a second</source>
        <translation>動きを減らす（残り時間は 1 秒ごと）</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字の大きさ</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>Pictures in posts</source>
        <translation>投稿の画像</translation>
    </message>
    <message>
        <source>Usual keys</source>
        <translation>キーを初期設定に戻す</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Places</source>
        <translation>場所</translation>
    </message>
    <message>
        <source>Communities</source>
        <translation>コミュニティ</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Last:</source>
        <translation>直前：</translation>
    </message>
    <message>
        <source>Nothing waits to be sent</source>
        <translation>送信待ちはありません</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>今すぐ再試行</translation>
    </message>
</context>
<context>
    <name>WindowWork</name>
    <message>
        <source>Open this address in the browser?</source>
        <translation>このアドレスをブラウザーで開きますか？</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
</context>
<context>
    <name>_SearchBox</name>
    <message>
        <source>Search or run</source>
        <translation>検索・コマンド</translation>
    </message>
</context>
</TS>
