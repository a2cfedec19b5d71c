"""The rulebook: the regulations as dated editions, in pure Python.

Few ideas. A `Regulation` has `Edition`s, each with the day from which it holds. A `Rule` has one
`Clause` for each edition that speaks of it: article, source mark, force, figures and a judge. The
caller brings `Facts` (one frozen dataclass for each field; None is 'not known', never 0) and gets a
`Finding` from `rulebook.checking.check`: verdict, arithmetic in words, article, edition.

Rules stand in one module for each field; `rulebook.registry` lists them all.
"""
