"""Two connections, made one."""

import asyncio

End = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def joined(one: End, other: End) -> None:
    """Hand on what comes at each end, until both are closed."""
    await asyncio.gather(_copy(one[0], other[1]), _copy(other[0], one[1]), return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    finally:
        writer.close()
