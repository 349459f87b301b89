"""The GPUs that an operator can name, and what they hold."""

import difflib
import re
from dataclasses import dataclass

from adapters.configuration import ConfigurationError
from adapters.operator.sizing.architecture import GB


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """One kind of GPU. `memory`: GB by its data sheet.

    Drivers show at least that many times 10⁹ bytes, an A10G 24.1 for its 24 and a B200 192.3 for its 180,
    so that counting a GB as 10⁹ bytes is on the safe side.
    """

    name: str
    memory: float

    @property
    def bytes(self) -> int:
        """The memory, in bytes."""
        return int(self.memory * GB)


GPUS = tuple(
    Gpu(name=name, memory=memory)
    for memory, names in (
        (24, "L4 A10G RTX-3090 RTX-4090"),
        (32, "V100-32GB RTX-5090"),
        (40, "A100-40GB"),
        (48, "A40 L40S RTX-A6000 RTX-6000-Ada"),
        (64, "MI210"),
        (80, "A100-80GB H100-80GB"),
        (94, "H100-NVL"),
        (96, "GH200-96GB RTX-PRO-6000"),
        (141, "H200"),
        (180, "B200"),
        (192, "MI300X"),
    )
    for name in names.split()
)
"""By their makers' data sheets, smallest first."""

AMOUNT = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(?:GB)?", re.IGNORECASE)
LEAST, MOST = 1, 1000
"""GB of one GPU. What nvidia-smi shows is in MiB, and would be above."""


def gpu_asked(text: str) -> Gpu:
    """The GPU by its name, or one by its memory in GB: `A100-80GB`, `48`, `47.5 GB`.

    Raises `ConfigurationError`, with the nearest names, for one that isn't known.
    """
    amount = AMOUNT.fullmatch(text.strip())
    if amount:
        memory = float(amount[1])
        if not LEAST <= memory <= MOST:
            raise ConfigurationError(f"--gpu is its memory in GB, from {LEAST} to {MOST}: {text} is not.")
        return Gpu(name=f"{memory:g} GB", memory=memory)
    plain = {_plain(gpu.name): gpu for gpu in GPUS}
    asked = _plain(text)
    if asked in plain:
        return plain[asked]
    longer = [name for name in plain if asked and name.startswith(asked)]
    near = longer or difflib.get_close_matches(asked, plain, n=2)
    names = " or ".join(plain[name].name for name in near) or ", ".join(gpu.name for gpu in GPUS)
    raise ConfigurationError(
        f"--gpu: no GPU here is named {text!r}. "
        + (f"Did you mean {names}?" if near else f"These are known: {names}.")
        + " Or give its memory in GB: --gpu 48."
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
