"""The rules of deploy/prometheus with every stretch of time shorter by a factor: an hour is a minute. Pure.

What is measured keeps its limits: a first word that comes after 15 s is late, however long is looked at it.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

LOOKED_AT = re.compile(r"(\[|\boffset )(\d+)(ms|[smhd])")
"""The range of a vector, and an offset."""

SCRAPED = 0.5
"""Seconds between two scrapes: below it more is asked of the processes than they do otherwise."""

EVALUATED = 0.25

Rule = Mapping[str, Any]


def seconds(duration: str) -> float:
    """Of a duration as Prometheus writes it, of one unit; "" is none."""
    if not duration:
        return 0.0
    number, unit = re.fullmatch(r"(\d+)(ms|[smhd])", duration).groups()  # type: ignore[union-attr]  # else it fails
    return int(number) * UNITS[unit]


def duration(span: float) -> str:
    """Seconds, as Prometheus writes them."""
    return f"{round(span * 1000)}ms"


def shorter(expression: str, factor: float) -> str:
    """The same over stretches that are shorter by the factor."""
    return LOOKED_AT.sub(
        lambda found: f"{found[1]}{duration(seconds(found[2] + found[3]) / factor)}", expression
    )


def rules(file: Path) -> Sequence[Rule]:
    """Those of a file, as they stand there."""
    return [rule for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


def scaled(file: Path, factor: float) -> str:
    """The file with rules that look at shorter stretches, and wait for less long."""
    content = yaml.safe_load(file.read_text())
    for group in content["groups"]:
        for rule in group["rules"]:
            rule["expr"] = shorter(rule["expr"], factor)
            if "for" in rule:
                rule["for"] = duration(seconds(rule["for"]) / factor)
    return yaml.safe_dump(content, sort_keys=False)


def configuration(file: Path, rule_file: Path, targets: Path) -> str:
    """That of deploy/ for a Prometheus that looks for its targets in a file."""
    content = yaml.safe_load(file.read_text())
    content["global"] = {"scrape_interval": duration(SCRAPED), "evaluation_interval": duration(EVALUATED)}
    content["rule_files"] = [str(rule_file)]
    [job] = content["scrape_configs"]
    del job["dns_sd_configs"]
    job["file_sd_configs"] = [{"files": [str(targets)], "refresh_interval": "1s"}]
    return yaml.safe_dump(content, sort_keys=False)
