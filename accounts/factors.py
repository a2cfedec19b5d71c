"""The second factor's arithmetic: time-based codes (RFC 6238), their QR code, recovery codes."""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

import segno
from django_otp.oath import hotp

from common.fields import blind_index

STEP_SECONDS = 30
DIGITS = 6
ISSUER = "党建工作平台"
RECOVERY_CODES = 10
# Without letters and digits that are mistaken for each other when read from paper.
_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
_HALF = 5
_KEY_BYTES = 20
# One step early or late: telephones are seldom further off, and a code is typed in seconds.
_DRIFT = (0, -1, 1)


def new_key() -> str:
    """Return a secret, in hex."""
    return secrets.token_hex(_KEY_BYTES)


def shown_key(key: str) -> str:
    """Return the secret as authenticators take it by hand: base 32 in groups of four."""
    text = base64.b32encode(bytes.fromhex(key)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def step_of(at: datetime) -> int:
    """Return the number of the half minute."""
    return int(at.timestamp()) // STEP_SECONDS


def code_of(key: str, step: int) -> str:
    """Return the code of a half minute."""
    return f"{hotp(bytes.fromhex(key), step, DIGITS):0{DIGITS}}"


def step_named(key: str, code: str, *, at: datetime) -> int | None:
    """Return the half minute whose code this is, near ``at``; None for a wrong one."""
    now = step_of(at)
    for drift in _DRIFT:
        if hmac.compare_digest(code_of(key, now + drift).encode(), code.encode()):
            return now + drift
    return None


def otpauth_address(username: str, key: str) -> str:
    """Return what the QR code says: whose secret of which portal."""
    query = urlencode(
        {"secret": shown_key(key).replace(" ", ""), "issuer": ISSUER}, quote_via=quote
    )
    return f"otpauth://totp/{quote(ISSUER)}:{quote(username)}?{query}"


def qr_image(text: str) -> str:
    """Return a QR code as the address of a picture that holds it."""
    image: str = segno.make(text, error="m", micro=False).svg_data_uri(scale=5, border=2)
    return image


def new_recovery_code() -> str:
    """Return one such as abcde-23456: 50 bits."""
    signs = [secrets.choice(_SIGNS) for _ in range(2 * _HALF)]
    return f"{''.join(signs[:_HALF])}-{''.join(signs[_HALF:])}"


def recovery_digest(user_id: int, code: str) -> str:
    """Return what is kept of a recovery code: a digest under the installation's own key."""
    return blind_index(f"recovery {user_id} {code.replace('-', '')}")
