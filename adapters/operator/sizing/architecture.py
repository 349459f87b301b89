"""What a model needs of its GPUs: parameters, weights, key-value cache. Pure arithmetic on its shapes.

Memory is in bytes; a GB is 10⁹ of them, as model files and GPUs are sold.
"""

from dataclasses import dataclass

GB = 10**9

PRECISIONS = (32, 16, 8, 4)
"""Bits for each parameter."""

CACHE_BYTES = 2
"""For each number in the key-value cache: servers keep it in 16 bits unless told otherwise."""

HEADROOM_PERCENT = 10
"""What is left free of each GPU, for activations and the runtime: vLLM's `gpu_memory_utilization` is 0.9
by default."""

MOST_HEADS = 1024
"""More than any model splits into; it keeps the search for a split short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some of a model's parameters: what they are for, how they are counted, how many."""

    name: str
    formula: str
    parameters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """The shapes of a decoder like Llama's, Mistral's or Mixtral's.

    `feed_forward`: the inner width of one expert, or of the one feed-forward block of a dense model, which
    has `experts=1`. `tied`: the output layer is the embedding table. `window`: tokens, where it is known.
    """

    layers: int
    hidden: int
    feed_forward: int
    attention_heads: int
    key_value_heads: int
    head_dim: int
    vocabulary: int
    experts: int = 1
    experts_per_token: int = 1
    tied: bool = False
    window: int | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parameters. Biases, and norms inside the attention, are not counted: far below a thousandth."""
        layers, hidden, head_dim = self.layers, self.hidden, self.head_dim
        heads, cached = self.attention_heads, self.key_value_heads
        tables = 1 if self.tied else 2
        blocks = Part(
            name="experts" if self.experts > 1 else "feed-forward",
            formula=f"{layers} layers × " + (f"{self.experts} × " if self.experts > 1 else "") + self._block,
            parameters=layers * self.experts * self.block,
        )
        routers = Part(
            name="routers",
            formula=f"{layers} layers × {hidden:,} × {self.experts}",
            parameters=layers * hidden * self.experts,
        )
        return (
            Part(
                name="embeddings" if self.tied else "embeddings, output",
                formula=f"{self.vocabulary:,} × {hidden:,}" + ("" if self.tied else " × 2"),
                parameters=self.vocabulary * hidden * tables,
            ),
            Part(
                name="attention",
                formula=f"{layers} layers × {hidden:,} × {head_dim} × 2 × ({heads} + {cached})",
                parameters=layers * hidden * head_dim * 2 * (heads + cached),
            ),
            blocks,
            *([routers] if self.experts > 1 else []),
            Part(
                name="norms",
                formula=f"(2 × {layers} + 1) × {hidden:,}",
                parameters=(2 * layers + 1) * hidden,
            ),
        )

    @property
    def block(self) -> int:
        """Parameters of one expert, in one layer: gate, up and down."""
        return 3 * self.hidden * self.feed_forward

    @property
    def _block(self) -> str:
        return f"3 × {self.hidden:,} × {self.feed_forward:,}"

    @property
    def parameters(self) -> int:
        """All that must be in memory."""
        return sum(part.parameters for part in self.parts)

    @property
    def shared(self) -> int:
        """All but the feed-forward blocks: what is there once, however many experts there are."""
        return self.parameters - self.layers * self.experts * self.block

    @property
    def active(self) -> int:
        """Those that one token goes through: what it costs in time, not in memory."""
        return self.parameters - self.layers * (self.experts - self.experts_per_token) * self.block

    @property
    def active_formula(self) -> str:
        """How `active` is counted."""
        if self.experts == 1:
            return "all"
        return f"all - {self.layers} × ({self.experts} - {self.experts_per_token}) × {self._block}"

    @property
    def cache_per_token(self) -> int:
        """Bytes of key-value cache for one token of one reader."""
        return self.layers * self.key_value_heads * self.head_dim * 2 * CACHE_BYTES

    @property
    def cache_formula(self) -> str:
        """How `cache_per_token` is counted."""
        return (
            f"{self.layers} layers × {self.key_value_heads} key-value heads × {self.head_dim} dimensions"
            f" × 2 (key and value) × {CACHE_BYTES} bytes"
        )

    def weights(self, bits: int) -> int:
        """Bytes of all parameters at `bits` each, rounded up."""
        return -(-self.parameters * bits // 8)


MIXTRAL = Architecture(
    layers=32,
    hidden=4096,
    feed_forward=14336,
    attention_heads=32,
    key_value_heads=8,
    head_dim=128,
    vocabulary=32000,
    experts=8,
    experts_per_token=2,
    window=32768,
)
"""Mixtral-8x7B, by the config.json of mistralai/Mixtral-8x7B-Instruct-v0.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """How many GPUs of one kind hold a model and its readers.

    `by_layers`: each holds some whole layers, as in llama.cpp: any number will do. `by_heads`: each holds a
    part of every layer, as in vLLM, SGLang and TGI: the number must divide the attention heads, and beyond
    the key-value heads the cache is kept more than once. None: no such number holds it. `readers`: how
    many there is room for on `by_heads` GPUs, or `by_layers` where there is none.
    """

    by_layers: int
    by_heads: int | None
    readers: int


def split(architecture: Architecture, *, bits: int, readers: int, context: int, memory: int) -> Split:
    """Spread a model over GPUs that have `memory` bytes each.

    `bits`: of each parameter; `readers`: each with a cache for `context` tokens. All are above 0.
    """
    usable = memory * (100 - HEADROOM_PERCENT) // 100
    weights = architecture.weights(bits)
    one = architecture.cache_per_token * context
    by_layers = -(-(weights + readers * one) // usable)
    by_heads = next(
        (
            gpus
            for gpus in range(by_layers, min(architecture.attention_heads, MOST_HEADS) + 1)
            if _divides(architecture, gpus)
            and weights + readers * one * _copies(architecture, gpus) <= gpus * usable
        ),
        None,
    )
    gpus, copies = (by_layers, 1) if by_heads is None else (by_heads, _copies(architecture, by_heads))
    return Split(by_layers=by_layers, by_heads=by_heads, readers=(gpus * usable - weights) // (one * copies))


def _divides(architecture: Architecture, gpus: int) -> bool:
    cached = architecture.key_value_heads
    return architecture.attention_heads % gpus == 0 and (cached % gpus == 0 or gpus % cached == 0)


def _copies(architecture: Architecture, gpus: int) -> int:
    """How often the cache is kept: a key-value head is the least that a GPU can have of it."""
    return max(1, gpus // architecture.key_value_heads)
