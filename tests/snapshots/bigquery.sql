-- Statements that differ in numbers only are here once. Made by: PATENTSCOPE_SNAPSHOT=1 python -m pytest tests/test_bigquery_engine.py -k snapshot

CREATE OR REPLACE TABLE `local.land.shared_claim`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
SELECT
  c.family,
  c.key,
  MIN(c.since) AS since
FROM `local`.`land`.`claim` AS c
JOIN (
  SELECT
    key
  FROM `local`.`land`.`claim`
  WHERE
    key >= 0
  GROUP BY
    key
  HAVING
    MIN(family) <> MAX(family)
) AS s
  ON s.key = c.key
GROUP BY
  c.family,
  c.key;

CREATE OR REPLACE TABLE `local.land.first_priority`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH seen_claim AS (
  SELECT
    *
  FROM `local`.`land`.`claim`
  WHERE
    since <= CAST('2026-06-30' AS DATE)
)
SELECT
  c.family,
  c.key,
  c.office,
  c.date,
  c.is_entry
FROM seen_claim AS c
JOIN (
  SELECT
    family,
    MIN(rank) AS rank
  FROM seen_claim
  GROUP BY
    family
) AS f
  ON f.family = c.family AND f.rank = c.rank;

CREATE OR REPLACE TABLE `local.land.numbered_document`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT DISTINCT
  v.family,
  v.application
FROM visible AS v
JOIN `local`.`land`.`first_priority` AS f
  ON f.family = v.family AND f.key = v.own_key
WHERE
  f.is_entry;

CREATE OR REPLACE TABLE `local.land.priority_document`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  family,
  application
FROM `local`.`land`.`numbered_document`
UNION ALL
SELECT DISTINCT
  v.family,
  v.application
FROM visible AS v
JOIN `local`.`land`.`first_priority` AS f
  ON f.family = v.family AND f.office = v.office AND f.date = v.filed
LEFT JOIN (
  SELECT DISTINCT
    family
  FROM `local`.`land`.`numbered_document`
) AS n
  ON n.family = v.family
WHERE
  n.family IS NULL;

CREATE OR REPLACE TABLE `local.land.named`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.family,
  MIN(
    CASE
      WHEN v.applicants > 0
      THEN v.place + CASE WHEN d.application IS NULL THEN 4503599627370496 ELSE 0 END
    END
  ) AS applicant,
  MIN(
    CASE
      WHEN v.inventors > 0
      THEN v.place + CASE WHEN d.application IS NULL THEN 4503599627370496 ELSE 0 END
    END
  ) AS inventor,
  MIN(CASE WHEN v.applicants > 0 THEN v.place END) AS first_applicant,
  MIN(CASE WHEN v.inventors > 0 THEN v.place END) AS first_inventor,
  CASE WHEN MIN(v.office) <> MAX(v.office) THEN 1 ELSE 0 END + MAX(CASE WHEN v.office = 'WO' THEN 2 ELSE 0 END) + 4 * MAX(CASE WHEN v.office = 'EP' THEN 1 ELSE 0 END) * MAX(CASE WHEN v.office = 'JP' THEN 1 ELSE 0 END) * MAX(CASE WHEN v.office = 'US' THEN 1 ELSE 0 END) AS international
FROM visible AS v
LEFT JOIN `local`.`land`.`priority_document` AS d
  ON d.family = v.family AND d.application = v.application
GROUP BY
  v.family;

CREATE OR REPLACE TABLE `local.land.lent`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH seen_shared_claim AS (
  SELECT
    *
  FROM `local`.`land`.`shared_claim`
  WHERE
    since <= CAST('2026-06-30' AS DATE)
), by_key AS (
  SELECT
    c.key,
    MIN(n.first_applicant) AS applicant,
    MIN(n.first_inventor) AS inventor
  FROM seen_shared_claim AS c
  JOIN `local`.`land`.`named` AS n
    ON n.family = c.family
  GROUP BY
    c.key
)
SELECT
  c.family,
  MIN(k.applicant) AS applicant,
  MIN(k.inventor) AS inventor
FROM seen_shared_claim AS c
JOIN by_key AS k
  ON k.key = c.key
GROUP BY
  c.family;

CREATE OR REPLACE TABLE `local.land.priority_place`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
SELECT
  family,
  MIN(office) AS office,
  CASE WHEN MIN(office) <> MAX(office) THEN 1 ELSE 0 END AS is_tied
FROM `local`.`land`.`first_priority`
WHERE
  NOT office IS NULL
GROUP BY
  family;

SELECT DISTINCT
  f.family,
  f.office
FROM `local`.`land`.`first_priority` AS f
JOIN (
  SELECT
    family
  FROM `local`.`land`.`priority_place`
  WHERE
    is_tied = 1
) AS p
  ON p.family = f.family
WHERE
  NOT f.office IS NULL
ORDER BY
  family NULLS LAST,
  office NULLS LAST;

CREATE OR REPLACE TABLE `local.land.priority_country`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
SELECT
  p.family,
  o.priority_set,
  o.country_set
FROM `local`.`land`.`priority_place` AS p
JOIN `local`.`land`.`priority_office` AS o
  ON o.office = p.office
WHERE
  p.is_tied = 0
UNION ALL
SELECT
  family,
  priority_set,
  country_set
FROM `local`.`land`.`tied_priority`;

CREATE OR REPLACE TABLE `local.land.found`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
SELECT
  n.family,
  n.international,
  CASE
    WHEN NOT n.applicant IS NULL
    THEN CASE WHEN n.applicant < 4503599627370496 THEN 1 ELSE 2 END
    WHEN NOT l.applicant IS NULL
    THEN 3
    WHEN NOT n.inventor IS NULL
    THEN CASE WHEN n.inventor < 4503599627370496 THEN 4 ELSE 5 END
    WHEN NOT l.inventor IS NULL
    THEN 6
    WHEN p.country_set > 0
    THEN 7
    ELSE 0
  END AS applicant_step,
  MOD(COALESCE(n.applicant, l.applicant, n.inventor, l.inventor), 2147483648) AS applicant_pub,
  CASE
    WHEN NOT n.inventor IS NULL
    THEN CASE WHEN n.inventor < 4503599627370496 THEN 1 ELSE 2 END
    WHEN NOT l.inventor IS NULL
    THEN 3
    WHEN NOT n.applicant IS NULL
    THEN CASE WHEN n.applicant < 4503599627370496 THEN 4 ELSE 5 END
    WHEN NOT l.applicant IS NULL
    THEN 6
    WHEN p.country_set > 0
    THEN 7
    ELSE 0
  END AS inventor_step,
  MOD(COALESCE(n.inventor, l.inventor, n.applicant, l.applicant), 2147483648) AS inventor_pub,
  p.priority_set,
  p.country_set
