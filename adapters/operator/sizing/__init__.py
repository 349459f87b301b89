"""What memory a model needs, and which GPUs hold it."""
