-- Dyad-periods, zero-filled: every pair that occurs has a row for every period between the first and the last one.
-- {condition} chooses events, {pair} the ordered pairs among the parties of an event that the filter is about.
-- $unit: day, week, month, quarter or year. $first, $last: bounds given by the filter, else null.
WITH chosen AS (
    SELECT id, date_trunc($unit, day)::DATE AS period, article_id, event_group, quad, goldstein, score
    FROM events
    WHERE day IS NOT NULL AND ({condition})
        -- what is only dated "in 2019" has no month
        AND (date_start IS NULL OR date_trunc($unit, date_start) = date_trunc($unit, coalesce(date_end, date_start)))
),
told AS (                      -- an event counts once for a pair of countries, however many of their people took part
    SELECT DISTINCT chosen.*, dyads.actor_country, dyads.recipient_country
    FROM chosen JOIN dyads USING (id)
    WHERE dyads.actor_country IS NOT NULL AND dyads.recipient_country IS NOT NULL AND {pair}
),
counted AS (
    SELECT
        period, actor_country, recipient_country,
        count(*) AS n,
        count(*) FILTER (quad = 1) AS verbal_cooperation,
        count(*) FILTER (quad = 2) AS material_cooperation,
        count(*) FILTER (quad = 3) AS verbal_conflict,
        count(*) FILTER (quad = 4) AS material_conflict,
        count(*) FILTER (quad = 0) AS neutral,
        round(avg(goldstein), 6) AS goldstein_mean,
        round(avg(score), 6) AS score_mean,
        count(DISTINCT article_id) AS reports,
        count(DISTINCT coalesce(event_group, id)) AS events
    FROM told
    GROUP BY ALL
),
periods AS (
    SELECT unnest(generate_series(
        date_trunc($unit, coalesce($first::DATE, min(period))),
        coalesce($last::DATE, max(period))::TIMESTAMP,
        CASE $unit
            WHEN 'day' THEN INTERVAL 1 DAY WHEN 'week' THEN INTERVAL 7 DAY WHEN 'quarter' THEN INTERVAL 3 MONTH
            WHEN 'year' THEN INTERVAL 1 YEAR ELSE INTERVAL 1 MONTH
        END
    ))::DATE AS period
    FROM told
),
pairs AS (SELECT DISTINCT actor_country, recipient_country FROM told)
SELECT
    period AS "month", actor_country, recipient_country,
    coalesce(n, 0) AS n,
    coalesce(verbal_cooperation, 0) AS verbal_cooperation,
    coalesce(material_cooperation, 0) AS material_cooperation,
    coalesce(verbal_conflict, 0) AS verbal_conflict,
    coalesce(material_conflict, 0) AS material_conflict,
    coalesce(neutral, 0) AS neutral,
    goldstein_mean, score_mean,
    coalesce(reports, 0) AS reports,
    coalesce(events, 0) AS events
FROM periods CROSS JOIN pairs LEFT JOIN counted USING (period, actor_country, recipient_country)
ORDER BY period, actor_country, recipient_country
