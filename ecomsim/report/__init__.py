"""What a run says, for people: the outcome table, the Excel workbook and the HTML page, from one study."""

from ecomsim.report.excel import write_excel
from ecomsim.report.html import write_html
from ecomsim.report.outcome import HEADLINES, Outcome, outcomes
from ecomsim.report.page import Page, gather

__all__ = ["HEADLINES", "Outcome", "Page", "gather", "outcomes", "write_excel", "write_html"]
