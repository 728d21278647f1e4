-- Version 1 of the ledger. Facts are an integer star, clustered by feed, day and entity; the views carry the
-- natural keys that people and other programs query (docs/ledger.md). A feed is one report of one account.

CREATE TABLE accounts (
  account_key INTEGER PRIMARY KEY, connector TEXT NOT NULL, account_id TEXT NOT NULL, platform TEXT NOT NULL,
  name TEXT NOT NULL, currency TEXT NOT NULL, timezone TEXT NOT NULL, status TEXT NOT NULL,
  manager_id TEXT NOT NULL, payment TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
  UNIQUE (connector, account_id)
) STRICT;

CREATE TABLE feeds (
  feed INTEGER PRIMARY KEY, account_key INTEGER NOT NULL REFERENCES accounts, report TEXT NOT NULL,
  records TEXT NOT NULL, grain TEXT NOT NULL, cadence TEXT NOT NULL, restated_days INTEGER NOT NULL,
  final_cost INTEGER NOT NULL, final_clicks INTEGER NOT NULL, final_conversions INTEGER NOT NULL,
  retention_days INTEGER,
  UNIQUE (account_key, report)
) STRICT;

CREATE TABLE entities (
  entity INTEGER PRIMARY KEY, account_key INTEGER NOT NULL REFERENCES accounts, campaign_id TEXT NOT NULL,
  ad_group_id TEXT NOT NULL, ad_id TEXT NOT NULL,
  UNIQUE (account_key, campaign_id, ad_group_id, ad_id)
) STRICT;

