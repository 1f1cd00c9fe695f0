-- The store: what was read, what was coded from it, what people corrected, and the flat table that questions go to.
-- No indexes on purpose: DuckDB finds one id among a million in milliseconds, and the loader alone keeps keys unique.

CREATE TABLE identity (store VARCHAR NOT NULL, made_by VARCHAR);  -- one row: the name of this store in its shards

CREATE SEQUENCE loading;  -- order of loading: of two runs over one article the one loaded last is the current one

CREATE TABLE runs (
    run VARCHAR NOT NULL,
    started TIMESTAMP,
    command VARCHAR,
    package VARCHAR,
    codebook VARCHAR,          -- one hash over the codebook's files
    resources JSON,            -- {file: SHA-256, ..., "parser": name and version}
    settings JSON,             -- {name: value}
    articles BIGINT,
    records BIGINT,
    note VARCHAR
);

CREATE TABLE articles (        -- one row per (run, article); `current` marks the newest run of each article
    article_id VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    item_key VARCHAR NOT NULL,
    path VARCHAR,
    title VARCHAR,
    url VARCHAR,
    publication VARCHAR,
    author VARCHAR,
    language VARCHAR,
    published DATE,
    published_basis VARCHAR,
    digest VARCHAR,            -- SHA-256 of the text as it was given
    text VARCHAR,              -- cleaned: title, blank line, body; all offsets of records point into it
    removed JSON,
    words INTEGER,
    loaded BIGINT NOT NULL,
    current BOOLEAN NOT NULL
);
CREATE VIEW current_articles AS SELECT * FROM articles WHERE current;

CREATE TABLE records (         -- as coded, of all runs; never changed afterwards
    run VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    record VARCHAR NOT NULL
);

CREATE TABLE rejected (run VARCHAR NOT NULL, article_id VARCHAR NOT NULL, rejected JSON NOT NULL);

CREATE TABLE quarantine (      -- what could not be coded, and why; `resolved` once a later try went well
    item_key VARCHAR NOT NULL,
    path VARCHAR,
    article_id VARCHAR,
    code VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    tries INTEGER NOT NULL,
    first_seen TIMESTAMP,
    resolved TIMESTAMP
);

CREATE TABLE shards (shard VARCHAR NOT NULL, run VARCHAR NOT NULL, items INTEGER NOT NULL, loaded_at TIMESTAMP);

CREATE TABLE corrections (     -- laid over the records when `events` is made; a new run changes nothing here
    correction VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    value JSON NOT NULL,
    "by" VARCHAR NOT NULL,
    note VARCHAR,
    made_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP
);

CREATE TABLE links (
    a VARCHAR NOT NULL,
    b VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,     -- same_event, claim
    reason VARCHAR,
    score DOUBLE,
    made_at TIMESTAMP,
    withdrawn_at TIMESTAMP
);

CREATE TABLE events (          -- one flat row per record of the current run of its article, corrections applied
    id VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    content_key VARCHAR,
    type VARCHAR,
    mode VARCHAR,
    contexts VARCHAR[],
    cameo VARCHAR,
    quad INTEGER,
    score DOUBLE,
    goldstein DOUBLE,
    actor VARCHAR,             -- code of the first actor, such as RUSGOV
    actor_text VARCHAR,
    actor_name VARCHAR,
    actor_id VARCHAR,
    actor_country VARCHAR,
    actor_sector VARCHAR,
    actors VARCHAR[],
    actor_countries VARCHAR[],
    recipient VARCHAR,
    recipient_text VARCHAR,
    recipient_name VARCHAR,
    recipient_id VARCHAR,
    recipient_country VARCHAR,
    recipient_sector VARCHAR,
    recipients VARCHAR[],
    recipient_countries VARCHAR[],
    aux VARCHAR,
    status VARCHAR,
    date_start DATE,
    date_end DATE,
    date_precision VARCHAR,
    date_basis VARCHAR,
    day DATE,                  -- date_start, else the day of publication
    place_name VARCHAR,
    place_country VARCHAR,
    latitude DOUBLE,
    longitude DOUBLE,
    place_basis VARCHAR,
    source VARCHAR,            -- outermost source; null = the reporter's own voice
    source_code VARCHAR,
    source_country VARCHAR,
    source_sector VARCHAR,
    stance VARCHAR,
    anchor VARCHAR,
    sentence VARCHAR,
    quote VARCHAR,
    confidence DOUBLE,
    published DATE,
    publication VARCHAR,
    title VARCHAR,
    url VARCHAR,
    corrected BOOLEAN NOT NULL,
    event_group VARCHAR,
    claim VARCHAR,
    record VARCHAR NOT NULL
);

CREATE TABLE dyads (           -- ordered pairs: lists multiplied out, events among equals in both directions;
    id VARCHAR NOT NULL,       -- an event with one side only has one row with nulls on the other
    actor VARCHAR,
    actor_country VARCHAR,
    actor_sector VARCHAR,
    actor_id VARCHAR,
    actor_name VARCHAR,
    actor_text VARCHAR,
    recipient VARCHAR,
    recipient_country VARCHAR,
    recipient_sector VARCHAR,
    recipient_id VARCHAR,
    recipient_name VARCHAR,
    recipient_text VARCHAR
);
