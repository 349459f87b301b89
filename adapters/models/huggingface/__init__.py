"""The model, over HTTP: OpenAI-style chat, or TGI's own protocol where spoken.

`connections` reads all servers, with one connection pool for all questions. What is asked of one's own writes
`own_server`; of Hugging Face's providers huggingface_hub, which knows the ways to them (`providers`).
"""

from adapters.models.huggingface.generator import HuggingFaceGenerator

__all__ = ["HuggingFaceGenerator"]
