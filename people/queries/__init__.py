"""Reads of this room: people and their accounts, and who stands on which roster."""

from people.queries.accounts import (
    calling_list,
    free_username,
    grant_sentences,
    option_label,
    person_of_mobile,
    post_text,
    posts,
    posts_of,
    roles_today,
    search_people,
    search_users,
)
from people.queries.roster import (
    Comparison,
    compare_heads,
    roster_counts,
    roster_figures,
    search_standings,
    standings_of,
)

__all__ = [
    "Comparison",
    "calling_list",
    "compare_heads",
    "free_username",
    "grant_sentences",
    "option_label",
    "person_of_mobile",
    "post_text",
    "posts",
    "posts_of",
    "roles_today",
    "roster_counts",
    "roster_figures",
    "search_people",
    "search_standings",
    "search_users",
    "standings_of",
]
