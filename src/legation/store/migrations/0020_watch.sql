-- Watches: saved conditions, whom they tell, what each has noticed, and what became of every message.
-- Times are UTC. No secret stands here: `secret` is the name of a key, the key itself stays outside the store.

CREATE TABLE watches (
    watch VARCHAR PRIMARY KEY,      -- from name, time of making and number; stands in the ids of feed entries and messages
    name VARCHAR NOT NULL,
    condition VARCHAR NOT NULL,     -- the query, as Filter.parse reads it
    words VARCHAR NOT NULL,         -- the same for people
    pace VARCHAR NOT NULL,          -- at once, hourly, daily, weekly
    made_at TIMESTAMP NOT NULL,
    made_by VARCHAR NOT NULL,
    removed_at TIMESTAMP
);

CREATE TABLE watch_channels (
    channel VARCHAR PRIMARY KEY,
    watch VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,          -- atom, webhook, email
    target VARCHAR NOT NULL,        -- file, URL, address
    secret VARCHAR,                 -- name of the key that signs a webhook
    allow BOOLEAN NOT NULL,         -- the host of a webhook may be private, or without TLS
    removed_at TIMESTAMP            -- set by remove and unsubscribe
);

CREATE TABLE watch_events (         -- one row per event that a watch has noticed
    watch VARCHAR NOT NULL,
    event VARCHAR NOT NULL,         -- id of the record that was noticed first
    noticed_at TIMESTAMP NOT NULL,
    past BOOLEAN NOT NULL           -- stood in the store when the watch was made: nobody is told
);

CREATE TABLE watch_reports (        -- every record that is a report of such an event
    watch VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    likeness VARCHAR NOT NULL       -- equal for two reports of one event where they are not grouped
);

CREATE TABLE deliveries (           -- one row per (channel, event): exactly once is kept here
    delivery VARCHAR PRIMARY KEY,   -- hash of watch, channel and event
    watch VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    recipient VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    state VARCHAR NOT NULL,         -- pending, sending, sent, failed (will be tried again), dead, withdrawn
    batch VARCHAR,                  -- the message it goes in; fixed before the first try: a second try is the same message
    batched_at TIMESTAMP,
    tries INTEGER NOT NULL,
    next_try TIMESTAMP,
    made_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    error VARCHAR
);
