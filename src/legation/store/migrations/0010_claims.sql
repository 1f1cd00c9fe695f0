-- What claims/ draws from the records: nothing here is needed to make it again, except what people joined and parted
-- (rows of `links` with "by" in their reason).

CREATE TABLE claims (               -- one row per claim of the board; made anew by `legation claims --store`
    claim VARCHAR NOT NULL,         -- stays the same when further voices join
    words VARCHAR NOT NULL,         -- in plain words
    type VARCHAR NOT NULL,
    disputed BOOLEAN NOT NULL,      -- asserted by one, denied by another
    first_seen DATE,
    reports INTEGER NOT NULL,       -- articles that carry it
    board VARCHAR NOT NULL          -- the whole row as JSON (docs/claims.md)
);

CREATE TABLE reprints (             -- articles that are another article's words; made anew by `legation dedup`
    article_id VARCHAR NOT NULL,
    original VARCHAR NOT NULL,      -- the earliest article with these words
    share DOUBLE NOT NULL           -- of the shorter text's words, the part that both have
);

CREATE VIEW event_groups AS         -- one row per event, however many articles report it
SELECT
    event_group,
    min(type) AS type,
    count(*) AS records,
    count(DISTINCT events.article_id) AS reports,
    count(DISTINCT coalesce(reprints.original, events.article_id)) AS independent,
    count(DISTINCT coalesce(events.publication, events.article_id)) AS publications,
    min(day) AS first_day,
    max(day) AS last_day
FROM events LEFT JOIN reprints ON reprints.article_id = events.article_id
WHERE event_group IS NOT NULL
GROUP BY event_group;