FROM `local`.`land`.`named` AS n
LEFT JOIN `local`.`land`.`lent` AS l
  ON l.family = n.family
LEFT JOIN `local`.`land`.`priority_country` AS p
  ON p.family = n.family;

CREATE OR REPLACE TABLE `local.land.holding`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
SELECT
  f.family,
  f.international,
  f.applicant_step,
  f.inventor_step,
  CASE f.applicant_step
    WHEN 0
    THEN 0
    WHEN 7
    THEN f.country_set
    WHEN 1
    THEN a.applicants
    WHEN 2
    THEN a.applicants
    WHEN 3
    THEN a.applicants
    ELSE a.inventors
  END AS applicant_set,
  CASE f.inventor_step
    WHEN 0
    THEN 0
    WHEN 7
    THEN f.country_set
    WHEN 1
    THEN i.inventors
    WHEN 2
    THEN i.inventors
    WHEN 3
    THEN i.inventors
    ELSE i.applicants
  END AS inventor_set,
  COALESCE(f.priority_set, 0) AS priority_set
FROM `local`.`land`.`found` AS f
LEFT JOIN `local`.`land`.`document` AS a
  ON a.pub = f.applicant_pub
LEFT JOIN `local`.`land`.`document` AS i
  ON i.pub = f.inventor_pub;

CREATE OR REPLACE TABLE `local.land.topical`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
SELECT
  family AS holder,
  topic
FROM `local`.`land`.`topic`;

CREATE OR REPLACE TABLE `local.land.in_period`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
), gathered AS (
  SELECT
    v.pub AS unit,
    v.family AS holder,
    CASE WHEN v.document IN (0, 1) THEN v.claimed END AS claimed_0,
    CASE WHEN v.document IN (0, 1) THEN v.filed END AS filed_0,
    CASE WHEN v.document IN (0, 1) THEN v.published END AS published_0,
    CASE WHEN v.document IN (0, 1, 2) THEN v.claimed END AS claimed_1,
    CASE WHEN v.document IN (0, 1, 2) THEN v.filed END AS filed_1,
    CASE WHEN v.document IN (0, 1, 2) THEN v.published END AS published_1,
    CASE WHEN (
      v.document IN (0, 1) AND v.is_grant
    ) THEN v.claimed END AS claimed_2,
    CASE WHEN (
      v.document IN (0, 1) AND v.is_grant
    ) THEN v.filed END AS filed_2,
    CASE WHEN (
      v.document IN (0, 1) AND v.is_grant
    ) THEN v.published END AS published_2
  FROM visible AS v
), unit_date AS (
  SELECT
    unit,
    holder,
    claimed_1 AS priority,
    filed_1 AS filing,
    published_1 AS publication
  FROM gathered
  WHERE
    NOT published_1 IS NULL
)
SELECT
  d.unit,
  d.date,
  d.period,
  h.topic,
  h.international,
  h.priority_set,
  h.applicant_set,
  h.inventor_set,
  CASE WHEN h.applicant_step = 7 THEN 1 ELSE 0 END AS applicant_seven,
  CASE WHEN h.inventor_step = 7 THEN 1 ELSE 0 END AS inventor_seven
FROM (
  SELECT
    u.unit,
    u.holder,
    'priority' AS date,
    y.period
  FROM unit_date AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.priority)
  UNION ALL
  SELECT
    u.unit,
    u.holder,
    'filing',
    y.period
  FROM unit_date AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.filing)
  UNION ALL
  SELECT
    u.unit,
    u.holder,
    'publication',
    y.period
  FROM unit_date AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.publication)
) AS d
JOIN holder AS h
  ON h.holder = d.holder
WHERE
  h.topic > 0;

CREATE OR REPLACE TABLE `local.land.office_mask`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
), gathered_office AS (
  SELECT
    v.pub AS unit,
    v.family AS holder,
    v.office,
    CASE WHEN v.document IN (0, 1) THEN v.published END AS published_0,
    CASE WHEN v.document IN (0, 1, 2) THEN v.published END AS published_1,
    CASE WHEN (
      v.document IN (0, 1) AND v.is_grant
    ) THEN v.published END AS published_2
  FROM visible AS v
  WHERE
    NOT v.office IS NULL
), unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_1 AS published
  FROM gathered_office
  WHERE
    NOT published_1 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
)
SELECT
  i.date,
  i.period,
  MIN(i.topic) AS topic,
  MIN(i.international) AS international,
  BIT_OR(CASE WHEN o.unit IS NULL THEN 0 ELSE COALESCE(b.bit, 16) END) AS mask
FROM `local`.`land`.`in_period` AS i
LEFT JOIN unit_office AS o
  ON o.unit = i.unit
LEFT JOIN `local`.`land`.`office_bit` AS b
  ON b.office = o.office
WHERE
  i.date <> 'publication'
GROUP BY
  i.unit,
  i.date,
  i.period
UNION ALL
SELECT
  'publication',
  o.period,
  MIN(h.topic),
  MIN(h.international),
  BIT_OR(COALESCE(b.bit, 16))
FROM (
  SELECT
    u.unit,
    u.holder,
    u.office,
    y.period
  FROM unit_office AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.published)
) AS o
JOIN holder AS h
  ON h.holder = o.holder
LEFT JOIN `local`.`land`.`office_bit` AS b
  ON b.office = o.office
WHERE
  h.topic > 0
GROUP BY
  o.unit,
  o.period
UNION ALL
SELECT
  i.date,
  i.period,
  i.topic,
  i.international,
  0
FROM `local`.`land`.`in_period` AS i
LEFT JOIN (
  SELECT DISTINCT
    unit
  FROM unit_office
) AS o
  ON o.unit = i.unit
WHERE
  i.date = 'publication' AND o.unit IS NULL;

SELECT
  'priority' AS basis,
  date,
  period,
  topic,
  international,
  priority_set AS party_set,
  0 AS is_seven,
  COUNT(*) AS n
FROM `local`.`land`.`in_period`
GROUP BY
  date,
  period,
  topic,
  international,
  priority_set
UNION ALL
SELECT
  'applicant',
  date,
  period,
  topic,
  international,
  applicant_set,
  applicant_seven,
  COUNT(*)
FROM `local`.`land`.`in_period`
GROUP BY
  date,
  period,
  topic,
  international,
  applicant_set,
  applicant_seven
UNION ALL
SELECT
  'inventor',
  date,
  period,
  topic,
  international,
  inventor_set,
  inventor_seven,
  COUNT(*)
FROM `local`.`land`.`in_period`
GROUP BY
  date,
  period,
  topic,
  international,
  inventor_set,
  inventor_seven;

