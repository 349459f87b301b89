"""What asks a model's server, and what counts its tokens."""
