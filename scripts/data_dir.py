"""Make DATA_DIR, the folder that holds everything an installation owns, and its secrets, once.

Standard library only: it runs before anything is installed. What is there is left alone, so it is
safe to run at every start. It never replaces a secret: a lost field key is a lost telephone number.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

FOLDERS = (
    "media",
    "broker/queue",
    "broker/processed",
    "broker/control",
    "secrets",
    "logs",
    "mail",
    "static",
)


def data_dir() -> Path:
    """Return the folder named by DATA_DIR; by default ``data`` in the checkout, as in env.py."""
    default = Path(__file__).resolve().parent.parent / "data"
    return Path(os.environ.get("DATA_DIR") or default).expanduser().resolve()


def make_folders(root: Path) -> None:
    """Make the folder and its parts; nobody but their owner may look into them."""
    for folder in (root, *(root / name for name in FOLDERS)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    root.chmod(0o700)


def missing_secrets(folder: Path) -> list[str]:
    """Return the names of the secrets that neither the environment nor ``folder`` holds."""
    return [
        name
        for name in ("secret_key", "field_encryption_keys", "blind_index_key")
        if not (os.environ.get(name.upper()) or os.environ.get(f"{name.upper()}_FILE"))
        and not (folder / name).exists()
    ]


def new_secret(name: str) -> str:
    """Return a fresh value; field keys carry an id in front, so that they can be changed."""
    if name == "field_encryption_keys":
        return f"k1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"
    return secrets.token_urlsafe(48)


def write_once(path: Path, text: str) -> None:
    """Write ``text`` for its owner only; whole or not at all, and never over what is there."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # Another setup was quicker; its secret is as good.
    finally:
        draft.unlink()


def main() -> None:
    """Make folders and secrets and print the folder's path.

    Stops where a new secret would not fit the data that is there.
    """
    root = data_dir()
    make_folders(root)
    missing = missing_secrets(root / "secrets")
    if missing and (root / "db.sqlite3").exists():
        sys.exit(
            f"{root} holds a database, but not its secret {missing[0]}: put the file back into "
            f"{root / 'secrets'}. A new one could not read what the old one encrypted."
        )
    for name in missing:
        write_once(root / "secrets" / name, new_secret(name))
    print(root)


if __name__ == "__main__":
    main()