SELECT
  date,
  period,
  topic,
  international,
  mask,
  COUNT(*) AS n
FROM `local`.`land`.`office_mask`
GROUP BY
  date,
  period,
  topic,
  international,
  mask;

CREATE OR REPLACE TABLE `local.land.cohort`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
), gathered AS (
  SELECT
    v.pub AS unit,
    v.family AS holder,
    CASE WHEN v.document IN (0, 1) THEN v.claimed END AS claimed_0,
    CASE WHEN v.document IN (0, 1) THEN v.filed END AS filed_0,
    CASE WHEN v.document IN (0, 1) THEN v.published END AS published_0,
    CASE WHEN v.document IN (0, 1, 2) THEN v.claimed END AS claimed_1,
    CASE WHEN v.document IN (0, 1, 2) THEN v.filed END AS filed_1,
    CASE WHEN v.document IN (0, 1, 2) THEN v.published END AS published_1,
    CASE WHEN (
      v.document IN (0, 1) AND v.is_grant
    ) THEN v.claimed END AS claimed_2,
    CASE WHEN (
      v.document IN (0, 1) AND v.is_grant
    ) THEN v.filed END AS filed_2,
    CASE WHEN (
      v.document IN (0, 1) AND v.is_grant
    ) THEN v.published END AS published_2
  FROM visible AS v
), unit_date AS (
  SELECT
    unit,
    holder,
    claimed_1 AS priority,
    filed_1 AS filing,
    published_1 AS publication
  FROM gathered
  WHERE
    NOT published_1 IS NULL
)
SELECT
  *
FROM (
  SELECT
    unit,
    holder,
    publication,
    'priority' AS date,
    EXTRACT(YEAR FROM priority) AS year
  FROM unit_date
  UNION ALL
  SELECT
    unit,
    holder,
    publication,
    'filing',
    EXTRACT(YEAR FROM filing)
  FROM unit_date
  UNION ALL
  SELECT
    unit,
    holder,
    publication,
    'publication',
    EXTRACT(YEAR FROM publication)
  FROM unit_date
) AS d
WHERE
  year BETWEEN 2017 AND 2021;

WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
), gathered_office AS (
  SELECT
    v.pub AS unit,
    v.family AS holder,
    v.office,
    CASE WHEN v.document IN (0, 1) THEN v.published END AS published_0,
    CASE WHEN v.document IN (0, 1, 2) THEN v.published END AS published_1,
    CASE WHEN (
      v.document IN (0, 1) AND v.is_grant
    ) THEN v.published END AS published_2
  FROM visible AS v
  WHERE
    NOT v.office IS NULL
), unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_1 AS published
  FROM gathered_office
  WHERE
    NOT published_1 IS NULL
)
SELECT DISTINCT
  office
FROM unit_office
ORDER BY
  office NULLS LAST;

WITH holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
)
SELECT DISTINCT
  priority_set
FROM holder
ORDER BY
  priority_set NULLS LAST;

WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
), gathered_office AS (
  SELECT
    v.pub AS unit,
    v.family AS holder,
    v.office,
    CASE WHEN v.document IN (0, 1) THEN v.published END AS published_0,
    CASE WHEN v.document IN (0, 1, 2) THEN v.published END AS published_1,
    CASE WHEN (
      v.document IN (0, 1) AND v.is_grant
    ) THEN v.published END AS published_2
  FROM visible AS v
  WHERE
    NOT v.office IS NULL
), unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_1 AS published
  FROM gathered_office
  WHERE
    NOT published_1 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
)
SELECT
  d.`group`,
  d.international,
  d.date,
  d.side,
  COUNT(*) AS n,
  SUM(CASE WHEN d.day <= t.day_0 THEN 1 ELSE 0 END) AS visible_0
FROM (
  SELECT
    'office' AS `group`,
    'all' AS international,
    c.date,
    c.year,
    s.side,
    MIN(o.published) AS day
  FROM `local`.`land`.`cohort` AS c
  JOIN unit_office AS o
    ON o.unit = c.unit
  JOIN `local`.`land`.`side_office` AS s
    ON s.office = o.office
  WHERE
    c.date <> 'publication'
  GROUP BY
    c.unit,
    c.date,
    c.year,
    s.side
  UNION ALL
  SELECT
    'priority',
    'all',
    c.date,
    c.year,
    s.side,
    c.publication
  FROM `local`.`land`.`cohort` AS c
  JOIN holder AS h
    ON h.holder = c.holder
  JOIN `local`.`land`.`side_set` AS s
    ON s.party_set = h.priority_set
  WHERE
    c.date <> 'publication'
) AS d
JOIN `local`.`land`.`cutoff` AS t
  ON t.year = d.year
GROUP BY
  d.`group`,
  d.international,
  d.date,
  d.side;

CREATE OR REPLACE TABLE `local.land.gathered`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.family AS unit,
  MIN(v.family) AS holder,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.claimed END) AS claimed_0,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.filed END) AS filed_0,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.published END) AS published_0,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.claimed END) AS claimed_1,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.filed END) AS filed_1,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.published END) AS published_1,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.claimed END) AS claimed_2,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.filed END) AS filed_2,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.published END) AS published_2
FROM visible AS v
GROUP BY
  v.family;

CREATE OR REPLACE TABLE `local.land.gathered_office`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.family AS unit,
  MIN(v.family) AS holder,
  v.office,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.published END) AS published_0,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.published END) AS published_1,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.published END) AS published_2
FROM visible AS v
WHERE
  NOT v.office IS NULL
GROUP BY
  v.family,
  v.office;

CREATE OR REPLACE TABLE `local.land.in_period`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_date AS (
  SELECT
    unit,
    holder,
    claimed_1 AS priority,
    filed_1 AS filing,
    published_1 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_1 IS NULL
)
SELECT
  d.unit,
  d.date,
  d.period,
  h.topic,
  h.international,
  h.priority_set,
  h.applicant_set,
  h.inventor_set,
  CASE WHEN h.applicant_step = 7 THEN 1 ELSE 0 END AS applicant_seven,
  CASE WHEN h.inventor_step = 7 THEN 1 ELSE 0 END AS inventor_seven
FROM (
  SELECT
    u.unit,
    u.holder,
    'priority' AS date,
    y.period
  FROM unit_date AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.priority)
  UNION ALL
  SELECT
    u.unit,
    u.holder,
    'filing',
    y.period
  FROM unit_date AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.filing)
  UNION ALL
  SELECT
    u.unit,
    u.holder,
    'publication',
    y.period
  FROM unit_date AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.publication)
) AS d
JOIN holder AS h
  ON h.holder = d.holder
WHERE
  h.topic > 0;