CREATE TABLE texts (text_key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE actions (
  action_key INTEGER PRIMARY KEY, action TEXT NOT NULL, attribution TEXT NOT NULL, UNIQUE (action, attribution)
) STRICT;

-- previous_done_at is a fetch at least 24 hours before the newest one; anchor_done_at waits to become it.
CREATE TABLE unit_cells (
  feed INTEGER NOT NULL REFERENCES feeds, cell INTEGER NOT NULL, first_day INTEGER NOT NULL,
  last_day INTEGER NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  rows INTEGER NOT NULL DEFAULT 0, remembered TEXT NOT NULL DEFAULT '{}', error TEXT NOT NULL DEFAULT '',
  started_at TEXT, finished_at TEXT, done_at INTEGER, done_on INTEGER, first_done_at INTEGER,
  previous_done_at INTEGER, anchor_done_at INTEGER, run_id TEXT,
  PRIMARY KEY (feed, cell)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_facts (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, entity INTEGER NOT NULL, currency INTEGER NOT NULL,
  view_definition INTEGER NOT NULL, impressions INTEGER, measurable_impressions INTEGER,
  viewable_impressions INTEGER, clicks INTEGER, interactions INTEGER, engagements INTEGER, video_views INTEGER,
  video_completions INTEGER, leads INTEGER, installs INTEGER, conversions_micros INTEGER, purchases INTEGER,
  revenue_micros INTEGER, invalid_clicks INTEGER, billable_units INTEGER, cost_micros INTEGER,
  credited_micros INTEGER, as_of INTEGER NOT NULL,
  PRIMARY KEY (feed, day, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_facts_history (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, entity INTEGER NOT NULL, currency INTEGER NOT NULL,
  view_definition INTEGER NOT NULL, impressions INTEGER, measurable_impressions INTEGER,
  viewable_impressions INTEGER, clicks INTEGER, interactions INTEGER, engagements INTEGER, video_views INTEGER,
  video_completions INTEGER, leads INTEGER, installs INTEGER, conversions_micros INTEGER, purchases INTEGER,
  revenue_micros INTEGER, invalid_clicks INTEGER, billable_units INTEGER, cost_micros INTEGER,
  credited_micros INTEGER, as_of INTEGER NOT NULL, superseded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_facts_history_key ON delivery_facts_history (feed, day, entity);

CREATE TABLE interaction_facts (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, entity INTEGER NOT NULL, action INTEGER NOT NULL,
  kind TEXT NOT NULL, quantity_micros INTEGER NOT NULL, value_micros INTEGER, view_through INTEGER NOT NULL,
  in_total INTEGER NOT NULL, as_of INTEGER NOT NULL,
  PRIMARY KEY (feed, day, entity, action)
) STRICT, WITHOUT ROWID;

CREATE TABLE interaction_facts_history (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, entity INTEGER NOT NULL, action INTEGER NOT NULL,
  kind TEXT NOT NULL, quantity_micros INTEGER NOT NULL, value_micros INTEGER, view_through INTEGER NOT NULL,
  in_total INTEGER NOT NULL, as_of INTEGER NOT NULL, superseded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX interaction_facts_history_key ON interaction_facts_history (feed, day, entity);

CREATE TABLE evidence_facts (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, source_id TEXT NOT NULL, record_id TEXT NOT NULL,
  kind TEXT NOT NULL, key_kind TEXT NOT NULL, key_value TEXT NOT NULL, status TEXT NOT NULL,
  refers_to TEXT NOT NULL, quantity_micros INTEGER, value_micros INTEGER, currency TEXT NOT NULL,
  timezone TEXT NOT NULL, evidence_class TEXT NOT NULL, flags TEXT NOT NULL, as_of INTEGER NOT NULL,
  PRIMARY KEY (feed, day, source_id, record_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence_facts_history (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, source_id TEXT NOT NULL, record_id TEXT NOT NULL,
  kind TEXT NOT NULL, key_kind TEXT NOT NULL, key_value TEXT NOT NULL, status TEXT NOT NULL,
  refers_to TEXT NOT NULL, quantity_micros INTEGER, value_micros INTEGER, currency TEXT NOT NULL,
  timezone TEXT NOT NULL, evidence_class TEXT NOT NULL, flags TEXT NOT NULL, as_of INTEGER NOT NULL,
  superseded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_facts_history_key ON evidence_facts_history (feed, day, source_id, record_id);

-- Of an hour, day is the account's own and hour the epoch second at which it begins; of a month the first day.
CREATE TABLE hourly_facts (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, entity INTEGER NOT NULL, hour INTEGER NOT NULL,
  span_hours INTEGER NOT NULL, currency INTEGER NOT NULL, impressions INTEGER, clicks INTEGER,
  cost_micros INTEGER, as_of INTEGER NOT NULL,
  PRIMARY KEY (feed, day, entity, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE hourly_facts_history (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, entity INTEGER NOT NULL, hour INTEGER NOT NULL,
  span_hours INTEGER NOT NULL, currency INTEGER NOT NULL, impressions INTEGER, clicks INTEGER,
  cost_micros INTEGER, as_of INTEGER NOT NULL,
  superseded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX hourly_facts_history_key ON hourly_facts_history (feed, day, entity);

CREATE TABLE country_facts (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, country TEXT NOT NULL, currency INTEGER NOT NULL,
  cost_micros INTEGER, as_of INTEGER NOT NULL,
  PRIMARY KEY (feed, day, country)
) STRICT, WITHOUT ROWID;

CREATE TABLE country_facts_history (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, country TEXT NOT NULL, currency INTEGER NOT NULL,
  cost_micros INTEGER, as_of INTEGER NOT NULL,
  superseded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX country_facts_history_key ON country_facts_history (feed, day, country);

-- What the platforms answered, where the user wants it kept: gzip, by the SHA-256 of the inflated bytes.
CREATE TABLE raw_answers (hash BLOB PRIMARY KEY NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL) STRICT;

-- fetched_at is the as_of of the rows that came with the answers; the days are those that were asked for.
CREATE TABLE unit_answers (
  feed INTEGER NOT NULL REFERENCES feeds, cell INTEGER NOT NULL, fetched_at INTEGER NOT NULL,
  position INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL, method TEXT NOT NULL,
  url TEXT NOT NULL, sent TEXT NOT NULL, status INTEGER NOT NULL, content_type TEXT NOT NULL,
  hash BLOB NOT NULL REFERENCES raw_answers,
  PRIMARY KEY (feed, cell, fetched_at, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaigns (
  connector TEXT NOT NULL, account_id TEXT NOT NULL, campaign_id TEXT NOT NULL, name TEXT NOT NULL,
  status TEXT NOT NULL, objective TEXT NOT NULL, channel TEXT NOT NULL, first_day TEXT, last_day TEXT,
  budget_id TEXT NOT NULL, budget_micros INTEGER, budget_period TEXT NOT NULL,
  PRIMARY KEY (connector, account_id, campaign_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ad_groups (
  connector TEXT NOT NULL, account_id TEXT NOT NULL, ad_group_id TEXT NOT NULL, campaign_id TEXT NOT NULL,
  name TEXT NOT NULL, status TEXT NOT NULL, first_day TEXT, last_day TEXT, budget_micros INTEGER,
  budget_period TEXT NOT NULL,
  PRIMARY KEY (connector, account_id, ad_group_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ads (
  connector TEXT NOT NULL, account_id TEXT NOT NULL, ad_group_id TEXT NOT NULL, ad_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
  PRIMARY KEY (connector, account_id, ad_group_id, ad_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
  connector TEXT NOT NULL, account_id TEXT NOT NULL, level TEXT NOT NULL, entity_id TEXT NOT NULL,
  at TEXT NOT NULL, field TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, source TEXT NOT NULL,
  PRIMARY KEY (connector, account_id, level, entity_id, at, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE terms (
  connector TEXT NOT NULL, account_id TEXT NOT NULL, level TEXT NOT NULL, entity_id TEXT NOT NULL,
  valid_from TEXT NOT NULL, campaign_id TEXT NOT NULL, valid_to TEXT, observed_at TEXT NOT NULL,
  assumed INTEGER NOT NULL, model TEXT, billable_event TEXT NOT NULL, rate_micros INTEGER, kind TEXT NOT NULL,
  native TEXT NOT NULL,
  PRIMARY KEY (connector, account_id, level, entity_id, valid_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE orders (
  connector TEXT NOT NULL, order_id TEXT NOT NULL, account_id TEXT NOT NULL, purchase_order TEXT NOT NULL,
  paid_type TEXT NOT NULL, first_day TEXT, last_day TEXT, cap_micros INTEGER, units INTEGER, model TEXT,
  rate_micros INTEGER, currency TEXT NOT NULL,
  PRIMARY KEY (connector, order_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE balances (
  connector TEXT NOT NULL, account_id TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
  amount_micros INTEGER NOT NULL, currency TEXT NOT NULL,
  PRIMARY KEY (connector, account_id, at, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoices (
  connector TEXT NOT NULL, invoice_id TEXT NOT NULL, number TEXT NOT NULL, account_id TEXT NOT NULL,
  kind TEXT NOT NULL, status TEXT NOT NULL, issue_day TEXT, due_day TEXT, first_day TEXT, last_day TEXT,
  timezone TEXT NOT NULL, currency TEXT NOT NULL, subtotal_micros INTEGER, adjustments_micros INTEGER,
  fees_micros INTEGER, tax_micros INTEGER, total_micros INTEGER NOT NULL, purchase_order TEXT NOT NULL,
  url TEXT NOT NULL, feed INTEGER NOT NULL,
  PRIMARY KEY (connector, invoice_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice_accounts (
  connector TEXT NOT NULL, invoice_id TEXT NOT NULL, account_id TEXT NOT NULL, amount_micros INTEGER,
  PRIMARY KEY (connector, invoice_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice_links (
  connector TEXT NOT NULL, invoice_id TEXT NOT NULL, kind TEXT NOT NULL, other_id TEXT NOT NULL,
  PRIMARY KEY (connector, invoice_id, kind, other_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice_lines (
  connector TEXT NOT NULL, invoice_id TEXT NOT NULL, line TEXT NOT NULL, account_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL, campaign_name TEXT NOT NULL, kind TEXT NOT NULL, description TEXT NOT NULL,
  quantity INTEGER, unit TEXT NOT NULL, per INTEGER NOT NULL, unit_price_micros INTEGER,
  price_is_average INTEGER NOT NULL, amount_micros INTEGER NOT NULL, served_micros INTEGER,
  jurisdiction TEXT NOT NULL, rate_ppm INTEGER, base_micros INTEGER, budget_id TEXT NOT NULL,
  purchase_order TEXT NOT NULL, first_day TEXT, last_day TEXT, original_invoice_id TEXT NOT NULL,
  feed INTEGER NOT NULL,
  PRIMARY KEY (connector, invoice_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE fx_rates (
  base TEXT NOT NULL, quote TEXT NOT NULL, day TEXT NOT NULL, num INTEGER NOT NULL, den INTEGER NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (base, quote, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  run_id TEXT PRIMARY KEY, command TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
  status TEXT NOT NULL, version TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE verdicts (
  check_id TEXT NOT NULL, subject TEXT NOT NULL, month TEXT NOT NULL, verdict TEXT NOT NULL,
  flags TEXT NOT NULL, input_hash TEXT NOT NULL, judged_at TEXT NOT NULL,
  PRIMARY KEY (check_id, subject, month)
) STRICT, WITHOUT ROWID;

-- What was said of a month, and a digest of all that it was said from: while that is the same, it still holds.
CREATE TABLE judged_months (
  month TEXT PRIMARY KEY, stamp TEXT NOT NULL, judged_at TEXT NOT NULL, detail BLOB NOT NULL,
  support BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE findings (
  finding_id TEXT PRIMARY KEY, check_id TEXT NOT NULL, subject TEXT NOT NULL, month TEXT NOT NULL,
  verdict TEXT NOT NULL, severity TEXT NOT NULL, asks TEXT NOT NULL, direction TEXT NOT NULL,
  confidence TEXT NOT NULL, state TEXT NOT NULL, connector TEXT NOT NULL, platform TEXT NOT NULL,
  account_id TEXT NOT NULL, campaign_id TEXT NOT NULL, invoice_id TEXT NOT NULL, first_day TEXT NOT NULL,
  last_day TEXT NOT NULL, currency TEXT NOT NULL, billed_micros INTEGER, expected_micros INTEGER,
  diff_micros INTEGER, tolerance_micros INTEGER, residual_micros INTEGER, at_risk_micros INTEGER NOT NULL,
  formula TEXT NOT NULL, evidence TEXT NOT NULL, explanation TEXT NOT NULL, next_step TEXT NOT NULL,
  flags TEXT NOT NULL, figures TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_events (
  event INTEGER PRIMARY KEY, finding_id TEXT NOT NULL REFERENCES findings, at TEXT NOT NULL,
  action TEXT NOT NULL, note TEXT NOT NULL, amount_micros INTEGER
) STRICT;
CREATE INDEX finding_events_finding ON finding_events (finding_id, at);

-- Months as they were closed. A month may be closed again: rows are added and never changed.
CREATE TABLE closings (
  closing_id INTEGER PRIMARY KEY, month TEXT NOT NULL, closed_at TEXT NOT NULL, version TEXT NOT NULL,
  complete INTEGER NOT NULL, warnings TEXT NOT NULL
) STRICT;

CREATE TABLE closing_amounts (
  closing_id INTEGER NOT NULL REFERENCES closings, connector TEXT NOT NULL, account_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL, currency TEXT NOT NULL, platform TEXT NOT NULL, cost_micros INTEGER,
  billed_micros INTEGER, expected_micros INTEGER, estimate_micros INTEGER,
  PRIMARY KEY (closing_id, connector, account_id, campaign_id, currency)
) STRICT;

CREATE TABLE closing_verdicts (
  closing_id INTEGER NOT NULL REFERENCES closings, check_id TEXT NOT NULL, verdict TEXT NOT NULL,
  results INTEGER NOT NULL,
  PRIMARY KEY (closing_id, check_id, verdict)
) STRICT;

CREATE TABLE closing_findings (
  closing_id INTEGER NOT NULL REFERENCES closings, finding_id TEXT NOT NULL, check_id TEXT NOT NULL,
  subject TEXT NOT NULL, connector TEXT NOT NULL, account_id TEXT NOT NULL, severity TEXT NOT NULL,
  asks TEXT NOT NULL, state TEXT NOT NULL, currency TEXT NOT NULL, diff_micros INTEGER,
  at_risk_micros INTEGER NOT NULL,
  PRIMARY KEY (closing_id, finding_id)
) STRICT;

CREATE TABLE closing_documents (
  closing_id INTEGER NOT NULL REFERENCES closings, connector TEXT NOT NULL, invoice_id TEXT NOT NULL,
  number TEXT NOT NULL, account_id TEXT NOT NULL, kind TEXT NOT NULL, issue_day TEXT, currency TEXT NOT NULL,
  total_micros INTEGER NOT NULL,
  PRIMARY KEY (closing_id, connector, invoice_id)
) STRICT;

-- Days and instants as text, for the views only.

CREATE VIEW units AS
SELECT a.connector, f.report, a.account_id, date(u.first_day * 86400, 'unixepoch') AS first_day,
  date(u.last_day * 86400, 'unixepoch') AS last_day, u.status, u.attempts, u.rows, u.remembered, u.error,
  u.started_at, u.finished_at, u.run_id
FROM unit_cells AS u JOIN feeds AS f ON f.feed = u.feed JOIN accounts AS a ON a.account_key = f.account_key;

CREATE VIEW answers AS
SELECT a.connector, a.account_id, f.report, date(u.first_day * 86400, 'unixepoch') AS first_day,
  date(u.last_day * 86400, 'unixepoch') AS last_day,
  strftime('%Y-%m-%dT%H:%M:%SZ', u.fetched_at, 'unixepoch') AS fetched_at, u.position, u.method, u.url, u.sent,
  u.status, u.content_type, r.size AS bytes, lower(hex(u.hash)) AS sha256
FROM unit_answers AS u JOIN raw_answers AS r ON r.hash = u.hash JOIN feeds AS f ON f.feed = u.feed
  JOIN accounts AS a ON a.account_key = f.account_key;

CREATE VIEW delivery AS
SELECT a.connector, a.account_id, date(d.day * 86400, 'unixepoch') AS day, f.grain, e.campaign_id,
  e.ad_group_id, e.ad_id, c.text AS currency, d.impressions, d.measurable_impressions, d.viewable_impressions,
  d.clicks, d.interactions, d.engagements, d.video_views, d.video_completions, v.text AS view_definition,
  d.leads, d.installs, d.conversions_micros, d.purchases, d.revenue_micros, d.invalid_clicks, d.billable_units,
  d.cost_micros, d.credited_micros, strftime('%Y-%m-%dT%H:%M:%SZ', d.as_of, 'unixepoch') AS as_of
FROM accounts AS a JOIN feeds AS f ON f.account_key = a.account_key JOIN delivery_facts AS d ON d.feed = f.feed
  JOIN entities AS e ON e.entity = d.entity JOIN texts AS c ON c.text_key = d.currency
  JOIN texts AS v ON v.text_key = d.view_definition;

CREATE VIEW delivery_history AS
SELECT a.connector, a.account_id, date(d.day * 86400, 'unixepoch') AS day, f.grain, e.campaign_id,
  e.ad_group_id, e.ad_id, c.text AS currency, d.impressions, d.measurable_impressions, d.viewable_impressions,
  d.clicks, d.interactions, d.engagements, d.video_views, d.video_completions, v.text AS view_definition,
  d.leads, d.installs, d.conversions_micros, d.purchases, d.revenue_micros, d.invalid_clicks, d.billable_units,
  d.cost_micros, d.credited_micros, strftime('%Y-%m-%dT%H:%M:%SZ', d.as_of, 'unixepoch') AS as_of,
  strftime('%Y-%m-%dT%H:%M:%SZ', d.superseded_at, 'unixepoch') AS superseded_at
FROM accounts AS a JOIN feeds AS f ON f.account_key = a.account_key
  JOIN delivery_facts_history AS d ON d.feed = f.feed
  JOIN entities AS e ON e.entity = d.entity JOIN texts AS c ON c.text_key = d.currency
  JOIN texts AS v ON v.text_key = d.view_definition;

CREATE VIEW interactions AS
SELECT a.connector, a.account_id, date(i.day * 86400, 'unixepoch') AS day, f.grain, e.campaign_id,
  e.ad_group_id, e.ad_id, k.action, k.attribution, i.kind, i.quantity_micros, i.value_micros, i.view_through,
  i.in_total, strftime('%Y-%m-%dT%H:%M:%SZ', i.as_of, 'unixepoch') AS as_of
FROM accounts AS a JOIN feeds AS f ON f.account_key = a.account_key
  JOIN interaction_facts AS i ON i.feed = f.feed JOIN entities AS e ON e.entity = i.entity
  JOIN actions AS k ON k.action_key = i.action;

CREATE VIEW interactions_history AS
SELECT a.connector, a.account_id, date(i.day * 86400, 'unixepoch') AS day, f.grain, e.campaign_id,
  e.ad_group_id, e.ad_id, k.action, k.attribution, i.kind, i.quantity_micros, i.value_micros, i.view_through,
  i.in_total, strftime('%Y-%m-%dT%H:%M:%SZ', i.as_of, 'unixepoch') AS as_of,
  strftime('%Y-%m-%dT%H:%M:%SZ', i.superseded_at, 'unixepoch') AS superseded_at
FROM accounts AS a JOIN feeds AS f ON f.account_key = a.account_key
  JOIN interaction_facts_history AS i ON i.feed = f.feed JOIN entities AS e ON e.entity = i.entity
  JOIN actions AS k ON k.action_key = i.action;

CREATE VIEW evidence AS
SELECT a.connector, v.source_id, v.record_id, v.kind, date(v.day * 86400, 'unixepoch') AS day, v.key_kind,
  v.key_value, v.status, v.refers_to, v.quantity_micros, v.value_micros, v.currency, v.timezone,
  v.evidence_class, v.flags, strftime('%Y-%m-%dT%H:%M:%SZ', v.as_of, 'unixepoch') AS as_of
FROM accounts AS a JOIN feeds AS f ON f.account_key = a.account_key JOIN evidence_facts AS v ON v.feed = f.feed;

CREATE VIEW evidence_history AS
SELECT a.connector, v.source_id, v.record_id, v.kind, date(v.day * 86400, 'unixepoch') AS day, v.key_kind,
  v.key_value, v.status, v.refers_to, v.quantity_micros, v.value_micros, v.currency, v.timezone,
  v.evidence_class, v.flags, strftime('%Y-%m-%dT%H:%M:%SZ', v.as_of, 'unixepoch') AS as_of,
  strftime('%Y-%m-%dT%H:%M:%SZ', v.superseded_at, 'unixepoch') AS superseded_at
FROM accounts AS a JOIN feeds AS f ON f.account_key = a.account_key
  JOIN evidence_facts_history AS v ON v.feed = f.feed;

CREATE VIEW delivery_hourly AS
SELECT a.connector, a.account_id, strftime('%Y-%m-%dT%H:%M:%SZ', d.hour, 'unixepoch') AS hour,
  e.campaign_id, d.span_hours, c.text AS currency, d.impressions, d.clicks, d.cost_micros,
  strftime('%Y-%m-%dT%H:%M:%SZ', d.as_of, 'unixepoch') AS as_of
FROM accounts AS a JOIN feeds AS f ON f.account_key = a.account_key
  JOIN hourly_facts AS d ON d.feed = f.feed JOIN entities AS e ON e.entity = d.entity
  JOIN texts AS c ON c.text_key = d.currency;

CREATE VIEW delivery_hourly_history AS
SELECT a.connector, a.account_id, strftime('%Y-%m-%dT%H:%M:%SZ', d.hour, 'unixepoch') AS hour,
  e.campaign_id, d.span_hours, c.text AS currency, d.impressions, d.clicks, d.cost_micros,
  strftime('%Y-%m-%dT%H:%M:%SZ', d.as_of, 'unixepoch') AS as_of,
  strftime('%Y-%m-%dT%H:%M:%SZ', d.superseded_at, 'unixepoch') AS superseded_at
FROM accounts AS a JOIN feeds AS f ON f.account_key = a.account_key
  JOIN hourly_facts_history AS d ON d.feed = f.feed JOIN entities AS e ON e.entity = d.entity
  JOIN texts AS c ON c.text_key = d.currency;

CREATE VIEW delivery_by_country AS
SELECT a.connector, a.account_id, date(d.day * 86400, 'unixepoch') AS month, d.country,
  c.text AS currency, d.cost_micros,
  strftime('%Y-%m-%dT%H:%M:%SZ', d.as_of, 'unixepoch') AS as_of
FROM accounts AS a JOIN feeds AS f ON f.account_key = a.account_key
  JOIN country_facts AS d ON d.feed = f.feed
  JOIN texts AS c ON c.text_key = d.currency;

CREATE VIEW delivery_by_country_history AS
SELECT a.connector, a.account_id, date(d.day * 86400, 'unixepoch') AS month, d.country,
  c.text AS currency, d.cost_micros,
  strftime('%Y-%m-%dT%H:%M:%SZ', d.as_of, 'unixepoch') AS as_of,
  strftime('%Y-%m-%dT%H:%M:%SZ', d.superseded_at, 'unixepoch') AS superseded_at
FROM accounts AS a JOIN feeds AS f ON f.account_key = a.account_key
  JOIN country_facts_history AS d ON d.feed = f.feed
  JOIN texts AS c ON c.text_key = d.currency;

-- The feeds whose sums are the money of an account, whichever connectors see it: its coarsest grain, which is
-- campaign wherever a platform has it; an account with only finer rows counts by their sums. Totals that a
-- platform tells of the whole account only check the others.
CREATE VIEW money_feeds AS
SELECT f.feed, f.account_key, f.grain
FROM feeds AS f JOIN accounts AS a ON a.account_key = f.account_key
WHERE f.records LIKE '%Delivery%' AND f.grain <> 'account'
  AND CASE f.grain WHEN 'campaign' THEN 1 WHEN 'ad_group' THEN 2 ELSE 3 END = (
  SELECT MIN(CASE g.grain WHEN 'campaign' THEN 1 WHEN 'ad_group' THEN 2 ELSE 3 END)
  FROM feeds AS g JOIN accounts AS b ON b.account_key = g.account_key
  WHERE b.platform = a.platform AND b.account_id = a.account_id AND g.records LIKE '%Delivery%'
);

CREATE VIEW performance AS
SELECT s.platform, s.connector, s.account_id, s.account, s.campaign_id, s.campaign, s.day, s.currency,
  s.impressions, s.clicks, s.interactions, s.conversions_micros / 1e6 AS conversions,
  s.cost_micros / 1e6 AS cost, s.revenue_micros / 1e6 AS revenue,
  1.0 * s.clicks / NULLIF(s.impressions, 0) AS ctr,
  s.cost_micros / 1e6 / NULLIF(s.clicks, 0) AS cpc,
  s.cost_micros / 1e3 / NULLIF(s.impressions, 0) AS cpm,
  s.cost_micros / 1e6 / NULLIF(s.interactions, 0) AS cost_per_interaction
FROM (
  SELECT a.platform, a.connector, a.account_id, a.name AS account, e.campaign_id,
    COALESCE(k.name, '') AS campaign, date(d.day * 86400, 'unixepoch') AS day, c.text AS currency,
    CASE WHEN COUNT(d.impressions) = COUNT(*) THEN SUM(d.impressions) END AS impressions,
    CASE WHEN COUNT(d.clicks) = COUNT(*) THEN SUM(d.clicks) END AS clicks,
    CASE WHEN COUNT(COALESCE(d.interactions, d.clicks)) = COUNT(*)
      THEN SUM(COALESCE(d.interactions, d.clicks)) END AS interactions,
    CASE WHEN COUNT(d.conversions_micros) = COUNT(*) THEN SUM(d.conversions_micros) END AS conversions_micros,
    CASE WHEN COUNT(d.cost_micros) = COUNT(*) THEN SUM(d.cost_micros) END AS cost_micros,
    CASE WHEN COUNT(d.revenue_micros) = COUNT(*) THEN SUM(d.revenue_micros) END AS revenue_micros
  FROM money_feeds AS m JOIN accounts AS a ON a.account_key = m.account_key
    JOIN delivery_facts AS d ON d.feed = m.feed JOIN entities AS e ON e.entity = d.entity
    JOIN texts AS c ON c.text_key = d.currency
    LEFT JOIN campaigns AS k
      ON k.connector = a.connector AND k.account_id = a.account_id AND k.campaign_id = e.campaign_id
  GROUP BY m.account_key, d.day, e.campaign_id, d.currency
) AS s;

-- What accounts cost in months for which no bill of theirs is known: an estimate of what will be billed.
CREATE VIEW accruals AS
WITH spent AS (
  SELECT strftime('%Y-%m', d.day * 86400, 'unixepoch') AS month, MIN(m.account_key) AS account_key,
    a.platform, a.account_id, c.text AS currency,
    CASE WHEN COUNT(d.cost_micros) = COUNT(*) THEN SUM(d.cost_micros) END AS cost_micros
  FROM money_feeds AS m JOIN accounts AS a ON a.account_key = m.account_key
    JOIN delivery_facts AS d ON d.feed = m.feed JOIN texts AS c ON c.text_key = d.currency
  GROUP BY 1, a.platform, a.account_id, c.text
), bills AS (
  SELECT a.platform, p.account_id, i.currency,
    CASE WHEN i.last_day IS NULL THEN strftime('%Y-%m', i.issue_day, 'start of month', '-1 month')
      ELSE strftime('%Y-%m', COALESCE(i.first_day, i.last_day)) END AS first_month,
    strftime('%Y-%m', COALESCE(i.last_day, i.issue_day)) AS last_month
  FROM invoices AS i JOIN (SELECT DISTINCT connector, platform FROM accounts) AS a ON a.connector = i.connector
    JOIN (
      SELECT connector, invoice_id, account_id FROM invoices
      UNION SELECT connector, invoice_id, account_id FROM invoice_accounts
      UNION SELECT connector, invoice_id, account_id FROM invoice_lines WHERE account_id <> ''
    ) AS p ON p.connector = i.connector AND p.invoice_id = i.invoice_id
  WHERE i.status NOT IN ('open', 'draft', 'pending', 'void') AND i.kind NOT IN ('credit_memo', 'refund')
), asked AS (
  SELECT a.platform, a.account_id, u.status, strftime('%Y-%m', u.done_on * 86400, 'unixepoch') AS done_month,
    CASE WHEN f.cadence = 'file' THEN '' ELSE strftime('%Y-%m', u.first_day * 86400, 'unixepoch') END
      AS first_month,
    CASE WHEN f.cadence = 'file' THEN '9999-12' ELSE strftime('%Y-%m', u.last_day * 86400, 'unixepoch') END
      AS last_month
  FROM feeds AS f JOIN accounts AS a ON a.account_key = f.account_key JOIN unit_cells AS u ON u.feed = f.feed
  WHERE f.records LIKE '%Invoice%'
)
SELECT s.month, a.connector, s.platform, s.account_id, a.name AS account, s.currency,
  s.cost_micros AS estimate_micros,
  CASE
    WHEN EXISTS (
      SELECT 1 FROM asked AS q
      WHERE q.platform = s.platform AND q.account_id = s.account_id AND q.done_month > s.month
        AND s.month BETWEEN q.first_month AND q.last_month
    ) THEN 'not_billed_yet'
    WHEN EXISTS (
      SELECT 1 FROM asked AS q
      WHERE q.platform = s.platform AND q.account_id = s.account_id AND q.status = 'not_offered'
    ) THEN 'not_offered'
    ELSE 'not_asked'
  END AS why
FROM spent AS s JOIN accounts AS a ON a.account_key = s.account_key
WHERE s.cost_micros <> 0 AND NOT EXISTS (
  SELECT 1 FROM bills AS b
  WHERE b.platform = s.platform AND b.account_id = s.account_id
    AND s.month BETWEEN b.first_month AND b.last_month
    AND (b.currency = s.currency OR NOT EXISTS (
      SELECT 1 FROM spent AS o
      WHERE o.platform = s.platform AND o.account_id = s.account_id AND o.month = s.month
        AND o.currency = b.currency
    ))
);
