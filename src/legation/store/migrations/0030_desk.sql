-- The desk: filters that people keep, and review: who coded what of which sample, and what was ruled.
-- Codings are only added: the last one of a person counts, the others say how it came about. Times are UTC.

CREATE TABLE saved_filters (
    name VARCHAR NOT NULL,
    condition VARCHAR NOT NULL,     -- as Filter.parse reads it
    "by" VARCHAR,
    made_at TIMESTAMP NOT NULL
);

CREATE TABLE reviews (
    review VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,          -- uncertain, random
    seed BIGINT,                    -- of a random sample; null for the least certain
    condition VARCHAR NOT NULL,     -- from which events it was drawn
    shows_coding BOOLEAN NOT NULL,  -- coders see what the program says
    "by" VARCHAR NOT NULL,
    made_at TIMESTAMP NOT NULL
);

CREATE TABLE review_items (
    review VARCHAR NOT NULL,
    position INTEGER NOT NULL,      -- 1, 2, 3 ...: the order in which all coders see them
    record_id VARCHAR NOT NULL
);

CREATE TABLE review_codings (
    review VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    coder VARCHAR NOT NULL,
    answers JSON NOT NULL,          -- {field: value}
    note VARCHAR,
    made_at TIMESTAMP NOT NULL
);

CREATE TABLE review_rulings (       -- adjudication; each ruling became corrections of the record
    review VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    answers JSON NOT NULL,
    "by" VARCHAR NOT NULL,
    note VARCHAR,
    made_at TIMESTAMP NOT NULL
);
