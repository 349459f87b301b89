"""Writes what the environment that runs this holds, as CycloneDX 1.6: `sbom.py FILE`."""

import json
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path


def component(package: Distribution) -> dict[str, object]:
    """One package, with its licence as it says it."""
    name, version = package.metadata["Name"], package.version
    licence = package.metadata.get("License-Expression")
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        **({"licenses": [{"expression": licence}]} if licence else {}),
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
