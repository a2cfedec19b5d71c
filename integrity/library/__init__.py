"""The checklists that come along, in our own words; a bureau takes one as a draft to change."""

from dataclasses import dataclass
from pathlib import Path

from integrity.choices import Subject

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Sample:
    """A checklist that comes along: its name in addresses, its title, who answers it."""

    key: str
    title: str
    subject: Subject

    @property
    def text(self) -> str:
        """What it asks, as ``integrity.reading`` reads it."""
        return (_FOLDER / f"{self.key}.txt").read_text(encoding="utf-8").strip()


SAMPLES = (
    Sample("integrity-school", "清廉学校清单", Subject.SCHOOL),
    Sample("small-powers", "小微权力清单", Subject.SCHOOL),
    Sample("meeting-room", "党员活动室清单", Subject.ORGANIZATION),
)
BY_KEY = {sample.key: sample for sample in SAMPLES}
