"""Reads that span models: boards, the ledger, searches."""

from cadres.queries.boards import Board, BoardPage, board_page, boards
from cadres.queries.bureau import bureau_name
from cadres.queries.candidates import Piece, strictest
from cadres.queries.judging import Found, judged
from cadres.queries.ledger import LedgerLine, ledger_lines, school_kinds
from cadres.queries.search import search_findings, search_ledger, search_posts

__all__ = [
    "Board",
    "BoardPage",
    "Found",
    "LedgerLine",
    "Piece",
    "board_page",
    "boards",
    "bureau_name",
    "judged",
    "ledger_lines",
    "school_kinds",
    "search_findings",
    "search_ledger",
    "search_posts",
    "strictest",
]
