"""The model of the benchmark, and who reads it without a bot."""

from tests.bench.model import model
from tests.bench.readers import Reader


async def test_every_token_of_every_answer_has_its_time() -> None:
    async with model() as writer:
        await writer.begin(8, 1000.0)
        assert await Reader().bare(writer.address, 2, 0.0) > 0
        written = await writer.written()
    assert {tag: len(times) for tag, times in written.items()} == {"q0": 8, "q1": 8}
    assert all(times == sorted(times) for times in written.values())


async def test_huggingface_hub_reads_the_same() -> None:
    async with model() as writer:
        await writer.begin(8, 1000.0)
        assert await Reader().hub(writer.address, 1, 0.0) > 0
        assert list(await writer.written()) == ["q0"]
