"""Bad input and bad weather: one clear sentence with a next step, nothing lost, the contract's exit code."""

import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from console import crash
from console.cli import queue as queue_command
from sync.sandbox import Fault
from tests.console.conftest import COLLEAGUE, COMPANY, MODERATOR, Sample
from tests.console.schema import fits
from tests.support.program import Program, Result


def one_sentence(done: Result, code: int, said: str) -> None:
    assert (done.code, done.out) == (code, ""), done.err
    assert said in done.err
    assert "Traceback" not in done.err
    assert "‹" not in done.err


def connect(marquee: Program, url: str, user: str = MODERATOR, token: str = "some-token", *more: str) -> Result:
    return marquee("connect", url, "--user", user, "--token-stdin", *more, stdin=token + "\n")


# -- connecting


def test_nobody_answers(marquee: Program, expected_logs: list[str]) -> None:
    expected_logs.append("connection_refused")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    one_sentence(connect(marquee, f"http://127.0.0.1:{port}"), 1, "127.0.0.1")
    assert not (marquee.folder / "settings.toml").exists()


def test_a_name_that_does_not_exist(marquee: Program, expected_logs: list[str]) -> None:
    expected_logs.append("host_not_found")
    one_sentence(connect(marquee, "https://nosuch.invalid"), 1, "nosuch.invalid")


@pytest.mark.parametrize("url", ["not a url", "ftp://c.example", "https://ada:hunter2@c.example"])
def test_what_is_no_address(marquee: Program, url: str) -> None:
    done = connect(marquee, url)
    assert done.code == 2
    assert "hunter2" not in done.err


