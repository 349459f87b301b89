"""The model, over huggingface_hub: OpenAI-style chat, or TGI's own protocol where spoken."""

from adapters.models.huggingface.generator import HuggingFaceGenerator

__all__ = ["HuggingFaceGenerator"]
