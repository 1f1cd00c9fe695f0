-- Runs, the newest first, with what of them is current.
SELECT
    runs.*,
    (SELECT count(*) FROM articles WHERE articles.run = runs.run AND articles.current) AS current_articles,
    (SELECT count(*) FROM quarantine WHERE quarantine.run = runs.run AND resolved IS NULL) AS failed,
    (SELECT max(loaded) FROM articles WHERE articles.run = runs.run) AS loaded
FROM runs
ORDER BY loaded DESC NULLS LAST, started DESC NULLS LAST, run
