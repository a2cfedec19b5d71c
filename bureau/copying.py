"""A whole bureau from one database into another: all rows or none, compared before it counts.

The source is read in one moment, so people may go on working; what they write meanwhile stays
behind. The target is written in one transaction with its constraints deferred, and read back inside
it: a table that isn't the same there takes everything back. Triggers stay where they are: the audit
log lets entries in, and nothing else, here as always. Encrypted values go over as they are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from bureau.databases import (
    Config,
    check_migrated,
    filled_tables,
    foreign_tables,
    one_moment,
    opened,
    place_of,
    table_names,
)
from bureau.tables import (
    MADE_BY_MIGRATE,
    Summing,
    Table,
    Tally,
    model_tables,
    rows_of,
    tally_of,
    writer_for,
)
from common import audit
from common.errors import DomainError

Say = Callable[[str], None]
_SHOWN = 10
_TOLD_EVERY = 100_000


@dataclass(frozen=True)
class Compared:
    """One table in both databases; ``there`` is None where nothing was written."""

    table: Table
    here: Tally
    there: Tally | None = None

    @property
    def same(self) -> bool:
        return self.here == self.there


def copy_database(*, source: Config, target: Config, dry_run: bool, say: Say) -> list[Compared]:
    """Copy ``source`` into ``target`` and return what was compared.

    Migrates the target first; refuses one that holds anything. A dry run reads and counts the
    source and looks at the target, but changes nothing there. Leaves sessions behind.
    """
    if place_of(source) == place_of(target):
        raise DomainError("目标就是现在用的数据库，没有什么可复制的。")
    with opened(source) as reading, opened(target) as writing:
        check_migrated(reading)
        _check_empty(writing, target)
        if dry_run:
            return _tried(reading, writing, say)
        say(f"在 {place_of(target)} 建表……")
        call_command("migrate", database=writing.alias, interactive=False, verbosity=0)
        check_migrated(writing)
        # Before the moment in which it is read, so that both databases know of it.
        where = place_of(target)
        audit.record(actor=None, verb="bureau.copy_database", label=where, using=reading.alias)
        return _copied(reading, writing, say)


def _check_empty(connection: BaseDatabaseWrapper, target: Config) -> None:
    try:
        filled, foreign = filled_tables(connection), foreign_tables(connection)
    except DatabaseError as error:
        raise DomainError(f"连不上 {place_of(target)}：{_first_line(error)}") from error
    if foreign:
        raise DomainError(f"目标库里有别的表（{foreign[0]}），请给本系统单独建一个空库。")
    if filled:
        raise DomainError(
            f"目标库不是空的：{'、'.join(filled[:_SHOWN])} 里已有数据。只能复制到空库。"
        )


def _tried(reading: BaseDatabaseWrapper, writing: BaseDatabaseWrapper, say: Say) -> list[Compared]:
    found, unfit = [], []
    with one_moment(reading):
        for table in model_tables():
            summing = Summing(table)
            for rows in rows_of(reading, table):
                unfit += _unfit(table, rows, writing)
                summing.add(rows)
            found.append(Compared(table, summing.tally()))
            _tell(say, found[-1])
    _refuse_unfit(unfit)
    state = "已建好空表" if table_names(writing) else "空库，正式复制时建表"
    say(f"目标：{state}。试运行，没有写入。")
    return found


def _copied(reading: BaseDatabaseWrapper, writing: BaseDatabaseWrapper, say: Say) -> list[Compared]:
    compared = []
    with one_moment(reading), transaction.atomic(using=writing.alias):
        _clear(writing)
        tables = model_tables()
        tallies = [_carry(reading, writing, table, say) for table in tables]
        try:
            writing.check_constraints()
        except DatabaseError as error:
            raise DomainError(f"数据之间的引用对不上：{_first_line(error)}") from error
        _reset_sequences(writing)
        say("逐表核对……")
        for table, here in zip(tables, tallies, strict=True):
            compared.append(Compared(table, here, tally_of(writing, table)))
            _tell(say, compared[-1])
        if wrong := [each for each in compared if not each.same]:
            names = "、".join(each.table.name for each in wrong)
            raise DomainError(f"核对不一致：{names}。已全部撤回，目标库仍是空的。")
    return compared


def _clear(writing: BaseDatabaseWrapper) -> None:
    """Take out what migrating wrote by itself: it comes over with the numbers it has here."""
    with writing.cursor() as cursor:
        for name in sorted(MADE_BY_MIGRATE):
            cursor.execute(f"DELETE FROM {writing.ops.quote_name(name)}")  # noqa: S608 - constants


def _carry(
    reading: BaseDatabaseWrapper, writing: BaseDatabaseWrapper, table: Table, say: Say
) -> Tally:
    """Copy one table; return the tally of what was read."""
    summing, write, done = Summing(table), writer_for(writing, table), 0
    for rows in rows_of(reading, table):
        _refuse_unfit(_unfit(table, rows, writing))
        try:
            _insert(writing, table, [write(row) for row in rows])
        except DatabaseError as error:
            raise DomainError(f"写入 {table} 时出错：{_first_line(error)}") from error
        summing.add(rows)
        done += len(rows)
        if done % _TOLD_EVERY == 0:
            say(f"{table} …… {done} 行")
    tally = summing.tally()
    say(f"{table} 已复制 {tally.rows} 行")
    return tally


def _insert(writing: BaseDatabaseWrapper, table: Table, rows: list[tuple[Any, ...]]) -> None:
    quote = writing.ops.quote_name
    columns = ", ".join(quote(column.name) for column in table.columns)
    marks = f"({', '.join(['%s'] * len(table.columns))})"
    insert = f"INSERT INTO {quote(table.name)} ({columns}) VALUES "  # noqa: S608 - names of models
    with writing.cursor() as cursor:
        if writing.vendor == "postgresql":
            # One statement for the batch: one for each row takes ten times as long there.
            cursor.execute(insert + ", ".join([marks] * len(rows)), list(chain.from_iterable(rows)))
        else:
            cursor.executemany(insert + marks, rows)


def _unfit(
    table: Table, rows: Iterable[tuple[Any, ...]], writing: BaseDatabaseWrapper
) -> list[str]:
    """Return which values PostgreSQL would refuse and SQLite keeps: too long, or with a NUL."""
    if writing.vendor != "postgresql":
        return []
    found = []
    for row in rows:
        for column, value in zip(table.columns, row, strict=True):
            if not isinstance(value, str):
                continue
            if column.longest is not None and len(value) > column.longest:
                found.append(f"{table}.{column.name}（{row[0]}）超过 {column.longest} 字")
            if "\0" in value or (column.kind == "json" and "\\u0000" in value):
                found.append(f"{table}.{column.name}（{row[0]}）含有空字符")
    return found


def _refuse_unfit(unfit: list[str]) -> None:
    if unfit:
        raise DomainError(f"PostgreSQL 存不下这些值，请先改好：{'；'.join(unfit[:_SHOWN])}")


def _reset_sequences(writing: BaseDatabaseWrapper) -> None:
    models = apps.get_models(include_auto_created=True)
    with writing.cursor() as cursor:
        for statement in writing.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _tell(say: Say, each: Compared) -> None:
    there = "" if each.there is None else f"  {each.there.rows:>9}  {each.there.digest[:16]}"
    verdict = "" if each.there is None else ("  一致" if each.same else "  不一致")
    say(f"{each.table.name:<40} {each.here.rows:>9}  {each.here.digest[:16]}{there}{verdict}")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
