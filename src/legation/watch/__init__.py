"""Saved conditions, and the feeds, webhooks and e-mails that tell of what fits them."""
