"""The conversation store on Redis 6.2 or newer, and finding or starting such a server."""
