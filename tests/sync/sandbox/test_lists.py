"""Recent lists, categories, unread, tags (API.md section 8)."""

from typing import Any


def test_recent_reaches_back_a_limited_number_of_topics(world: Any, moderator: Any) -> None:
    world.community.state.settings.recent_threads = 30
    ignored = world.forum("Hello")
    first = moderator.get("/api/recent")
    assert first["topicCount"] <= 30
    assert len(first["topics"]) == 20
    assert {topic["cid"] for topic in first["topics"]}.isdisjoint({ignored})
    assert moderator.get("/api/recent?page=9")["topics"] == []


def test_ignored_categories_are_missing_from_recent_and_unread(world: Any, customer: Any) -> None:
    thread = world.new_thread("maren_oakhollow", "Mesh")
    assert thread in customer.get("/api/recent")["tids"]
    before = customer.get("/api/unread/total")
    customer.put(f"/api/v3/categories/{world.forum('Mesh')}/watch", {"state": "ignoring"})
    assert thread not in customer.get("/api/recent")["tids"]
    assert thread in customer.get(f"/api/recent?cid={world.forum('Mesh')}")["tids"]
    assert customer.get("/api/unread/total") < before
    assert thread in [post["tid"] for post in customer.get("/api/recent/posts")]


def test_recent_posts_pages_overlap(moderator: Any) -> None:
    first, second = moderator.get("/api/recent/posts"), moderator.get("/api/recent/posts?page=2")
    assert (len(first), len(second)) == (20, 40)
    third = [post["pid"] for post in moderator.get("/api/recent/posts?page=3")]
    assert third[:20] == [post["pid"] for post in second][20:]


def test_recent_posts_of_a_term(world: Any, moderator: Any) -> None:
    since = world.community.clock.now() - 86_400_000
    day = moderator.get("/api/recent/posts/day")
    assert day
    assert all(post["timestamp"] >= since for post in day)


def test_terms_and_filters(world: Any, customer: Any) -> None:
    assert customer("GET", "/api/recent?term=hourly").status_code == 404
    daily = customer.get("/api/recent?term=daily")
    assert daily["selectedTerm"]["term"] == "day"
    world.new_thread("maren_oakhollow")
    assert all(topic["postcount"] == 1 for topic in customer.get("/api/recent?filter=unreplied")["topics"])
    followed = world.new_thread("maren_oakhollow")
    customer.put(f"/api/v3/topics/{followed}/follow")
    assert followed in customer.get("/api/recent?filter=watched")["tids"]


def test_what_recent_lists_do_not_show(world: Any, moderator: Any) -> None:
    thread = world.new_thread("maren_oakhollow", "Mesh")
    row = moderator.get("/api/recent")["topics"][0]
    world.community.clock.advance(60)
    moderator.put(f"/api/v3/posts/{world.first_post(thread)}", {"content": "An edited question here"})
    moderator.put(f"/api/v3/topics/{thread}/lock")
    moderator.put(f"/api/v3/topics/{thread}/move", {"cid": world.forum("Fibre")})
    after = next(topic for topic in moderator.get("/api/recent")["topics"] if topic["tid"] == thread)
    assert (after["lastposttime"], after["postcount"]) == (row["lastposttime"], row["postcount"])


def test_sizes_are_settings_of_the_account(world: Any, moderator: Any) -> None:
    uid = moderator.get("/api/self")["uid"]
    assert len(moderator.get("/api/recent?perPage=5&topicsPerPage=5")["topics"]) == 20
    moderator.put(f"/api/v3/users/{uid}/settings", {"settings": {"topicsPerPage": 5, "postsPerPage": 3}})
    assert len(moderator.get("/api/recent")["topics"]) == 5
    moderator.put(f"/api/v3/users/{uid}/settings", {"settings": {"topicsPerPage": 100}})
    assert len(moderator.get("/api/recent")["topics"]) == 20


def test_category_sorts(world: Any, moderator: Any) -> None:
    path = f"/api/category/{world.forum('Router help')}"
    assert moderator("GET", f"{path}?sort=upside_down").status_code == 500
    created = [t["timestamp"] for t in moderator.get(f"{path}?sort=recently_created")["topics"]]
    assert created == sorted(created, reverse=True)
    posts = [t["postcount"] for t in moderator.get(f"{path}?sort=most_posts")["topics"]]
    assert posts == sorted(posts, reverse=True)
    replied = [t["lastposttime"] for t in moderator.get(path)["topics"]]
    assert replied == sorted(replied, reverse=True)


def test_unread_counts_what_is_new(world: Any, customer: Any) -> None:
    before = customer.get("/api/unread/total")
    thread = world.new_thread("maren_oakhollow")
    assert customer.get("/api/unread/total") == before + 1
    customer.get(f"/api/topic/{thread}")
    assert customer.get("/api/unread/total") == before
    world.community.clock.advance(1)
    world.community.reply_as("jory_pennyfeather", thread, "Something new in it")
    assert customer.get("/api/unread")["topics"][0]["tid"] == thread


def test_own_watch_state_is_in_the_category_only(world: Any, customer: Any) -> None:
    cid = world.forum("Billing")
    assert customer.get(f"/api/category/{cid}")["isTracked"] is True  # no choice made looks like the default
    customer.put(f"/api/v3/categories/{cid}/watch", {"state": "watching"})
    assert customer.get(f"/api/category/{cid}")["isWatched"] is True
    row = next(c for c in customer.get("/api/categories")["categories"] if c["cid"] == cid)
    assert "isWatched" not in row


def test_tags_are_five_and_short_ones_are_dropped(world: Any, moderator: Any) -> None:
    path = f"/api/v3/topics/{world.new_thread()}/tags"
    assert [t["value"] for t in moderator.put(path, {"tags": ["ab", "Case-77", "x" * 20]})] == ["case-77", "x" * 15]
    assert moderator("PUT", path, {"tags": [f"tag{n}" for n in range(6)]}).status_code == 400
    assert moderator.get("/api/tags")["tags"]