CREATE OR REPLACE TABLE `local.land.office_mask`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_1 AS published
  FROM `local`.`land`.`gathered_office`
  WHERE
    NOT published_1 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
)
SELECT
  i.date,
  i.period,
  MIN(i.topic) AS topic,
  MIN(i.international) AS international,
  BIT_OR(CASE WHEN o.unit IS NULL THEN 0 ELSE COALESCE(b.bit, 16) END) AS mask
FROM `local`.`land`.`in_period` AS i
LEFT JOIN unit_office AS o
  ON o.unit = i.unit
LEFT JOIN `local`.`land`.`office_bit` AS b
  ON b.office = o.office
WHERE
  i.date <> 'publication'
GROUP BY
  i.unit,
  i.date,
  i.period
UNION ALL
SELECT
  'publication',
  o.period,
  MIN(h.topic),
  MIN(h.international),
  BIT_OR(COALESCE(b.bit, 16))
FROM (
  SELECT
    u.unit,
    u.holder,
    u.office,
    y.period
  FROM unit_office AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.published)
) AS o
JOIN holder AS h
  ON h.holder = o.holder
LEFT JOIN `local`.`land`.`office_bit` AS b
  ON b.office = o.office
WHERE
  h.topic > 0
GROUP BY
  o.unit,
  o.period
UNION ALL
SELECT
  i.date,
  i.period,
  i.topic,
  i.international,
  0
FROM `local`.`land`.`in_period` AS i
LEFT JOIN (
  SELECT DISTINCT
    unit
  FROM unit_office
) AS o
  ON o.unit = i.unit
WHERE
  i.date = 'publication' AND o.unit IS NULL;

CREATE OR REPLACE TABLE `local.land.cohort`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_1 AS priority,
    filed_1 AS filing,
    published_1 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_1 IS NULL
)
SELECT
  *
FROM (
  SELECT
    unit,
    holder,
    publication,
    'priority' AS date,
    EXTRACT(YEAR FROM priority) AS year
  FROM unit_date
  UNION ALL
  SELECT
    unit,
    holder,
    publication,
    'filing',
    EXTRACT(YEAR FROM filing)
  FROM unit_date
  UNION ALL
  SELECT
    unit,
    holder,
    publication,
    'publication',
    EXTRACT(YEAR FROM publication)
  FROM unit_date
) AS d
WHERE
  year BETWEEN 2017 AND 2021;

WITH unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_1 AS published
  FROM `local`.`land`.`gathered_office`
  WHERE
    NOT published_1 IS NULL
)
SELECT DISTINCT
  office
FROM unit_office
ORDER BY
  office NULLS LAST;

CREATE OR REPLACE TABLE `local.land.crossed`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
), member AS (
  SELECT DISTINCT
    holder AS unit,
    holder AS family
  FROM `local`.`land`.`cohort`
), by_office AS (
  SELECT
    v.family,
    v.office,
    MIN(v.published) AS day
  FROM visible AS v
  JOIN (
    SELECT DISTINCT
      family
    FROM member
  ) AS m
    ON m.family = v.family
  WHERE
    NOT v.office IS NULL
  GROUP BY
    v.family,
    v.office
), ranked AS (
  SELECT
    family,
    office,
    day,
    ROW_NUMBER() OVER (PARTITION BY family ORDER BY day NULLS LAST, office NULLS LAST) AS place
  FROM by_office
), days AS (
  SELECT
    family,
    'two_offices' AS level,
    day
  FROM ranked
  WHERE
    place = 2
  UNION ALL
  SELECT
    family,
    'pct',
    day
  FROM by_office
  WHERE
    office = 'WO'
  UNION ALL
  SELECT
    family,
    'triadic',
    MAX(day)
  FROM by_office
  WHERE
    office IN ('EP', 'JP', 'US')
  GROUP BY
    family
  HAVING
    COUNT(*) = 3
)
SELECT
  m.unit,
  d.level,
  MIN(d.day) AS day
FROM member AS m
JOIN days AS d
  ON d.family = m.family
GROUP BY
  m.unit,
  d.level;

WITH holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_1 AS published
  FROM `local`.`land`.`gathered_office`
  WHERE
    NOT published_1 IS NULL
)
SELECT
  d.`group`,
  d.international,
  d.date,
  d.side,
  COUNT(*) AS n,
  SUM(CASE WHEN d.day <= t.day_0 THEN 1 ELSE 0 END) AS visible_0
FROM (
  SELECT
    'office' AS `group`,
    'all' AS international,
    c.date,
    c.year,
    s.side,
    MIN(o.published) AS day
  FROM `local`.`land`.`cohort` AS c
  JOIN unit_office AS o
    ON o.unit = c.unit
  JOIN `local`.`land`.`side_office` AS s
    ON s.office = o.office
  WHERE
    c.date <> 'publication'
  GROUP BY
    c.unit,
    c.date,
    c.year,
    s.side
  UNION ALL
  SELECT
    'priority',
    'all',
    c.date,
    c.year,
    s.side,
    c.publication
  FROM `local`.`land`.`cohort` AS c
  JOIN holder AS h
    ON h.holder = c.holder
  JOIN `local`.`land`.`side_set` AS s
    ON s.party_set = h.priority_set
  WHERE
    c.date <> 'publication'
  UNION ALL
  SELECT
    'priority',
    x.level,
    c.date,
    c.year,
    s.side,
    GREATEST(c.publication, x.day)
  FROM `local`.`land`.`cohort` AS c
  JOIN holder AS h
    ON h.holder = c.holder
  JOIN `local`.`land`.`side_set` AS s
    ON s.party_set = h.priority_set
  JOIN `local`.`land`.`crossed` AS x
    ON x.unit = c.unit
) AS d
JOIN `local`.`land`.`cutoff` AS t
  ON t.year = d.year
GROUP BY
  d.`group`,
  d.international,
  d.date,
  d.side;

CREATE OR REPLACE TABLE `local.land.topical`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
SELECT
  p.extended AS holder,
  BIT_OR(t.topic) AS topic
FROM (
  SELECT DISTINCT
    extended,
    family
  FROM `local`.`land`.`document`
) AS p
JOIN `local`.`land`.`topic` AS t
  ON t.family = p.family
GROUP BY
  p.extended;

CREATE OR REPLACE TABLE `local.land.gathered`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.extended AS unit,
  MIN(v.extended) AS holder,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.claimed END) AS claimed_0,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.filed END) AS filed_0,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.published END) AS published_0,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.claimed END) AS claimed_1,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.filed END) AS filed_1,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.published END) AS published_1,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.claimed END) AS claimed_2,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.filed END) AS filed_2,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.published END) AS published_2
