"""What a month was judged from, as far as one has to look to know that nothing changed."""

ACCOUNTS = """
SELECT connector, account_id, platform, name, currency, timezone, payment FROM accounts
ORDER BY connector, account_id
"""

CELLS = """
SELECT f.feed, u.cell, f.records, f.grain, f.final_cost, f.final_clicks, f.final_conversions, u.first_day,
  u.last_day, u.status, u.rows, MIN(u.done_on, :settled), u.first_done_at,
  CASE WHEN f.records LIKE '%Change%' THEN 0 ELSE u.done_at END,
  CASE WHEN f.records LIKE '%Change%' THEN 0 ELSE u.previous_done_at END
FROM feeds AS f JOIN unit_cells AS u ON u.feed = f.feed
WHERE f.cadence <> 'file' AND f.cadence <> 'snapshot'
  AND u.first_day <= CASE WHEN f.records LIKE '%Evidence%' THEN :evidence_until
    WHEN f.records LIKE '%Change%' THEN :settled ELSE :until END
  AND (f.records NOT LIKE '%Invoice%' OR u.last_day >= :first)
ORDER BY f.feed, u.cell
"""
"""Of changes also later ones: the first after the month tells what was so before it; they and documents are
looked at themselves. Of when documents were asked for only the month counts."""

FILE_CELLS = """
SELECT f.feed, f.records, f.grain, u.first_day, u.last_day, u.status, MIN(u.done_on, :settled)
FROM feeds AS f JOIN unit_cells AS u ON u.feed = f.feed
WHERE f.cadence = 'file' ORDER BY f.feed, u.cell
"""
"""A file is read at each sync: its rows say whether it changed."""

FILE_ROWS = """
SELECT d.feed, COUNT(*), MAX(d.as_of) FROM feeds AS f CROSS JOIN main.{table} AS d
WHERE f.cadence = 'file' AND d.feed = f.feed AND d.day <= :until GROUP BY d.feed ORDER BY d.feed
"""

STATES = (
    "SELECT * FROM campaigns ORDER BY connector, account_id, campaign_id",
    "SELECT * FROM orders ORDER BY connector, order_id",
    "SELECT * FROM fx_rates WHERE day <= :until_text ORDER BY base, quote, day",
    "SELECT * FROM balances WHERE at <= :until_text ORDER BY connector, account_id, at, kind",
    "SELECT * FROM changes WHERE at <= :settled_text "
    "ORDER BY connector, account_id, level, entity_id, at, field",
    "SELECT * FROM terms WHERE valid_from <= :until_text "
    "ORDER BY connector, account_id, level, entity_id, valid_from",
)

DOCUMENTS = """
SELECT * FROM invoices AS i
WHERE COALESCE(i.first_day, i.issue_day, '') <= :corrected_text OR i.kind = 'credit_memo'
  OR EXISTS (SELECT 1 FROM invoice_links AS k WHERE k.connector = i.connector AND k.invoice_id = i.invoice_id)
  OR EXISTS (SELECT 1 FROM invoice_lines AS l
    WHERE l.connector = i.connector AND l.invoice_id = i.invoice_id AND l.original_invoice_id <> '')
ORDER BY i.connector, i.invoice_id
"""

RUNS = """
SELECT started_at FROM runs WHERE command = 'sync' AND started_at <= :settled_text ORDER BY started_at
"""
"""When the platforms were asked decides what was believed when a bill came."""

PARTS = (
    "SELECT l.* FROM invoice_lines AS l ORDER BY l.connector, l.invoice_id, l.line",
    "SELECT a.* FROM invoice_accounts AS a ORDER BY a.connector, a.invoice_id, a.account_id",
    "SELECT k.* FROM invoice_links AS k ORDER BY k.connector, k.invoice_id, k.kind, k.other_id",
)
"""What belongs to documents, whichever connector brought it; their ids are in the second column."""
