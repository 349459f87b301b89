"""Writes what the environment that runs this holds, as CycloneDX 1.6: `sbom.py FILE`."""

import json
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path


def licence(package: Distribution) -> list[dict[str, object]]:
    """As the package says it: an expression, else the name that its classifier has."""
    expression = package.metadata.get("License-Expression")
    if expression:
        return [{"expression": expression}]
    classifiers = package.metadata.get_all("Classifier") or []
    names = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License :: ")]
    return [{"license": {"name": name}} for name in names]


def component(package: Distribution) -> dict[str, object]:
    """One package."""
    name, version = package.metadata["Name"], package.version
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "licenses": licence(package),
    }


packages = sorted(distributions(), key=lambda package: package.metadata["Name"].lower())
bom = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "version": 1,
    "metadata": {"component": {"type": "application", "name": "mixtral-bot"}},
    "components": [component(package) for package in packages],
}
Path(sys.argv[1]).write_text(json.dumps(bom, indent=1) + "\n")