FROM visible AS v
GROUP BY
  v.extended;

CREATE OR REPLACE TABLE `local.land.gathered_office`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.extended AS unit,
  MIN(v.extended) AS holder,
  v.office,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.published END) AS published_0,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.published END) AS published_1,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.published END) AS published_2
FROM visible AS v
WHERE
  NOT v.office IS NULL
GROUP BY
  v.extended,
  v.office;

CREATE OR REPLACE TABLE `local.land.left_family`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.extended,
  v.family,
  MIN(v.claimed) AS claimed
FROM visible AS v
WHERE
  v.document IN (0, 1, 2)
GROUP BY
  v.extended,
  v.family;

SELECT
  l.extended AS holder,
  h.applicant_set,
  h.inventor_set,
  h.priority_set,
  h.applicant_step,
  h.inventor_step
FROM `local`.`land`.`left_family` AS l
JOIN `local`.`land`.`holding` AS h
  ON h.family = l.family
JOIN `local`.`land`.`topical` AS t
  ON t.holder = l.extended
ORDER BY
  l.extended NULLS LAST,
  CASE WHEN l.claimed IS NULL THEN 1 ELSE 0 END NULLS LAST,
  l.claimed NULLS LAST,
  l.family NULLS LAST;

CREATE OR REPLACE TABLE `local.land.holder`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  t.holder,
  t.topic,
  i.international,
  s.applicant_set,
  s.inventor_set,
  s.priority_set,
  s.applicant_step,
  s.inventor_step
FROM `local`.`land`.`topical` AS t
JOIN `local`.`land`.`extended_sets` AS s
  ON s.holder = t.holder
JOIN (
  SELECT
    v.extended,
    BIT_OR(h.international) AS international
  FROM visible AS v
  JOIN `local`.`land`.`holding` AS h
    ON h.family = v.family
  GROUP BY
    v.extended
) AS i
  ON i.extended = t.holder;

CREATE OR REPLACE TABLE `local.land.in_period`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_1 AS priority,
    filed_1 AS filing,
    published_1 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_1 IS NULL
)
SELECT
  d.unit,
  d.date,
  d.period,
  h.topic,
  h.international,
  h.priority_set,
  h.applicant_set,
  h.inventor_set,
  CASE WHEN h.applicant_step = 7 THEN 1 ELSE 0 END AS applicant_seven,
  CASE WHEN h.inventor_step = 7 THEN 1 ELSE 0 END AS inventor_seven
FROM (
  SELECT
    u.unit,
    u.holder,
    'priority' AS date,
    y.period
  FROM unit_date AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.priority)
  UNION ALL
  SELECT
    u.unit,
    u.holder,
    'filing',
    y.period
  FROM unit_date AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.filing)
  UNION ALL
  SELECT
    u.unit,
    u.holder,
    'publication',
    y.period
  FROM unit_date AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.publication)
) AS d
JOIN `local`.`land`.`holder` AS h
  ON h.holder = d.holder
WHERE
  h.topic > 0;

CREATE OR REPLACE TABLE `local.land.office_mask`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_1 AS published
  FROM `local`.`land`.`gathered_office`
  WHERE
    NOT published_1 IS NULL
)
SELECT
  i.date,
  i.period,
  MIN(i.topic) AS topic,
  MIN(i.international) AS international,
  BIT_OR(CASE WHEN o.unit IS NULL THEN 0 ELSE COALESCE(b.bit, 16) END) AS mask
FROM `local`.`land`.`in_period` AS i
LEFT JOIN unit_office AS o
  ON o.unit = i.unit
LEFT JOIN `local`.`land`.`office_bit` AS b
  ON b.office = o.office
WHERE
  i.date <> 'publication'
GROUP BY
  i.unit,
  i.date,
  i.period
UNION ALL
SELECT
  'publication',
  o.period,
  MIN(h.topic),
  MIN(h.international),
  BIT_OR(COALESCE(b.bit, 16))
FROM (
  SELECT
    u.unit,
    u.holder,
    u.office,
    y.period
  FROM unit_office AS u
  JOIN `local`.`land`.`year_period` AS y
    ON y.year = EXTRACT(YEAR FROM u.published)
) AS o
JOIN `local`.`land`.`holder` AS h
  ON h.holder = o.holder
LEFT JOIN `local`.`land`.`office_bit` AS b
  ON b.office = o.office
WHERE
  h.topic > 0
GROUP BY
  o.unit,
  o.period
UNION ALL
SELECT
  i.date,
  i.period,
  i.topic,
  i.international,
  0
FROM `local`.`land`.`in_period` AS i
LEFT JOIN (
  SELECT DISTINCT
    unit
  FROM unit_office
) AS o
  ON o.unit = i.unit
WHERE
  i.date = 'publication' AND o.unit IS NULL;

SELECT DISTINCT
  priority_set
FROM `local`.`land`.`holder`
ORDER BY
  priority_set NULLS LAST;

CREATE OR REPLACE TABLE `local.land.crossed`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
), member AS (
  SELECT
    extended AS unit,
    family
  FROM `local`.`land`.`left_family`
), by_office AS (
  SELECT
    v.family,
    v.office,
    MIN(v.published) AS day
  FROM visible AS v
  JOIN (
    SELECT DISTINCT
      family
    FROM member
  ) AS m
    ON m.family = v.family
  WHERE
    NOT v.office IS NULL
  GROUP BY
    v.family,
    v.office
), ranked AS (
  SELECT
    family,
    office,
    day,
    ROW_NUMBER() OVER (PARTITION BY family ORDER BY day NULLS LAST, office NULLS LAST) AS place
  FROM by_office
), days AS (
  SELECT
    family,
    'two_offices' AS level,
    day
  FROM ranked
  WHERE
    place = 2
  UNION ALL
  SELECT
    family,
    'pct',
    day
  FROM by_office
  WHERE
    office = 'WO'
  UNION ALL
  SELECT
    family,
    'triadic',
    MAX(day)
  FROM by_office
  WHERE
    office IN ('EP', 'JP', 'US')
  GROUP BY
    family
  HAVING
    COUNT(*) = 3
)
SELECT
  m.unit,
  d.level,
  MIN(d.day) AS day
FROM member AS m
JOIN days AS d
  ON d.family = m.family
GROUP BY
  m.unit,
  d.level;

WITH unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_1 AS published
  FROM `local`.`land`.`gathered_office`
  WHERE
    NOT published_1 IS NULL
)
SELECT
  d.`group`,
  d.international,
  d.date,
  d.side,
  COUNT(*) AS n,
  SUM(CASE WHEN d.day <= t.day_0 THEN 1 ELSE 0 END) AS visible_0
