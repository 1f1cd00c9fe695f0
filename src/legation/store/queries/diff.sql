-- Records of articles that both runs coded, and that only one of them has or that they wrote differently.
-- Days since the run do not matter: the run's own id is taken out before the texts are compared.
WITH both_runs AS (
    SELECT article_id FROM articles WHERE run = $a INTERSECT SELECT article_id FROM articles WHERE run = $b
),
old AS (SELECT id, article_id, record FROM records JOIN both_runs USING (article_id) WHERE run = $a),
new AS (SELECT id, article_id, record FROM records JOIN both_runs USING (article_id) WHERE run = $b)
SELECT coalesce(old.article_id, new.article_id) AS article_id, old.record AS old, new.record AS new
FROM old FULL JOIN new USING (id)
WHERE old.record IS NULL OR new.record IS NULL
    OR replace(old.record, $a, '') <> replace(new.record, $b, '')
ORDER BY article_id, coalesce(new.id, old.id)
