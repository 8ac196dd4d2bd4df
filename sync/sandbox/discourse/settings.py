"""What an administrator of this face could set; the defaults are those of Discourse (API.md sections 1 to 4)."""

from dataclasses import dataclass


@dataclass(slots=True)
class Settings:
    """`limited` switches every rate limit on: tests and the demo do without. Times are seconds.

    Names in headers are percent-encoded, or raw UTF-8 without `encoded_names`: either is met with.
    `release` "2025" gives older shapes of the review queue; `device_code` off leaves only the paste flow.
    """

    encoded_names: bool = True
    version: str = "2026.8.0"
    release: str = "2026"
    subfolder: str = ""
    read_only: bool = False
    login_required: bool = False
    detailed_404: bool = False
    claiming: str = "optional"
    floor: str = "low"
    plugin_item: bool = True
    limited: bool = False
    user_key_minute: int = 20
    user_key_day: int = 2880
    admin_key_minute: int = 60
    ip_ten_seconds: int = 50
    ip_minute: int = 200
    shortest_post: int = 20
    shortest_message: int = 10
    shortest_title: int = 15
    shortest_message_title: int = 2
    longest_post: int = 32_000
    longest_title: int = 255
    unique_minutes: int = 5
    tag_messages: bool = False
    most_recipients: int = 30
    remembered: int = 120
    device_code: bool = True
    redirects: tuple[str, ...] = ()
    explorer: bool = True
    bus_wait: float = 25.0
    bus_overload: int = 0
    scopes: tuple[str, ...] = ("read", "write", "message_bus", "notifications", "session_info", "one_time_password")