FROM (
  SELECT
    'office' AS `group`,
    'all' AS international,
    c.date,
    c.year,
    s.side,
    MIN(o.published) AS day
  FROM `local`.`land`.`cohort` AS c
  JOIN unit_office AS o
    ON o.unit = c.unit
  JOIN `local`.`land`.`side_office` AS s
    ON s.office = o.office
  WHERE
    c.date <> 'publication'
  GROUP BY
    c.unit,
    c.date,
    c.year,
    s.side
  UNION ALL
  SELECT
    'priority',
    'all',
    c.date,
    c.year,
    s.side,
    c.publication
  FROM `local`.`land`.`cohort` AS c
  JOIN `local`.`land`.`holder` AS h
    ON h.holder = c.holder
  JOIN `local`.`land`.`side_set` AS s
    ON s.party_set = h.priority_set
  WHERE
    c.date <> 'publication'
  UNION ALL
  SELECT
    'priority',
    x.level,
    c.date,
    c.year,
    s.side,
    GREATEST(c.publication, x.day)
  FROM `local`.`land`.`cohort` AS c
  JOIN `local`.`land`.`holder` AS h
    ON h.holder = c.holder
  JOIN `local`.`land`.`side_set` AS s
    ON s.party_set = h.priority_set
  JOIN `local`.`land`.`crossed` AS x
    ON x.unit = c.unit
) AS d
JOIN `local`.`land`.`cutoff` AS t
  ON t.year = d.year
GROUP BY
  d.`group`,
  d.international,
  d.date,
  d.side;

CREATE OR REPLACE TABLE `local.land.left_family`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.extended,
  v.family,
  MIN(v.claimed) AS claimed
FROM visible AS v
WHERE
  (
    v.document IN (0, 1) AND v.is_grant
  )
GROUP BY
  v.extended,
  v.family;

CREATE OR REPLACE TABLE `local.land.gathered`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.application AS unit,
  MIN(v.family) AS holder,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.claimed END) AS claimed_0,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.filed END) AS filed_0,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.published END) AS published_0,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.claimed END) AS claimed_1,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.filed END) AS filed_1,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.published END) AS published_1,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.claimed END) AS claimed_2,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.filed END) AS filed_2,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.published END) AS published_2
FROM visible AS v
GROUP BY
  v.application;

CREATE OR REPLACE TABLE `local.land.gathered_office`
OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR)) AS
WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.application AS unit,
  MIN(v.family) AS holder,
  v.office,
  MIN(CASE WHEN v.document IN (0, 1) THEN v.published END) AS published_0,
  MIN(CASE WHEN v.document IN (0, 1, 2) THEN v.published END) AS published_1,
  MIN(CASE WHEN (
    v.document IN (0, 1) AND v.is_grant
  ) THEN v.published END) AS published_2
FROM visible AS v
WHERE
  NOT v.office IS NULL
GROUP BY
  v.application,
  v.office;

WITH unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_1 AS published
  FROM `local`.`land`.`gathered_office`
  WHERE
    NOT published_1 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
)
SELECT
  d.`group`,
  d.international,
  d.date,
  d.side,
  COUNT(*) AS n,
  SUM(CASE WHEN d.day <= t.day_0 THEN 1 ELSE 0 END) AS visible_0
FROM (
  SELECT
    'office' AS `group`,
    'all' AS international,
    c.date,
    c.year,
    s.side,
    MIN(o.published) AS day
  FROM `local`.`land`.`cohort` AS c
  JOIN unit_office AS o
    ON o.unit = c.unit
  JOIN `local`.`land`.`side_office` AS s
    ON s.office = o.office
  WHERE
    c.date <> 'publication'
  GROUP BY
    c.unit,
    c.date,
    c.year,
    s.side
  UNION ALL
  SELECT
    'priority',
    'all',
    c.date,
    c.year,
    s.side,
    c.publication
  FROM `local`.`land`.`cohort` AS c
  JOIN holder AS h
    ON h.holder = c.holder
  JOIN `local`.`land`.`side_set` AS s
    ON s.party_set = h.priority_set
  WHERE
    c.date <> 'publication'
) AS d
JOIN `local`.`land`.`cutoff` AS t
  ON t.year = d.year
GROUP BY
  d.`group`,
  d.international,
  d.date,
  d.side;

WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
), dates AS (
  SELECT
    family,
    EXTRACT(YEAR FROM MIN(claimed)) AS priority_year,
    EXTRACT(YEAR FROM MIN(filed)) AS filing_year,
    EXTRACT(YEAR FROM MIN(published)) AS publication_year
  FROM visible
  GROUP BY
    family
), by_office AS (
  SELECT
    family,
    COALESCE(office, 'unknown') AS country,
    EXTRACT(YEAR FROM MIN(published)) AS publication_year
  FROM visible
  GROUP BY
    family,
    office
), based AS (
  SELECT
    family,
    'applicant' AS basis,
    applicant_set AS party_set,
    applicant_step AS how_known
  FROM `local`.`land`.`holding`
  UNION ALL
  SELECT
    family,
    'inventor',
    inventor_set,
    inventor_step
  FROM `local`.`land`.`holding`
  UNION ALL
  SELECT
    family,
    'priority',
    priority_set,
    NULL
  FROM `local`.`land`.`holding`
), every AS (
  SELECT
    b.family,
    b.basis,
    s.country,
    b.how_known,
    d.publication_year,
    s.parties,
    s.known AS n_holders
  FROM based AS b
  JOIN `local`.`land`.`party_set` AS s
    ON s.party_set = b.party_set
  JOIN dates AS d
    ON d.family = b.family
  UNION ALL
  SELECT
    family,
    'office',
    country,
    NULL,
    publication_year,
    1,
    CASE WHEN country = 'unknown' THEN 0 ELSE 1 END
  FROM by_office
)
SELECT
  'family' AS unit,
  e.family AS unit_id,
  e.basis,
  e.country,
  e.how_known,
  d.priority_year,
  d.filing_year,
  e.publication_year,
  e.parties,
  e.n_holders,
  h.international & 1 = 1 AS two_offices,
  h.international & 2 = 2 AS pct,
  h.international & 4 = 4 AS triadic
FROM every AS e
JOIN dates AS d
  ON d.family = e.family
JOIN `local`.`land`.`holding` AS h
  ON h.family = e.family
ORDER BY
  e.family NULLS LAST,
  e.basis NULLS LAST,
  e.country NULLS LAST;

WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  d.*,
  h.priority_set
