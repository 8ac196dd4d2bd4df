"""One decoder for each kind of answer, made once. All are lax: numbers may arrive as text."""

from typing import Any

from msgspec.json import Decoder

from sync.discourse import case_payloads as c
from sync.discourse import payloads as p
from sync.discourse import review_payloads as r


def _lax(kind: Any) -> Decoder[Any]:
    return Decoder(kind, strict=False)


ABOUT: Decoder[p.AboutAnswerP] = _lax(p.AboutAnswerP)
ACTION: Decoder[r.ActionP] = _lax(r.ActionP)
ANYTHING: Decoder[Any] = _lax(Any)
BASIC_INFO: Decoder[p.BasicInfoP] = _lax(p.BasicInfoP)
BUNDLE: Decoder[r.BundleP] = _lax(r.BundleP)
BUS: Decoder[list[p.BusEventP]] = _lax(list[p.BusEventP])
CATEGORY: Decoder[p.CategoryP] = _lax(p.CategoryP)
CATEGORY_ANSWER: Decoder[p.CategoryAnswerP] = _lax(p.CategoryAnswerP)
CLAIM: Decoder[r.ClaimP] = _lax(r.ClaimP)
CONVERSATION: Decoder[r.ConversationP] = _lax(r.ConversationP)
CONVERSATION_POST: Decoder[r.ConversationPostP] = _lax(r.ConversationPostP)
COUNT: Decoder[r.CountP] = _lax(r.CountP)
CREATED: Decoder[p.CreatedP] = _lax(p.CreatedP)
DEVICE: Decoder[p.DeviceP] = _lax(p.DeviceP)
DEVICE_POLL: Decoder[p.DevicePollP] = _lax(p.DevicePollP)
EDITED: Decoder[p.EditedP] = _lax(p.EditedP)
EDITED_REVIEWABLE: Decoder[r.EditedReviewableP] = _lax(r.EditedReviewableP)
ERROR: Decoder[p.ErrorP] = _lax(p.ErrorP)
FEED: Decoder[p.FeedP] = _lax(p.FeedP)
GROUP: Decoder[p.GroupP] = _lax(p.GroupP)
GROUPS: Decoder[p.GroupsP] = _lax(p.GroupsP)
GROUP_MEMBERS: Decoder[p.GroupMembersP] = _lax(p.GroupMembersP)
HISTORY: Decoder[r.HistoryP] = _lax(r.HistoryP)
KEY: Decoder[p.KeyP] = _lax(p.KeyP)
NOTE: Decoder[r.NoteP] = _lax(r.NoteP)
PERFORMED: Decoder[r.PerformedAnswerP] = _lax(r.PerformedAnswerP)
POST: Decoder[p.PostP] = _lax(p.PostP)
REVIEW: Decoder[r.ReviewListP] = _lax(r.ReviewListP)
REVIEWABLE: Decoder[r.ReviewableP] = _lax(r.ReviewableP)
REVIEW_SHOW: Decoder[r.ReviewShowP] = _lax(r.ReviewShowP)
REVISION: Decoder[c.RevisionP] = _lax(c.RevisionP)
SCORE: Decoder[r.ScoreP] = _lax(r.ScoreP)
SCORE_TYPE: Decoder[r.ScoreTypeP] = _lax(r.ScoreTypeP)
SESSION: Decoder[p.SessionP] = _lax(p.SessionP)
SITE: Decoder[p.SiteP] = _lax(p.SiteP)
TOPIC: Decoder[p.TopicP] = _lax(p.TopicP)
TOPICS: Decoder[p.TopicsAnswerP] = _lax(p.TopicsAnswerP)
TOPIC_PAGE: Decoder[p.TopicPageP] = _lax(p.TopicPageP)
TOPIC_POSTS: Decoder[p.TopicPostsP] = _lax(p.TopicPostsP)
USER: Decoder[p.UserP] = _lax(p.UserP)
USER_ANSWER: Decoder[p.UserAnswerP] = _lax(p.UserAnswerP)
