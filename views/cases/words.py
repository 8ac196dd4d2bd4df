"""Words, icons and colours for how a conversation stands."""

from datetime import datetime

from moderation.case_tickets import Question
from moderation.conversation import Participant, Party, Standing, Status
from moderation.text import one_line
from views.words import Words

SIGNS: dict[Status, tuple[str, str]] = {
    Status.STOPPED: ("alert-triangle", "staff"),
    Status.WAITING_STAFF: ("message-reply", "staff"),
    Status.OPEN: ("help-circle", "text3"),
    Status.WAITING_CUSTOMER: ("clock", "customer"),
    Status.MOVING: ("transfer", "public"),
    Status.CLOSED: ("circle-check", "text3"),
    Status.UNDONE: ("arrow-back-up", "text3"),
}
"""Icon and colour of a status."""
GROUPS: dict[Status, str] = {status: f"cases_group_{status}" for status in SIGNS} | {
    Status.CLOSED: "cases_group_over",
    Status.UNDONE: "cases_group_over",
}
"""Head under which a status stands in the list."""
_LONGEST = 160
_NAMES = 4


def verb_names(question: str) -> dict[str, str]:
    """What verbs of the window are called on this screen (codes of words): what they do to a case, where ``question``
    is asked about its ticket.
    """
    kept = "label_keep_closed" if question == Question.REOPENED_ELSEWHERE else "label_keep_case"
    return {
        "approve": "label_confirm_address",
        "take": "label_ticket_state",
        "keep": kept,
        "resolve": "label_close_case",
        "reopen": "label_reopen_case",
        "convert": "label_case_steps",
    }


HINTS = ("reply", "note", "approve", "take", "keep", "resolve", "reopen", "convert")
"""Verbs that the key sheet explains otherwise on this screen: ``case_hint_VERB``."""


class CaseWords:
    """Says what stands in a row and in the header of a case."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def title(self, one: Standing) -> str:
        """What it is about."""
        return one_line(one.case.title, _LONGEST) or self.words.say("case_untitled")

    def customer(self, one: Standing) -> str:
        """Whose case it is."""
        return one_line(one.case.customer_name, _LONGEST) or one.case.customer.rpartition(":")[2]

    def status(self, one: Standing) -> str:
        """Where it stands."""
        return self.words.say(f"case_status_{one.status}")

    def name(self, who: Participant) -> str:
        """A participant by name, by side where there is no name."""
        return one_line(who.name, 80) or self.words.say(f"case_party_{who.party}")

    def last(self, one: Standing) -> str:
        """Who had the last word."""
        if one.last_by is None:
            return self.words.say("case_no_word")
        return self.words.say("case_last_word", name=self.name(one.last_by))

    def last_at_length(self, one: Standing, now: datetime) -> str:
        """The same with the time of it."""
        if one.last_by is None or one.last_at is None:
            return self.words.say("case_word_none")
        return self.words.say("case_word_by", name=self.name(one.last_by), when=self.words.moment(one.last_at, now))

    def last_said(self, one: Standing, now: datetime) -> str:
        """Who had it and when, and nothing else."""
        said = [self.name(one.last_by)] if one.last_by is not None else []
        said += [self.words.moment(one.last_at, now)] if one.last_at is not None else []
        return self.words.say("list_comma").join(said)

    def age(self, one: Standing, now: datetime) -> str:
        """For how long somebody is waited for."""
        return self.words.age((now - one.waiting_since).total_seconds()) if one.waiting_since is not None else ""

    def waits(self, one: Standing, now: datetime) -> str:
        """“for 3 h 12 min”, empty where nobody is waited for."""
        if one.waiting_since is None:
            return ""
        return self.words.say("case_since", span=self.words.span((now - one.waiting_since).total_seconds()))

    def people(self, one: Standing) -> str:
        """Who takes part: the customer first, each with their side where it is not plain staff."""
        named = []
        for who in one.participants[:_NAMES]:
            side = self.words.say(f"case_party_{who.party}")
            named.append(self.name(who) if who.party is Party.STAFF else f"{self.name(who)} ({side})")
        more = len(one.participants) - len(named)
        if more > 0:
            named.append(self.words.say("case_people_more", n=more))
        return self.words.say("list_comma").join(named)

    def alarm(self, one: Standing) -> tuple[str, str, str]:
        """Icon, word and colour of what is wrong with its proof, or of what is asked about its ticket; else empty."""
        if one.readable:
            return "alert-octagon", self.words.say("case_readable"), "danger"
        if one.late:
            return "alert-triangle", self.words.say("case_proof_late"), "staff"
        if one.question:
            return "help-circle", self.words.say(f"case_alarm_{one.question}"), "staff"
        return "", "", ""

    def alarm_line(self, one: Standing) -> str:
        """The same in a sentence."""
        if one.readable or one.late:
            return self.words.say("case_readable_line" if one.readable else "case_late_line")
        return self.words.say(f"case_asked_{one.question}") if one.question else ""

    def kind(self, one: Standing) -> str:
        """The kind of place, where it is not the usual one."""
        if one.in_ticket:
            return self.words.say("case_in_ticket")
        return self.words.say("case_in_chat") if one.case.place == "chat" else ""

    def described(self, one: Standing, now: datetime) -> str:
        """A row for people who cannot see it."""
        parts = (
            self.title(one), self.customer(one), self.status(one), self.waits(one, now), self.last(one),
            self.alarm(one)[1], self.kind(one),
        )  # fmt: skip
        return self.words.say("list_comma").join(part for part in parts if part)