FROM (
  SELECT
    family,
    MAX(
      CASE
        WHEN COALESCE(EXTRACT(YEAR FROM claimed) BETWEEN 2020 AND 2024, FALSE)
        OR COALESCE(EXTRACT(YEAR FROM filed) BETWEEN 2020 AND 2024, FALSE)
        OR COALESCE(EXTRACT(YEAR FROM published) BETWEEN 2020 AND 2024, FALSE)
        THEN 1
        ELSE 0
      END
    ) AS in_0,
    MAX(
      CASE
        WHEN COALESCE(EXTRACT(YEAR FROM claimed) BETWEEN 2010 AND 2015, FALSE)
        OR COALESCE(EXTRACT(YEAR FROM filed) BETWEEN 2010 AND 2015, FALSE)
        OR COALESCE(EXTRACT(YEAR FROM published) BETWEEN 2010 AND 2015, FALSE)
        THEN 1
        ELSE 0
      END
    ) AS in_1
  FROM visible
  GROUP BY
    family
) AS d
JOIN `local`.`land`.`holding` AS h
  ON h.family = d.family
ORDER BY
  d.family NULLS LAST;

SELECT
  office,
  published,
  document
FROM `local`.`land`.`document`
ORDER BY
  pub NULLS LAST;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_0 AS priority,
    filed_0 AS filing,
    published_0 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_0 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN holder AS h
    ON h.holder = u.holder
)
SELECT
  year,
  country,
  parties,
  known,
  is_first,
  COUNT(*) AS units
FROM (
  SELECT
    u.unit,
    EXTRACT(YEAR FROM u.priority) AS year,
    s.country,
    s.parties,
    s.known,
    CAST(NULL AS INT64) AS how_known,
    s.is_first
  FROM unit_table AS u
  JOIN holder AS h
    ON h.holder = u.holder
  JOIN `local`.`land`.`party_set` AS s
    ON s.party_set = h.priority_set
  WHERE
    u.topic & 1 <> 0
    AND (
      0 = 0 OR u.international & 0 <> 0
    )
    AND NOT u.priority IS NULL
) AS c
GROUP BY
  year,
  country,
  parties,
  known,
  is_first
ORDER BY
  year NULLS LAST,
  country NULLS LAST,
  parties NULLS LAST,
  known NULLS LAST,
  is_first NULLS LAST;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_0 AS priority,
    filed_0 AS filing,
    published_0 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_0 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN holder AS h
    ON h.holder = u.holder
)
SELECT
  COUNT(*) AS n
FROM unit_table AS u
WHERE
  u.topic & 1 <> 0 AND u.priority IS NULL;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_0 AS priority,
    filed_0 AS filing,
    published_0 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_0 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN holder AS h
    ON h.holder = u.holder
)
SELECT
  year,
  country,
  parties,
  known,
  is_first,
  COUNT(*) AS units
FROM (
  SELECT
    u.unit,
    EXTRACT(YEAR FROM u.priority) AS year,
    s.country,
    s.parties,
    s.known,
    h.applicant_step AS how_known,
    s.is_first
  FROM unit_table AS u
  JOIN holder AS h
    ON h.holder = u.holder
  JOIN `local`.`land`.`party_set` AS s
    ON s.party_set = h.applicant_set
  WHERE
    u.topic & 1 <> 0
    AND (
      0 = 0 OR u.international & 0 <> 0
    )
    AND NOT u.priority IS NULL
) AS c
GROUP BY
  year,
  country,
  parties,
  known,
  is_first
ORDER BY
  year NULLS LAST,
  country NULLS LAST,
  parties NULLS LAST,
  known NULLS LAST,
  is_first NULLS LAST;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_0 AS priority,
    filed_0 AS filing,
    published_0 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_0 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN holder AS h
    ON h.holder = u.holder
), unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_0 AS published
  FROM `local`.`land`.`gathered_office`
  WHERE
    NOT published_0 IS NULL
)
SELECT
  year,
  country,
  parties,
  known,
  is_first,
  COUNT(*) AS units
FROM (
  SELECT
    u.unit,
    EXTRACT(YEAR FROM u.priority) AS year,
    COALESCE(o.office, 'unknown') AS country,
    1 AS parties,
    CASE WHEN o.office IS NULL THEN 0 ELSE 1 END AS known,
    CAST(NULL AS INT64) AS how_known,
    TRUE AS is_first
  FROM unit_table AS u
  LEFT JOIN unit_office AS o
    ON o.unit = u.unit
  WHERE
    u.topic & 1 <> 0
    AND (
      0 = 0 OR u.international & 0 <> 0
    )
    AND NOT u.priority IS NULL
) AS c
GROUP BY
  year,
  country,
  parties,
  known,
  is_first
ORDER BY
  year NULLS LAST,
  country NULLS LAST,
  parties NULLS LAST,
  known NULLS LAST,
  is_first NULLS LAST;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_2 AS priority,
    filed_2 AS filing,
    published_2 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_2 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN holder AS h
    ON h.holder = u.holder
)
SELECT
  year,
  country,
  parties,
  known,
  is_first,
  COUNT(*) AS units
FROM (
  SELECT
    u.unit,
    EXTRACT(YEAR FROM u.filing) AS year,
    s.country,
    s.parties,
    s.known,
    h.inventor_step AS how_known,
    s.is_first
  FROM unit_table AS u
  JOIN holder AS h
    ON h.holder = u.holder
  JOIN `local`.`land`.`party_set` AS s
    ON s.party_set = h.inventor_set
  WHERE
    u.topic & 1 <> 0
    AND (
      4 = 0 OR u.international & 4 <> 0
    )
    AND NOT u.filing IS NULL
) AS c
GROUP BY
  year,
  country,
  parties,
  known,
  is_first
ORDER BY
  year NULLS LAST,
  country NULLS LAST,
  parties NULLS LAST,
  known NULLS LAST,
  is_first NULLS LAST;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_2 AS priority,
    filed_2 AS filing,
    published_2 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_2 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN holder AS h
    ON h.holder = u.holder
)
SELECT
  COUNT(*) AS n
FROM unit_table AS u
WHERE
  u.topic & 1 <> 0 AND u.filing IS NULL;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_2 AS priority,
    filed_2 AS filing,
    published_2 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_2 IS NULL
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN `local`.`land`.`holder` AS h
    ON h.holder = u.holder
)
SELECT
  year,
  country,
  parties,
  known,
  is_first,
  COUNT(*) AS units
FROM (
  SELECT
    u.unit,
    EXTRACT(YEAR FROM u.filing) AS year,
    s.country,
    s.parties,
    s.known,
    h.inventor_step AS how_known,
    s.is_first
  FROM unit_table AS u
  JOIN `local`.`land`.`holder` AS h
    ON h.holder = u.holder
  JOIN `local`.`land`.`party_set` AS s
    ON s.party_set = h.inventor_set
  WHERE
    u.topic & 1 <> 0
    AND (
      4 = 0 OR u.international & 4 <> 0
    )
    AND NOT u.filing IS NULL
) AS c
GROUP BY
  year,
  country,
  parties,
  known,
  is_first