@pytest.fixture
def web_server() -> Iterator[Callable[..., str]]:
    """Serves one page for everything; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(body: bytes, kind: str = "text/html", status: int = 200, context: ssl.SSLContext | None = None) -> str:
        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_web_site_that_is_no_community(marquee: Program, web_server: Callable[..., str]) -> None:
    one_sentence(connect(marquee, web_server(b"<html>hello")), 1, "No community")
    one_sentence(connect(marquee, web_server(b'{"x": 1}', "application/json")), 1, "No community")


def test_a_certificate_that_nobody_signed(
    marquee: Program, web_server: Callable[..., str], tmp_path: Path, expected_logs: list[str]
) -> None:
    expected_logs.append("certificate_self_signed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = os.system(
        f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {key} -out {certificate} -days 2 -subj /CN=127.0.0.1 "
        "-addext subjectAltName=IP:127.0.0.1 >/dev/null 2>&1"
    )
    if made:
        pytest.skip("no openssl here to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    one_sentence(connect(marquee, web_server(b"", context=context)), 1, "certificate")


@pytest.mark.parametrize(
    ("user", "owner", "code", "said"),
    [
        (MODERATOR, "", 4, "token"),
        (MODERATOR, COLLEAGUE, 4, COLLEAGUE),
        ("maren_oakhollow", "maren_oakhollow", 6, "may not"),
    ],
)
def test_a_token_that_is_not_right(
    marquee: Program, sample: Sample, user: str, owner: str, code: int, said: str
) -> None:
    token = sample.token(owner) if owner else "00000000-0000-4000-8000-000000000000"
    done = connect(marquee, sample.url, user, token)
    one_sentence(done, code, said)
    assert token not in done.err
    assert marquee("communities", "--json").json == []


@pytest.mark.parametrize("token", ["two\nlines", "トークン", "\x07bell"])
def test_what_cannot_be_a_token(marquee: Program, sample: Sample, token: str) -> None:
    done = marquee("connect", sample.url, "--user", MODERATOR, MARQUEE_TOKEN=token)
    one_sentence(done, 4, "not a token")
    assert token not in done.err


def test_a_token_that_broke_later_asks_to_sign_in(connected: Program) -> None:
    connected.kill_engine()
    done = connected("sync", MARQUEE_TOKEN="two\nlines")
    assert (done.code, "not a token" in done.err) == (4, True), done.err


def test_connecting_in_bad_weather_says_to_do_it_again(
    marquee: Program, sample: Sample, web_server: Callable[..., str], expected_logs: list[str]
) -> None:
    expected_logs.append("gateway_error|maintenance")
    one_sentence(connect(marquee, web_server(b"<html>Bad gateway", status=502)), 1, "marquee connect` again later")
    assert not (marquee.folder / "settings.toml").exists()


def test_without_keyring_each_account_is_told_its_variable(marquee: Program, sample: Sample) -> None:
    assert "MARQUEE_TOKEN" in connect(marquee, sample.url, MODERATOR, sample.token()).err
    official = connect(marquee, sample.url, COMPANY, sample.token(COMPANY), "--as", "official")
    assert "MARQUEE_OFFICIAL_TOKEN" in official.err


def test_no_token_at_all(marquee: Program, sample: Sample) -> None:
    one_sentence(connect(marquee, sample.url, token=""), 4, "No token")


def test_the_company_account_alone(marquee: Program, sample: Sample) -> None:
    done = connect(marquee, sample.url, COMPANY, sample.token(COMPANY), "--as", "official")
    one_sentence(done, 6, "Connect yourself first")


def test_a_master_token_finds_the_company_account_by_its_name(marquee: Program, sample: Sample) -> None:
    assert connect(marquee, sample.url, MODERATOR, sample.token()).code == 0
    master = sample.community.master_token()
    done = connect(marquee, sample.url, COMPANY, master, "--as", "official")
    assert done.code == 0
    (row,) = marquee("communities", "--json").json
    assert row["official"] == COMPANY
    nobody = connect(marquee, sample.url, "nobody-of-this-name", master, "--as", "official")
    one_sentence(nobody, 4, "--acts-as")


def test_another_person_in_the_same_home(connected: Program, sample: Sample) -> None:
    done = connect(connected, sample.url, COLLEAGUE, sample.token(COLLEAGUE))
    one_sentence(done, 6, MODERATOR)


def test_without_community_everything_says_how_to_begin(marquee: Program) -> None:
    for command in (["queue"], ["sync"], ["search", "x"]):
        one_sentence(marquee(*command), 1, "marquee connect")


# -- on the way


def a_flag(marquee: Program, place: int = 0) -> str:
    return str(
        [row for row in marquee("queue", "--state", "open", "--json").json if row["kind"] == "flag"][place]["id"]
    )


def native(ident: str) -> int:
    return int(ident.rsplit(":", 1)[1])


def state_of(sample: Sample, ident: str) -> str:
    items = sample.community.snapshot()["items"]
    return str(next(item["state"] for item in items if item["id"] == native(ident)))


def test_the_server_is_away_and_comes_back(connected: Program, sample: Sample) -> None:
    flag = a_flag(connected)
    sample.community.maintenance(True)
    assert connected("sync").code == 1
    done = connected("decide", flag, "resolve", "--now", "--wait", "0.5", "--json")
    assert done.code == 5
    assert "goes out by itself" in done.err
    assert fits("decide", done.json)["state"] == "waiting"
    assert connected("queue").code == 0
    sample.community.maintenance(False)
    intent = done.json["steps"][0]["intent"]
    again = connected("outbox", "--retry", intent, "--json")
    assert (again.code, fits("outbox", again.json)[0]["state"]) == (0, "confirmed"), again.err
    assert state_of(sample, flag) == "resolved"


def test_a_revoked_token_stops_everything_and_keeps_it(connected: Program, sample: Sample) -> None:
    flag = a_flag(connected)
    sample.community.revoke_token(sample.token())
    connected.kill_engine()
    one_answer = connected("sync", "--json")
    assert one_answer.code == 4
    assert "Traceback" not in one_answer.err
    done = connected("decide", flag, "resolve", "--now", "--wait", "20", "--json")
    assert (done.code, done.json["state"]) == (4, "waiting")
    connected.environment["MARQUEE_TOKEN"] = sample.token()  # a new one
    assert connected("connect", sample.url, "--user", MODERATOR).code == 0
    again = connected("outbox", "--retry", done.json["steps"][0]["intent"], "--json")
    assert (again.code, again.json[0]["state"]) == (0, "confirmed"), again.err
    assert state_of(sample, flag) == "resolved"


def test_a_lost_answer_is_looked_for_and_never_sent_twice(connected: Program, sample: Sample) -> None:
    flag = a_flag(connected)
    sample.community.fault(Fault("drop_after", path="/flags/", method="PUT"))
    done = connected("decide", flag, "resolve", "--now", "--json")
    assert (done.code, done.json["state"]) == (0, "confirmed"), done.err
    assert len([e for e in sample.effects("decide") if e["target"] == f"item:{flag.rsplit(':', 1)[1]}"]) == 1


def test_in_doubt_is_said_with_its_code(connected: Program, sample: Sample) -> None:
    thread = next(row["thread"] for row in connected("queue", "--json").json if row["thread"])
    sample.community.fault(Fault("proxy_502", path="/topics/", method="POST"))
    done = connected("reply", thread, "--text", "We are on it.", "--now", "--wait", "3", "--json")
    assert (done.code, fits("reply", done.json)["state"]) == (7, "in_doubt")
    intent = done.json["steps"][0]["intent"]
    refused = connected("outbox", "--retry", intent)
    assert refused.code == 6
    assert "looked for" in refused.err


def test_a_restored_server_is_said_in_words_and_forgets_what_it_forgot(connected: Program, sample: Sample) -> None:
    decided, waiting = a_flag(connected), a_flag(connected, 1)
    thread = next(row["thread"] for row in connected("queue", "--json").json if row["thread"])
    sample.community.save_backup()
    assert connected("decide", decided, "resolve", "--now").code == 0
    for text in ("One that is lost.", "Another that is lost."):
        assert connected("reply", thread, "--text", text, "--now").code == 0
    sample.community.fault(Fault("status", path="/api/", status=503, times=1_000_000))
    assert connected("decide", waiting, "resolve", "--now", "--wait", "0.5").code == 5
    sample.community.restore_backup()
    sample.community.reply_as(COLLEAGUE, native(thread), "A post that takes the number of a lost one.")
    sample.community.faults.orders.clear()
    ends, said = time.monotonic() + 60, connected("sync")
    while "backup" not in said.err:
        assert time.monotonic() < ends, said.err
        time.sleep(0.05)
        said = connected("sync")
    assert said.code == 1
    shown = connected("outbox", "--language", "en")
    assert "backup" in shown.err
    assert "‹" not in shown.err
    ends = time.monotonic() + 60
    while decided not in {row["id"] for row in connected("queue", "--json").json}:
        assert time.monotonic() < ends, (said.err, state_of(sample, decided), connected("communities").out)
        said = connected("sync")
    assert state_of(sample, decided) == "open"
    done = connected("reply", thread, "--text", "This takes the number of the other.", "--now", "--json")
    assert (done.code, done.json["state"]) == (0, "confirmed"), done.err


def test_a_record_that_does_not_fit_is_said_and_the_rest_kept(connected: Program, sample: Sample) -> None:
    thread = next(iter(sample.community.state.tables.threads.values()))
    sample.community.reply_as(COLLEAGUE, thread.id, "Something new here.")
    thread.title = 5  # type: ignore[assignment]
    done = connected("sync", "--json")
    assert done.code == 0
    assert fits("sync", done.json)[0]["set_aside"] >= 1
    assert "set aside" in done.err
    assert "‹" not in done.err


def test_a_refusal_is_said_with_its_code(connected: Program, sample: Sample) -> None:
    flag = a_flag(connected)
    sample.community.fault(Fault("status", path="/flags/", method="PUT", status=403))
    done = connected("decide", flag, "resolve", "--now", "--json")
    assert (done.code, done.json["state"]) == (6, "refused"), done.err
    assert state_of(sample, flag) == "open"


def test_the_engine_is_killed_and_nothing_is_lost(connected: Program, sample: Sample) -> None:
    sample.community.service.service_time_ms = 80
    flags = [a_flag(connected, place) for place in range(3)]
    for flag in flags:
        assert connected("decide", flag, "resolve", "--now", "--wait", "0").code in {0, 5}
    assert connected.kill_engine() is not None
    sample.community.service.service_time_ms = 0
    for entry in connected("outbox", "--json").json:
        if entry["state"] in {"waiting", "in_doubt"}:
            connected("outbox", "--retry", entry["intent"])
    connected("sync")
    limit = 200
    while connected("outbox", "--json").json and limit:
        limit -= 1
    for flag in flags:
        assert state_of(sample, flag) == "resolved"
        assert len([e for e in sample.effects("decide") if e["target"] == f"item:{flag.rsplit(':', 1)[1]}"]) == 1


# -- this machine


def test_settings_that_do_not_read(connected: Program) -> None:
    path = connected.folder / "settings.toml"
    good = path.read_text()
    path.write_text("language = \n" + good)
    one_sentence(connected("queue"), 1, "settings.toml")
    assert connected("doctor", "--offline", "--json").code == 1
    path.write_text(good)
    assert connected("queue").code == 0


def test_a_home_that_cannot_be_made(marquee: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    one_sentence(marquee("outbox", "--home", str(tmp_path / "file" / "home")), 1, "folder")


def test_a_wrong_key(connected: Program) -> None:
    done = connected("queue", MARQUEE_STORE_KEY="cd" * 32)
    one_sentence(done, 1, "key")
    done = connected("decide", "c:flag:1", "resolve", MARQUEE_STORE_KEY="a passphrase instead")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert connected("queue").code == 0


def test_a_damaged_mirror_is_filled_again(connected: Program) -> None:
    before = connected("queue", "--json").json
    connected.kill_engine()
    for path in connected.folder.glob("mirror.sqlite*"):
        path.write_bytes(os.urandom(8192) if path.name == "mirror.sqlite" else b"")
    assert connected("sync").code == 0
    again = connected("queue", "--json").json
    assert {row["id"] for row in again} == {row["id"] for row in before}
    (row,) = connected("communities", "--json").json
    assert row["official"] == COMPANY
    assert row["title"] == "Quillby Community"


def test_a_bug_is_a_report_without_secrets(connected: Program, sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"it holds {sample.token()}")

    monkeypatch.setattr(queue_command, "pages", broken)
    one_sentence(connected("queue"), 1, "Something went wrong in this program (RuntimeError)")
    (report,) = (connected.folder / "logs").glob("crash-*.txt")
    text = report.read_text()
    assert "in broken" in text
    assert sample.token() not in text
    assert connected.environment["MARQUEE_STORE_KEY"] not in text
    assert report.stat().st_mode & 0o077 == 0


def test_what_looks_like_a_secret_is_left_out() -> None:
    text = crash.redact("Authorization: Bearer abc.def-1 and token=xyz, key: '123'", ["hunter2 "])
    assert not {"abc.def-1", "xyz", "123"} & set(text.replace("'", " ").replace("=", " ").replace(",", " ").split())


def test_two_commands_at_once(connected: Program, sample: Sample) -> None:
    """Any number of processes may read and journal: each decision goes out once."""
    flags = [a_flag(connected, place) for place in range(4)]
    results: dict[str, int] = {}

    def decide(flag: str) -> None:
        import subprocess
        import sys

        environment = {**os.environ, **connected.environment, "MARQUEE_HOME": str(connected.folder)}
        command = [sys.executable, "-m", "console", "decide", flag, "resolve", "--now"]
        results[flag] = subprocess.run(command, env=environment, capture_output=True, check=False).returncode

    threads = [threading.Thread(target=decide, args=(flag,)) for flag in flags]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == dict.fromkeys(flags, 0)
    decided = [effect["target"] for effect in sample.effects("decide")]
    assert sorted(decided) == sorted(f"item:{flag.rsplit(':', 1)[1]}" for flag in flags)


def test_the_log_of_the_engine_holds_no_secrets(connected: Program, sample: Sample) -> None:
    connected("decide", a_flag(connected), "resolve", "--now")
    sample.community.fault(Fault("garbage", path="/flags", times=5))
    connected("sync")
    kept = b"".join(path.read_bytes() for path in connected.folder.rglob("*") if path.is_file())
    for secret in (sample.token(), sample.token(COMPANY), connected.environment["MARQUEE_STORE_KEY"]):
        assert secret.encode() not in kept
