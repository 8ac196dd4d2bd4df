"""A real Request Tracker 5 on loopback, from Debian's package, with a queue, an agent and a custom field of its own.

The account of the agent is an ordinary one: it has the rights that docs/tickets.md names, and no others.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

_SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
_CONFIG = """Set($rtname,'rt.test'); Set($Organization,'rt.test'); Set($WebDomain,'127.0.0.1'); Set($WebPort,{port});
Set($WebPath,''); Set($DatabaseType,'SQLite'); Set($DatabaseName,'{folder}/rtdb'); Set($MailCommand,'testfile');
Set($BcryptCost,4); Set($LogToSyslog,undef); Set($LogToSTDERR,'error'); Set($LogDir,'{folder}');
Set($WebSessionClass,'Apache::Session::File'); Set($Timezone,'Asia/Tokyo'); 1;
"""
_PREPARE = """
use lib qw(/usr/local/share/request-tracker5/lib /usr/share/request-tracker5/lib);
use RT -init;
my $system = RT->SystemUser;
my $queue = RT::Queue->new($system);
$queue->Create(Name => 'Community', Description => 'From the community');
my $field = RT::CustomField->new($system);
$field->Create(Name => 'Case', Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket');
$field->AddToObject($queue);
my $everyone = RT::Group->new($system); $everyone->LoadSystemInternalGroup('Everyone');
$everyone->PrincipalObj->GrantRight(Right => $_, Object => $queue) for qw(CreateTicket ReplyToTicket);
sub account { my $user = RT::User->new($system);
    $user->Create(Name => $_[0], EmailAddress => "$_[0]\\@example.org", Privileged => 1); $user }
sub token { my $made = RT::AuthToken->new($system);
    my (undef, undef, $text) = $made->Create(Owner => $_[0]->Id, Description => 'tests'); $text }
my ($agent, $bare) = (account('agent'), account('bare'));
$agent->PrincipalObj->GrantRight(Right => $_, Object => $queue)
    for qw(SeeQueue CreateTicket ShowTicket ShowTicketComments ReplyToTicket CommentOnTicket ModifyTicket
           SeeCustomField ModifyCustomField);
my ($text, $bare_text) = (token($agent), token($bare));
print "$text\\n$bare_text\\n";
"""


@dataclass(frozen=True)
class Tracker:
    """A running one. ``token`` is the agent's, ``bare_token`` that of an account without any right in the queue."""

    url: str
    token: str
    bare_token: str

    def as_root(self, method: str, path: str, body: object | None = None) -> requests.Response:
        """Ask as its administrator, behind the back of what is tested."""
        answer = requests.request(
            method, f"{self.url}/REST/2.0{path}", json=body, auth=("root", "password"), timeout=30
        )
        answer.raise_for_status()
        return answer

    def as_customer(self, ticket: str, text: str) -> None:
        """The customer answers by mail, through RT's own gateway."""
        shown = self.as_root("GET", f"/ticket/{ticket}").json()
        sender = shown["Requestor"][0]["id"]
        mail = f"From: {sender}\nTo: rt@example.org\nSubject: Re: [rt.test #{ticket}] answer\n\n{text}\n"
        answer = requests.post(
            f"{self.url}/REST/1.0/NoAuth/mail-gateway",
            data={"queue": "Community", "action": "correspond", "message": mail}, timeout=30,
        )  # fmt: skip
        assert answer.text.startswith("ok"), answer.text


def lacking() -> str:
    """Why it cannot run here, empty when it can."""
    if shutil.which("rt-setup-database-5") is None or not _SERVER.exists():
        return "Request Tracker is not installed: .ci/system-packages tests"
    return ""


@contextmanager
def running(folder: Path) -> Iterator[Tracker]:
    """Make one in an empty folder and run it until the end."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    (folder / "etc" / "conf.d").mkdir(parents=True)
    config = folder / "etc" / "RT_SiteConfig.pm"
    config.write_text(_CONFIG.format(port=port, folder=folder), encoding="utf-8")
    places = {**os.environ, "RT_SITE_CONFIG": str(config), "RT_SITE_CONFIG_DIR": str(folder / "etc" / "conf.d")}
    subprocess.run(
        ["rt-setup-database-5", "--action", "init", "--skip-create"],
        env=places, check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    made = subprocess.run(["perl", "-e", _PREPARE], env=places, check=True, capture_output=True, text=True, timeout=120)
    token, bare = [line for line in made.stdout.splitlines() if line.count("-") >= 2]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [str(_SERVER), "--port", str(port), "--host", "127.0.0.1", "--max-workers", "2"],
            env=places, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            tracker = Tracker(f"http://127.0.0.1:{port}", token, bare)
            _until_it_answers(tracker, server)
            yield tracker
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _until_it_answers(tracker: Tracker, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        try:
            tracker.as_root("GET", "/rt")
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("Request Tracker did not start")
