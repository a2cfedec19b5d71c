"""ID numbers that nobody bears: of a region that was never given out."""

from stdnum.cn import ric


def id_number(born: str = "19850712", serial: int = 1) -> str:
    """Return a number with the right check digit; an odd ``serial`` is a man's."""
    bare = f"999901{born}{serial:03}"
    return bare + ric.calc_check_digit(bare + "0")
