"""Print the oldest versions that requirements.txt allows, as pip wants them: torch>=2.9 becomes torch==2.9.*."""

import re
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements.txt"


def oldest(text: str) -> list[str]:
    """Return a pin for each line of a requirements file.

    Raises
    ------
    ValueError
        If a line has no lower bound.
    """
    pins = []
    for line in text.splitlines():
        requirement = line.split("#")[0].strip()
        if requirement:
            found = re.match(r"([\w.-]+)\s*>=\s*([\d.]+)", requirement)
            if not found:
                raise ValueError(f"requirements.txt: {requirement!r} has no lower bound; write {requirement}>=…")
            pins.append(f"{found[1]}=={found[2]}.*")
    return pins


if __name__ == "__main__":
    print(*oldest(REQUIREMENTS.read_text(encoding="utf-8")))
