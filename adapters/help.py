"""What stands at the end of a command's help."""


def examples(*commands: str) -> str:
    """What one would type, a line each."""
    return "\n\n".join(["Examples:", *commands])
