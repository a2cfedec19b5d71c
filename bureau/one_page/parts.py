"""What the leader's page is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure: what it says, how it comes about, what it counts, where its list is.

    ``said`` is how it goes on after 截至…，全局. ``value`` is a word where there is no figure.
    """

    key: str
    label: str
    value: str
    unit: str
    said: str
    definition: str
    url: str = ""
    note: str = ""
    known: bool = True
    sentence: str = ""
    # A part of the one above it, in smaller type.
    minor: bool = False


@dataclass(frozen=True)
class Part:
    """Some figures under one heading."""

    key: str
    title: str
    figures: tuple[Figure, ...]
    definition: str = ""
    note: str = ""
