"""The model, over HTTP: OpenAI-style chat, or TGI's own protocol where spoken.

A server that is reached by its URL is read by `own_server`, with one connection pool for all questions.
Hugging Face's providers are asked by huggingface_hub, which knows the ways to them.
"""

from adapters.models.huggingface.generator import HuggingFaceGenerator

__all__ = ["HuggingFaceGenerator"]
