"""What people said in public before a text was written: greetings, canned phrases, standard sentences.

Such words tell nothing of the text. Numbers, addresses and names (``pieces``) tell whoever said them before.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from moderation.content import Post
from moderation.ids import Ref
from moderation.proof.fingerprint import Fingerprint, Fragment
from moderation.proof.words import joined

THREADS = 3
"""In so many threads a fragment must have stood to be what many say."""
PEOPLE = 2
"""So many people must have said it, or one of the staff: a company has its standard sentences."""
MOST_POSTS = 2000
_MOST_LETTERS = 600_000
_QUOTED = re.compile(
    r"<(blockquote|aside)\b(?:.*</\1\s*>|.*)|\[quote\b(?:.*\[/quote\]|.*)|^[ \t]{0,3}>.*?(?:\n[ \t]*\n|\Z)",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What was public before anything of a thread was written. ``authors`` wrote in that thread, ``posts`` are those of
    other threads, as they were then, newest first.
    """

    authors: frozenset[Ref] = frozenset()
    posts: tuple[Post, ...] = field(default=(), repr=False)


def with_common(marks: Fingerprint, before: SaidBefore, is_staff: Callable[[Ref, datetime], bool]) -> Fingerprint:
    """The marks, with those fragments as common that independent people said before.

    Those who wrote in the thread are no witnesses, unless they are of the staff: what they posted twice is as readable
    in its other place. Nor is what somebody quotes.
    """
    threads: dict[Fragment, set[Ref]] = defaultdict(set)
    people: dict[Fragment, set[Ref]] = defaultdict(set)
    official: set[Fragment] = set()
    for post, author, thread in _witnesses(before):
        staff = is_staff(author, post.created_at)
        if author in before.authors and not staff:
            continue
        for fragment in marks.grams_in(joined([own_words(post)])):
            threads[fragment].add(thread)
            people[fragment].add(author)
            if staff:
                official.add(fragment)
    said = (fragment for fragment in threads if fragment in official or len(people[fragment]) >= PEOPLE)
    return marks.with_common(fragment for fragment in said if len(threads[fragment]) >= THREADS)


def own_words(post: Post) -> str:
    """What a post says without what it quotes, rather less than more of it."""
    return _QUOTED.sub("\n", post.body or post.body_html)


def _witnesses(before: SaidBefore) -> Iterator[tuple[Post, Ref, Ref]]:
    """Posts with author and thread, as many as can be looked through in a moment."""
    letters = 0
    for post in before.posts[:MOST_POSTS]:
        letters += len(post.body or post.body_html)
        if letters > _MOST_LETTERS:
            return
        if post.author is not None and post.thread is not None:
            yield post, post.author, post.thread
