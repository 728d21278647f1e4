"""The queries about closed months: what did not come, and which documents are about the month."""

from collections.abc import Sequence

UNDONE = """
SELECT a.connector, a.account_id, f.report, u.status, MIN(u.first_day) AS first_day,
  MAX(u.last_day) AS last_day
FROM unit_cells AS u JOIN feeds AS f ON f.feed = u.feed JOIN accounts AS a ON a.account_key = f.account_key
WHERE u.status IN ('denied', 'failed', 'waiting') AND f.cadence IN ('daily', 'monthly', 'file')
  AND u.first_day <= :last AND u.last_day >= :first
GROUP BY a.connector, a.account_id, f.report, u.status
ORDER BY a.connector, a.account_id, f.report, u.status
"""

DELIVERING = """
SELECT DISTINCT a.connector, a.account_id
FROM money_feeds AS m JOIN accounts AS a ON a.account_key = m.account_key
"""

_CLOSED = "i.status NOT IN ('open', 'draft', 'pending', 'void')"

DOCUMENTS = f"""
WITH bills AS (
  SELECT i.connector, i.invoice_id, i.number
  FROM invoices AS i
  WHERE {_CLOSED} AND (COALESCE(i.last_day, i.issue_day) BETWEEN :first_text AND :last_text
    OR (i.first_day <= :last_text AND i.last_day >= :first_text))
)
SELECT i.connector, i.invoice_id, i.number, i.account_id, i.kind, i.issue_day, i.currency, i.total_micros
FROM invoices AS i
WHERE {_CLOSED} AND (
  EXISTS (SELECT 1 FROM bills AS b WHERE b.connector = i.connector AND b.invoice_id = i.invoice_id)
  OR EXISTS (
    SELECT 1 FROM invoice_links AS k
      JOIN bills AS b ON b.connector = k.connector AND k.other_id IN (b.invoice_id, b.number)
    WHERE k.connector = i.connector AND k.invoice_id = i.invoice_id AND k.other_id <> ''
  )
  OR EXISTS (
    SELECT 1 FROM invoice_lines AS l
    WHERE l.connector = i.connector AND l.invoice_id = i.invoice_id
      AND ((l.first_day >= :first_text AND l.last_day <= :last_text) OR EXISTS (
        SELECT 1 FROM bills AS b
        WHERE b.connector = l.connector AND l.original_invoice_id IN (b.invoice_id, b.number)
          AND l.original_invoice_id <> ''
      ))
  )
)
ORDER BY i.connector, i.invoice_id
"""
"""Every closed document that bills, corrects or replaces something of the month, or credits it by a line."""

NEWEST = """
SELECT closing_id, month, closed_at, version, warnings FROM closings
WHERE month = ? ORDER BY closing_id DESC LIMIT 1
"""


def insert(table: str, names: Sequence[str]) -> str:
    """Insert a row of a closing: its number, then these columns."""
    return f"INSERT INTO {table} (closing_id, {', '.join(names)}) VALUES (?, {', '.join('?' * len(names))})"


def select(table: str, names: Sequence[str]) -> str:
    """These columns of the rows of one closing, in the order in which they were written."""
    return f"SELECT {', '.join(names)} FROM {table} WHERE closing_id = ? ORDER BY rowid"