ORDER BY
  year NULLS LAST,
  country NULLS LAST,
  parties NULLS LAST,
  known NULLS LAST,
  is_first NULLS LAST;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_2 AS priority,
    filed_2 AS filing,
    published_2 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_2 IS NULL
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN `local`.`land`.`holder` AS h
    ON h.holder = u.holder
)
SELECT
  COUNT(*) AS n
FROM unit_table AS u
WHERE
  u.topic & 1 <> 0 AND u.filing IS NULL;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_0 AS priority,
    filed_0 AS filing,
    published_0 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_0 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN holder AS h
    ON h.holder = u.holder
)
SELECT
  *
FROM (
  SELECT
    u.unit,
    EXTRACT(YEAR FROM u.priority) AS year,
    s.country,
    s.parties,
    s.known,
    CAST(NULL AS INT64) AS how_known,
    s.is_first
  FROM unit_table AS u
  JOIN holder AS h
    ON h.holder = u.holder
  JOIN `local`.`land`.`party_set` AS s
    ON s.party_set = h.priority_set
  WHERE
    u.topic & 1 <> 0
    AND (
      0 = 0 OR u.international & 0 <> 0
    )
    AND NOT u.priority IS NULL
) AS c
ORDER BY
  unit NULLS LAST,
  year NULLS LAST,
  country NULLS LAST;

WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.family AS unit,
  v.pub
FROM visible AS v
JOIN `local`.`land`.`wanted` AS w
  ON w.unit = v.family
WHERE
  v.document IN (0, 1)
ORDER BY
  unit NULLS LAST,
  pub NULLS LAST;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_0 AS priority,
    filed_0 AS filing,
    published_0 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_0 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN holder AS h
    ON h.holder = u.holder
)
SELECT
  *
FROM (
  SELECT
    u.unit,
    EXTRACT(YEAR FROM u.priority) AS year,
    s.country,
    s.parties,
    s.known,
    h.applicant_step AS how_known,
    s.is_first
  FROM unit_table AS u
  JOIN holder AS h
    ON h.holder = u.holder
  JOIN `local`.`land`.`party_set` AS s
    ON s.party_set = h.applicant_set
  WHERE
    u.topic & 1 <> 0
    AND (
      0 = 0 OR u.international & 0 <> 0
    )
    AND NOT u.priority IS NULL
) AS c
ORDER BY
  unit NULLS LAST,
  year NULLS LAST,
  country NULLS LAST;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_0 AS priority,
    filed_0 AS filing,
    published_0 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_0 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN holder AS h
    ON h.holder = u.holder
), unit_office AS (
  SELECT
    unit,
    holder,
    office,
    published_0 AS published
  FROM `local`.`land`.`gathered_office`
  WHERE
    NOT published_0 IS NULL
)
SELECT
  *
FROM (
  SELECT
    u.unit,
    EXTRACT(YEAR FROM u.priority) AS year,
    COALESCE(o.office, 'unknown') AS country,
    1 AS parties,
    CASE WHEN o.office IS NULL THEN 0 ELSE 1 END AS known,
    CAST(NULL AS INT64) AS how_known,
    TRUE AS is_first
  FROM unit_table AS u
  LEFT JOIN unit_office AS o
    ON o.unit = u.unit
  WHERE
    u.topic & 1 <> 0
    AND (
      0 = 0 OR u.international & 0 <> 0
    )
    AND NOT u.priority IS NULL
) AS c
ORDER BY
  unit NULLS LAST,
  year NULLS LAST,
  country NULLS LAST;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_2 AS priority,
    filed_2 AS filing,
    published_2 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_2 IS NULL
), holder AS (
  SELECT
    t.holder,
    t.topic,
    h.*
  FROM `local`.`land`.`topical` AS t
  JOIN `local`.`land`.`holding` AS h
    ON h.family = t.holder
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN holder AS h
    ON h.holder = u.holder
)
SELECT
  *
FROM (
  SELECT
    u.unit,
    EXTRACT(YEAR FROM u.filing) AS year,
    s.country,
    s.parties,
    s.known,
    h.inventor_step AS how_known,
    s.is_first
  FROM unit_table AS u
  JOIN holder AS h
    ON h.holder = u.holder
  JOIN `local`.`land`.`party_set` AS s
    ON s.party_set = h.inventor_set
  WHERE
    u.topic & 1 <> 0
    AND (
      4 = 0 OR u.international & 4 <> 0
    )
    AND NOT u.filing IS NULL
) AS c
ORDER BY
  unit NULLS LAST,
  year NULLS LAST,
  country NULLS LAST;

WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.family AS unit,
  v.pub
FROM visible AS v
JOIN `local`.`land`.`wanted` AS w
  ON w.unit = v.family
WHERE
  (
    v.document IN (0, 1) AND v.is_grant
  )
ORDER BY
  unit NULLS LAST,
  pub NULLS LAST;

WITH unit_date AS (
  SELECT
    unit,
    holder,
    claimed_2 AS priority,
    filed_2 AS filing,
    published_2 AS publication
  FROM `local`.`land`.`gathered`
  WHERE
    NOT published_2 IS NULL
), unit_table AS (
  SELECT
    u.*,
    h.topic,
    h.international
  FROM unit_date AS u
  JOIN `local`.`land`.`holder` AS h
    ON h.holder = u.holder
)
SELECT
  *
FROM (
  SELECT
    u.unit,
    EXTRACT(YEAR FROM u.filing) AS year,
    s.country,
    s.parties,
    s.known,
    h.inventor_step AS how_known,
    s.is_first
  FROM unit_table AS u
  JOIN `local`.`land`.`holder` AS h
    ON h.holder = u.holder
  JOIN `local`.`land`.`party_set` AS s
    ON s.party_set = h.inventor_set
  WHERE
    u.topic & 1 <> 0
    AND (
      4 = 0 OR u.international & 4 <> 0
    )
    AND NOT u.filing IS NULL
) AS c
ORDER BY
  unit NULLS LAST,
  year NULLS LAST,
  country NULLS LAST;

WITH visible AS (
  SELECT
    *
  FROM `local`.`land`.`document`
  WHERE
    published <= CAST('2026-06-30' AS DATE)
)
SELECT
  v.extended AS unit,
  v.pub
FROM visible AS v
JOIN `local`.`land`.`wanted` AS w
  ON w.unit = v.extended
WHERE
  (
    v.document IN (0, 1) AND v.is_grant
  )
ORDER BY
  unit NULLS LAST,
  pub NULLS LAST;
