"""What a run says, for people: the outcome table, the Excel workbook and the HTML page, from one study."""

from ecomsim.report.excel import write_excel
from ecomsim.report.html import write_html
from ecomsim.report.outcome import HEADLINES, Outcome, outcomes

__all__ = ["HEADLINES", "Outcome", "outcomes", "write_excel", "write_html"]
