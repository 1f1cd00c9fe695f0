"""Saved conditions, and the feeds, webhooks and e-mails that tell of what fits them."""

from legation.watch.book import add_watch, find_watch, list_watches, parsed, remove_watch, unsubscribe
from legation.watch.deliver import run_watches, try_watch
from legation.watch.feed import feed
from legation.watch.model import Channel, Kind, Pace, Report, State, Watch, WatchError
from legation.watch.plain import plain_words
from legation.watch.send import send
from legation.watch.teller import Teller

__all__ = [
    "Channel",
    "Kind",
    "Pace",
    "Report",
    "State",
    "Teller",
    "Watch",
    "WatchError",
    "add_watch",
    "feed",
    "find_watch",
    "list_watches",
    "parsed",
    "plain_words",
    "remove_watch",
    "run_watches",
    "send",
    "try_watch",
    "unsubscribe",
]
