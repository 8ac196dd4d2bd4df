"""Channels in which alarms are told: webhooks that take what Slack takes, and mail."""
